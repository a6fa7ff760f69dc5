#include "client/sdk/client.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/client/support/fake_node.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

const RegistrationCode kNeverIssued = *RegistrationCode::Parse("11010519864491550014");

TransactionPtr SubmitTo(FakeNode& node, uint64_t salt) {
  auto transaction =
      MakeSubmit(node.genesis(), MakeClientKey(salt), FakeNode::Now() + 60'000, salt);
  node.ledger().Extend({transaction}, FakeNode::Now());
  return transaction;
}

TEST(ClientTest, GivesRecordsThatAProofShows) {
  FakeNode node;
  const TransactionPtr submit = SubmitTo(node, 1);
  Client client(node.genesis(), {node.url()});
  const auto filing = client.GetFiling(MakeFilingId(submit->id(), 0));
  ASSERT_TRUE(filing.has_value()) << filing.error().message;
  EXPECT_TRUE(filing->record.has_value());
  EXPECT_EQ(filing->node, node.url());
  const auto absent = client.GetCode(kNeverIssued);
  ASSERT_TRUE(absent.has_value());
  EXPECT_FALSE(absent->record.has_value());
  EXPECT_TRUE(client.GetSet(1).has_value());
  EXPECT_TRUE(client.GetSubject(SubjectId{}).has_value());
  EXPECT_TRUE(client.liars().empty());
}

TEST(ClientTest, DoesNotBelieveANodeWhoseProofsDoNotVerify) {
  FakeNode node;
  node.lie = [](Bytes& octets) { octets[octets.size() / 2] ^= 1; };
  Client client(node.genesis(), {node.url()});
  const auto record = client.GetCode(kNeverIssued);
  ASSERT_FALSE(record.has_value());
  EXPECT_TRUE(record.error().id.starts_with("verify.")) << record.error().id;
  EXPECT_EQ(record.error().exit, Exit::kUnchecked);
  EXPECT_EQ(client.liars().size(), 1u);
}

TEST(ClientTest, DoesNotBelieveAProofOfAnotherObject) {
  FakeNode node;
  const RecordProof other = node.ledger().ProofOf(SetKey(9));
  node.lie = [&](Bytes& octets) { octets = EncodeRecordProof(other, 4); };
  Client client(node.genesis(), {node.url()});
  EXPECT_EQ(client.GetCode(kNeverIssued).error().id, "verify.wrong_object");
}

TEST(ClientTest, AsksTheNextNodeWhenOneLiesOrIsGone) {
  FakeNode liar;
  liar.lie = [](Bytes& octets) { octets[9] ^= 1; };
  FakeNode gone;
  gone.before = [](const TestRequest&) { return TestReply{200, "", "", true}; };
  FakeNode busy;
  busy.before = [](const TestRequest&) { return TestReply{503, "text/plain", "", false}; };
  FakeNode good;
  Client client(good.genesis(), {liar.url(), gone.url(), busy.url(), good.url()});
  const auto record = client.GetCode(kNeverIssued);
  ASSERT_TRUE(record.has_value()) << record.error().message;
  EXPECT_EQ(record->node, good.url());
  ASSERT_EQ(client.liars().size(), 1u);
  EXPECT_EQ(client.liars()[0].first, liar.url());
}

TEST(ClientTest, ARefusalOfOneNodeIsNotTheLastWord) {
  for (const int status : {400, 403, 404, 422}) {
    FakeNode liar;
    liar.before = [status](const TestRequest&) {
      return TestReply{status, "application/json", R"({"schema":"beian.error.v1","id":"x.y"})",
                       false};
    };
    FakeNode good;
    Client client(good.genesis(), {liar.url(), good.url()});
    EXPECT_TRUE(client.GetJson("/v1/status", BrokenStatus).has_value()) << status;
    EXPECT_TRUE(client.GetCode(kNeverIssued).has_value()) << status;
    EXPECT_TRUE(client.Export(Height(1), 1).has_value()) << status;
  }
}

TEST(ClientTest, ExportsBlocksAndTheTip) {
  FakeNode node;
  SubmitTo(node, 1);
  Client client(node.genesis(), {node.url()});
  const auto part = client.Export(Height(2), 10);
  ASSERT_TRUE(part.has_value());
  EXPECT_EQ(part->tip, 2u);
  ASSERT_EQ(part->blocks.size(), 1u);
  EXPECT_EQ(part->blocks[0].entries.size(), 1u);
}

TEST(ClientTest, AnAnswerThatIsNoneIsAnError) {
  FakeNode node;
  node.before = [](const TestRequest&) { return TestReply{200, "text/html", "<html>", false}; };
  Client client(node.genesis(), {node.url()});
  EXPECT_EQ(client.Export(Height(1), 1).error().id, "node.bad_reply");
  EXPECT_EQ(client.GetJson("/v1/status", BrokenStatus).error().id, "node.bad_reply");
  EXPECT_FALSE(client.GetCode(kNeverIssued).has_value());
  EXPECT_FALSE(client.GetTransaction(TransactionId{}, 0).has_value());
}

TEST(ClientTest, AnAnswerThatLacksWhatIsPromisedNamesNodeAndMember) {
  FakeNode poor;
  poor.before = [](const TestRequest&) { return TestReply{200, "application/json", "{}", false}; };
  FakeNode good;
  Client alone(good.genesis(), {poor.url()});
  for (const auto& answer : {alone.GetJson("/v1/filings", BrokenFilings),
                             alone.GetJsonFrom(poor.url(), "/v1/filings", BrokenFilings)}) {
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().id, "node.bad_reply");
    EXPECT_EQ(answer.error().object, poor.url() + "/v1/filings");
    EXPECT_NE(answer.error().message.find("`schema`"), std::string::npos);
  }
  Client both(good.genesis(), {poor.url(), good.url()});
  EXPECT_TRUE(both.GetJson("/v1/filings", BrokenFilings).has_value()) << "another node keeps it";
}

}  // namespace
}  // namespace beian::client
