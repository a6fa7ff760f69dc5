#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/chain/evidence.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"
#include "tests/support/fixture.h"

namespace beian::client {
namespace {

using ::testing::HasSubstr;

/// Two votes for view 7 of one validator, as a line of the file.
std::string LineOf(FakeNode& node, VoteKind first, VoteKind second) {
  const Genesis& genesis = node.genesis();
  const auto sign = [&](VoteKind kind) {
    const Statement statement{kind, Epoch(0), View(7), View(0), BlockId{}};
    const Bytes octets = statement.SignedBytes(genesis.chain_id, genesis.validators.hash());
    return Vote{statement, ValidatorIndex(2), node.fixture().consensus_keys[2].Sign(octets)};
  };
  return ToHex(Evidence{sign(first), sign(second)}.Encode()) + "\n";
}

TEST(EvidenceCommand, NamesWhoSignedBothAndTrustsNobody) {
  Desk desk;
  const std::string good = LineOf(desk.node(), VoteKind::kNullify, VoteKind::kFinalize);
  const std::string file = desk.folder().Write("evidence.log", good);
  const auto rows = desk.Json({"audit", "evidence", file})["evidence"];
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["proven"], true);
  EXPECT_EQ(rows[0]["validator"], desk.node().genesis().validators.at(ValidatorIndex(2)).name);
  EXPECT_EQ(rows[0]["view"], 7);
}

TEST(EvidenceCommand, SaysOfEachLineThatConvictsNobodyWhy) {
  Desk desk;
  const std::string good = LineOf(desk.node(), VoteKind::kNullify, VoteKind::kFinalize);
  const std::string honest = LineOf(desk.node(), VoteKind::kNullify, VoteKind::kNotarize);
  std::string forged = good;
  forged[forged.size() - 4] = forged[forged.size() - 4] == '0' ? '1' : '0';   // of a signature
  const std::string file =
      desk.folder().Write("evidence.log", good + honest + forged + "rubbish\n");
  const auto ran = desk.Run({"audit", "evidence", file, "-o", "json"});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_EQ(ran.json()["evidence"][0]["proven"], true);
  const std::string accused = "\"validator\"";
  const size_t once = ran.out.find(accused);
  EXPECT_EQ(once, ran.out.rfind(accused)) << "who is not proven guilty is accused of nothing";
  for (const char* id : {"evidence.honest", "evidence.bad_signature", "evidence.malformed"}) {
    EXPECT_THAT(ran.out, HasSubstr(id));
  }
}

TEST(EvidenceCommand, SaysOnceOfAnotherFileThatItIsNoEvidence) {
  Desk desk;
  for (const std::string& text : {std::string(), std::string("\0\xFF\n\n\n", 5),
                                  std::string("00\nabc\n")}) {
    const Ran ran = desk.Run({"audit", "evidence", desk.folder().Write("none.log", text)});
    EXPECT_EQ(ran.exit, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.error, HasSubstr("evidence.other_file"));
  }
}

TEST(EvidenceCommand, ShowsABoundedNumberOfLinesAndJudgesAll) {
  Desk desk;
  std::string text;
  for (int i = 0; i < 150; ++i) {
    text += LineOf(desk.node(), VoteKind::kNullify, VoteKind::kFinalize);
  }
  const std::string file = desk.folder().Write("evidence.log", text + "rubbish\n");
  const Ran ran = desk.Run({"audit", "evidence", file, "-o", "json"});
  EXPECT_EQ(ran.exit, 10) << "the last line is bad";
  EXPECT_EQ(ran.json()["evidence"].size(), 100u);
  EXPECT_EQ(ran.json()["left_out"], 51);
}

}  // namespace
}  // namespace beian::client
