#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/sdk/files.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

class OpenFilingTest : public testing::Test {
 protected:
  /// The file of a filing's personal data.
  std::string Submit() {
    const std::string file = desk_.folder().Write("f.json", OrganisationJson());
    return desk_.Json({"filing", "submit", file, "--key", "own"})["results"][0]["disclosure"];
  }
  /// The same file with one text in the place of another.
  void Edit(const std::string& file, const std::string& before, const std::string& after) {
    std::string text = *ReadFile(file, 100'000);
    text.replace(text.find(before), before.size(), after);
    ASSERT_TRUE(WriteFile(file, text, kPrivateFileMode).has_value());
  }
  Desk desk_;
};

TEST_F(OpenFilingTest, ShowsTheValuesThatWereCommittedTo) {
  const Ran ran = desk_.Run({"filing", "open", Submit()});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(ran.out, HasSubstr("GENUINE: "));
  EXPECT_THAT(ran.out, HasSubstr("13800000000"));
}

TEST_F(OpenFilingTest, IsInvalidWhenAValueDiffers) {
  const std::string file = Submit();
  Edit(file, "13800000000", "13900000000");
  const Ran ran = desk_.Run({"filing", "open", file});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_THAT(ran.out, HasSubstr("DIFFERENT: "));
  const Answer json = desk_.Json({"filing", "open", file});
  EXPECT_EQ(json["genuine"], false);
  for (size_t i = 0; i < json["fields"].size(); ++i) {
    const bool edited = json["fields"][i]["path"] == "responsible.mobile_phone";
    EXPECT_EQ(json["fields"][i]["state"], edited ? "differs" : "opens");
  }
}

TEST_F(OpenFilingTest, NamesWhatTheFileDoesNotOpen) {
  const std::string file = Submit();
  Edit(file, "responsible.mobile_phone", "responsible.mobile_phonf");
  const Ran ran = desk_.Run({"filing", "open", file});
  EXPECT_EQ(ran.exit, 10) << "there is no such field";
  EXPECT_THAT(ran.out, HasSubstr("not_in_file"));
  EXPECT_THAT(ran.out, HasSubstr("Not in the file, and not opened: 1 committed values"));
}

TEST_F(OpenFilingTest, OpensEveryRowOfABulkSubmission) {
  const std::string file =
      desk_.folder().Write("b", OrganisationJson() + "\n" + OrganisationJson(2) + "\n");
  desk_.Run({"filing", "submit", "--bulk", file, "--key", "own"});
  const Answer json = desk_.Json({"filing", "open", file + ".results.ndjson"});
  EXPECT_EQ(json["genuine"], true);
  EXPECT_EQ(json["fields"].size(), 10u) << json;
}

TEST_F(OpenFilingTest, ListsRowsThatAreNotOnTheLedgerAndOpensTheOthers) {
  const std::string file =
      desk_.folder().Write("b", OrganisationJson() + "\n" + OrganisationJson(2) + "\n");
  desk_.Run({"filing", "submit", "--bulk", file, "--key", "own"});
  const std::string results = file + ".results.ndjson";
  const std::string lost =
      "{\"row\":3,\"digest\":\"x\",\"state\":\"signed\",\"transaction\":\"" +
      std::string(64, 'a') + "\",\"disclosures\":[]}\n";
  const std::string refused =
      "{\"row\":3,\"digest\":\"x\",\"state\":\"rejected\",\"error_id\":\"x.y\"}\n";
  const std::string before = *ReadFile(results, 100'000);
  ASSERT_TRUE(WriteFile(results, before + lost, kPrivateFileMode).has_value());
  const Ran unknown = desk_.Run({"filing", "open", results});
  EXPECT_EQ(unknown.exit, 3) << "it may be there one day: " << unknown.error;
  EXPECT_THAT(unknown.out, HasSubstr("GENUINE: "));
  ASSERT_TRUE(WriteFile(results, before + lost + refused, kPrivateFileMode).has_value());
  const Ran ran = desk_.Run({"filing", "open", results});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(ran.out, HasSubstr("GENUINE: "));
  EXPECT_THAT(ran.out, HasSubstr("Not on the ledger: 1 (refused"));
  const Answer json = desk_.Json({"filing", "open", results});
  ASSERT_EQ(json["fields"].size(), 11u) << json;
  EXPECT_EQ(json["fields"][10]["state"], "not_on_ledger");
  EXPECT_EQ(json["fields"][10]["row"], 3);
  EXPECT_EQ(json["not_on_ledger"], 1);
}

TEST_F(OpenFilingTest, CountsAndNamesTheValuesThatDiffer) {
  const std::string file =
      desk_.folder().Write("b", OrganisationJson() + "\n" + OrganisationJson(2) + "\n");
  desk_.Run({"filing", "submit", "--bulk", file, "--key", "own"});
  const std::string results = file + ".results.ndjson";
  Edit(results, "13800000000", "13900000000");
  const Ran ran = desk_.Run({"filing", "open", results});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_THAT(ran.out, HasSubstr("DIFFERENT: 1 of 10 values"));
  EXPECT_THAT(ran.out, HasSubstr("  row 1, responsible.mobile_phone: 13900000000\n"));
}

TEST_F(OpenFilingTest, BelievesNoNodeWithoutItsProof) {
  const std::string file = Submit();
  desk_.node().lie = [](Bytes& octets) { octets[octets.size() / 2] ^= 1; };
  const Ran ran = desk_.Run({"filing", "open", file});
  EXPECT_EQ(ran.exit, 11) << ran.error;
  EXPECT_EQ(ran.out, "");
}

TEST_F(OpenFilingTest, SaysThatNoNodeKnowsTheTransaction) {
  const std::string file = Submit();
  const std::string text = *ReadFile(file, 100'000);
  const size_t at = text.find("\"transaction\": \"") + 16;
  Edit(file, text.substr(at, 64), std::string(64, 'a'));
  const Ran ran = desk_.Run({"filing", "open", file});
  EXPECT_EQ(ran.exit, 3);
  EXPECT_THAT(ran.error, HasSubstr("transaction.unknown"));
}

}  // namespace
}  // namespace beian::client
