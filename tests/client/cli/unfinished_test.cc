#include "client/cli/unfinished.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "beian/v1/api.pb.h"
#include "client/sdk/files.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"
#include "tests/support/fixture.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

/// A submission whose transaction is in no block yet, and the same command once more.
class RepeatedSubmit : public testing::Test {
 protected:
  RepeatedSubmit() { desk_.node().commits = false; }
  Answer Submit() {
    return desk_.Json({"filing", "submit", file_, "--key", "own", "--disclosures", folder_,
                       "--no-wait"})["results"][0];
  }
  size_t Files() {
    const std::filesystem::directory_iterator all(folder_);
    return static_cast<size_t>(std::distance(begin(all), end(all)));
  }
  Desk desk_;
  const std::string file_ = desk_.folder().Write("f.json", OrganisationJson());
  const std::string folder_ = desk_.path("d");
};

TEST_F(RepeatedSubmit, SendsTheSameTransactionUntilItIsFinal) {
  const Answer first = Submit();
  EXPECT_EQ(first["state"], "pending");
  EXPECT_EQ(Submit()["transaction"], first["transaction"]);
  desk_.node().commits = true;
  const Answer last = Submit();
  EXPECT_EQ(last["transaction"], first["transaction"]);
  EXPECT_EQ(last["accepted"], true);
  EXPECT_EQ(last["disclosure"], first["disclosure"]);
  EXPECT_EQ(Files(), 1u) << "the disclosure alone stays";
  EXPECT_EQ(desk_.Json({"filing", "list"})["filings"].size(), 1u);
}

TEST_F(RepeatedSubmit, RefusesAnEditedFormOfAServiceWhoseSubmissionIsUnderWay) {
  const Answer first = Submit();
  auto fields = OrganisationFields();
  fields["service.site"] = "https://edited.example";
  desk_.folder().Write("f.json", FieldsJson(fields));
  const std::vector<std::string> words = {"filing", "submit",        file_,   "--key",
                                          "own",    "--disclosures", folder_, "--no-wait"};
  const Ran edited = desk_.Run(words);
  EXPECT_EQ(edited.exit, 1) << edited.out;
  EXPECT_THAT(edited.error, HasSubstr("filing.submission_under_way"));
  EXPECT_THAT(edited.error,
              HasSubstr("next: beian filing wait " + std::string(first["transaction"])));
  auto again = words;
  again.push_back("--again");
  EXPECT_EQ(desk_.Run(again).exit, 6) << "as it was asked for";
}

TEST_F(RepeatedSubmit, FilesAnEditedFormWhenTheSubmissionHasExpiredAndNoNodeKnowsIt) {
  Submit();
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().extension() != kPendingEnding) continue;
    const ChainId& chain = desk_.node().genesis().chain_id;
    const auto kept = Transaction::Parse(chain, *ReadFile(entry.path(), kTransactionCostMax));
    ASSERT_TRUE(kept.has_value());
    v1::TransactionBody late = (*kept)->body();
    late.set_expiry_ms(1'600'000'000'000);
    const TransactionPtr expired = Transaction::Sign(chain, late, MakeClientKey(1));
    ASSERT_TRUE(WriteFile(entry.path(), expired->wire(), kPrivateFileMode).has_value());
  }
  auto fields = OrganisationFields();
  fields["service.site"] = "https://edited.example";
  desk_.folder().Write("f.json", FieldsJson(fields));
  desk_.node().commits = true;
  EXPECT_EQ(Submit()["accepted"], true);
}

TEST_F(RepeatedSubmit, SendsAnotherFormAsAnother) {
  const Answer first = Submit();
  desk_.folder().Write("f.json", OrganisationJson(2));
  EXPECT_NE(Submit()["transaction"], first["transaction"]);
}

TEST_F(RepeatedSubmit, KeepsThePersonalDataWhenNoNodeIsReachedTheSecondTime) {
  const Answer first = Submit();
  EXPECT_EQ(desk_
                .Run({"filing", "submit", file_, "--key", "own", "--disclosures", folder_,
                      "--timeout", "0", "--node", "http://127.0.0.1:1"})
                .exit,
            5);
  EXPECT_TRUE(std::filesystem::exists(std::string(first["disclosure"])));
  EXPECT_EQ(Submit()["transaction"], first["transaction"]);
}

TEST_F(RepeatedSubmit, SignsAnewWhatHasExpiredAndNoNodeRemembers) {
  Submit();
  const TransactionPtr late =
      MakeSubmit(desk_.node().genesis(), MakeClientKey(1), TimeMs(1'600'000'000'000), 1);
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().extension() != kPendingEnding) continue;
    ASSERT_TRUE(WriteFile(entry.path(), late->wire(), kPrivateFileMode).has_value());
  }
  desk_.node().commits = true;
  EXPECT_EQ(Submit()["accepted"], true);
}

TEST_F(RepeatedSubmit, SignsAnewWhatHasExpired) {
  Submit();
  const TransactionPtr late =
      MakeSubmit(desk_.node().genesis(), MakeClientKey(1), TimeMs(1'600'000'000'000), 1);
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().extension() != ".pending") continue;
    ASSERT_TRUE(WriteFile(entry.path(), late->wire(), kPrivateFileMode).has_value());
  }
  desk_.node().before = [](const TestRequest& request) {
    if (!request.target.starts_with("/v1/transactions/")) return TestReply{0, "", "", false};
    v1::TransactionOutcome outcome;
    outcome.set_state(v1::TRANSACTION_STATE_EXPIRED);
    return TestReply{200, "application/x-protobuf", outcome.SerializeAsString(), false};
  };
  desk_.node().commits = true;
  const Answer second = Submit();
  EXPECT_NE(second["transaction"], late->id().hex());
  EXPECT_EQ(second["accepted"], true) << second;
}

}  // namespace
}  // namespace beian::client
