#include "client/cli/bulk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "client/cli/language.h"
#include "client/sdk/files.h"
#include "ledger/chain/genesis.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"

namespace beian::client {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Rows as NDJSON; the number makes each another organisation.
std::string Rows(std::initializer_list<uint32_t> numbers) {
  std::string text;
  for (const uint32_t number : numbers) text += OrganisationJson(number) + "\n";
  return text;
}

class Bulk : public testing::Test {
 protected:
  Answer Submit(const std::string& file, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"filing", "submit", "--bulk",    file,
                                      "--key",  "own",    "--results", desk_.path("results")};
    words.insert(words.end(), more.begin(), more.end());
    return desk_.Json(words);
  }
  size_t Filings() { return desk_.Json({"filing", "list"})["filings"].size(); }
  Desk desk_;
};

TEST_F(Bulk, FilesEveryRow) {
  const auto json = Submit(desk_.folder().Write("b", Rows({1, 2, 3})));
  ASSERT_EQ(json["results"].size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(json["results"][i]["row"], i + 1);
    EXPECT_EQ(json["results"][i]["accepted"], true) << json["results"][i];
  }
  EXPECT_EQ(Filings(), 3u);
}

TEST_F(Bulk, ASecondRunFilesNothingTwice) {
  const std::string file = desk_.folder().Write("b", Rows({1, 2}));
  Submit(file);
  const auto again = Submit(file);
  EXPECT_EQ(again["results"][1]["accepted"], true);
  EXPECT_EQ(Filings(), 2u);
}

TEST_F(Bulk, ARunThatWasCutOffSendsTheSameOctetsAgain) {
  const std::string file = desk_.folder().Write("b", Rows({1, 2}));
  // They were sent, and the client left before any block held them.
  desk_.node().commits = false;
  const auto first = Submit(file, {"--no-wait"});
  EXPECT_EQ(first["results"][0]["state"], "pending");
  desk_.node().commits = true;
  const auto second = Submit(file);
  EXPECT_EQ(second["results"][0]["accepted"], true);
  EXPECT_EQ(second["results"][0]["transaction"], first["results"][0]["transaction"]);
  EXPECT_EQ(Filings(), 2u);
}

TEST_F(Bulk, BadRowsAreNamedAndTheOthersGoOn) {
  const std::string file = desk_.folder().Write(
      "b.csv",
      "subject.division,subject.name,subject.credit_code,service.name,service.category,"
      "service.form,responsible.name,key_file\r\n"
      "110105,\"公司, 一\"," +
          OrganisationFields(1)["subject.credit_code"] +
          ",甲,存证,网站,张三,\r\n"
          "990000,公司二,91110105999900009F,乙,存证,网站,张三,\r\n"
          "110105,公司三\r\n"
          "110105,公司四," +
          OrganisationFields(4)["subject.credit_code"] + ",丁,存证,网站,张三,none.pem\r\n");
  const auto json = Submit(file);
  ASSERT_EQ(json["results"].size(), 4u);
  EXPECT_EQ(json["results"][0]["accepted"], true) << json["results"][0];
  EXPECT_EQ(json["results"][0]["line"], 2);
  EXPECT_EQ(json["results"][1]["line"], 3);
  EXPECT_EQ(json["results"][1]["column"], "subject.division");
  EXPECT_EQ(json["results"][1]["error_id"], "filing.bad_division");
  EXPECT_EQ(json["results"][2]["error_id"], "bulk.bad_row");
  EXPECT_EQ(json["results"][3]["column"], "key_file");
  EXPECT_EQ(Filings(), 1u);
  const Ran ran = desk_.Run(
      {"filing", "submit", "--bulk", file, "--key", "own", "--results", desk_.path("results")});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("row 2 (line 3), column subject.division"));
}

TEST_F(Bulk, ARowIsKnownByItsContentAndKeyWhateverItsNumber) {
  const std::string file = desk_.folder().Write("b", Rows({1, 2}));
  const auto first = Submit(file);
  desk_.folder().Write("b", Rows({3, 1, 2}));
  const auto json = Submit(file);
  EXPECT_EQ(json["results"][0]["accepted"], true) << json["results"][0];
  EXPECT_EQ(json["results"][1]["row"], 2);
  EXPECT_EQ(json["results"][1]["transaction"], first["results"][0]["transaction"]);
  EXPECT_EQ(json["results"][2]["transaction"], first["results"][1]["transaction"]);
  EXPECT_EQ(Filings(), 3u);
}

TEST_F(Bulk, TheSameRowTwiceIsAnErrorOfTheSecond) {
  const std::string file = desk_.folder().Write("b", Rows({1, 2, 1}));
  const auto json = Submit(file);
  EXPECT_EQ(json["results"][0]["accepted"], true) << json["results"][0];
  EXPECT_EQ(json["results"][2]["error_id"], "bulk.same_row");
  EXPECT_THAT(std::string(json["results"][2]["message"]), HasSubstr("row 1"));
  EXPECT_EQ(Filings(), 2u);
  EXPECT_EQ(Submit(file, {"--dry-run"})["results"][2]["error_id"], "bulk.same_row");
}

TEST_F(Bulk, WhatAKeyHasFiledIsRefusedWithoutTheResultFileUnlessItIsToBeFiledAgain) {
  const std::string file = desk_.folder().Write("b", Rows({1, 2}));
  Submit(file);
  std::filesystem::remove(desk_.path("results"));
  const auto json = Submit(file);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(json["results"][i]["error_id"], "filing.already_filed") << json["results"][i];
  }
  EXPECT_EQ(Filings(), 2u);
  EXPECT_EQ(Submit(file, {"--again"})["results"][1]["accepted"], true);
  EXPECT_EQ(Filings(), 4u);
}

TEST_F(Bulk, AsksOnceForAKeyWhatItHasFiled) {
  std::atomic<size_t> lists = 0;
  desk_.node().before = [&lists](const TestRequest& request) {
    lists += request.target.starts_with("/v1/filings?") ? 1 : 0;
    return TestReply{0, "", "", false};
  };
  const std::string file = desk_.folder().Write("b", Rows({1, 2, 3, 4, 5, 6}));
  Submit(file, {"--batch", "1"});
  EXPECT_EQ(lists, 1u);
  std::filesystem::remove(desk_.path("results"));
  lists = 0;
  const auto again = Submit(file, {"--batch", "1"});
  EXPECT_EQ(again["results"][5]["error_id"], "filing.already_filed") << again["results"][5];
  EXPECT_EQ(lists, 1u) << "though every row is of a service that is filed";
}

TEST_F(Bulk, AResultFileOfAnotherChainIsRefused) {
  const std::string other(64, 'a');
  const std::string results = desk_.folder().Write(
      "results", "{\"schema\":\"beian.bulk-results.v1\",\"chain\":\"" + other + "\"}\n", 0600);
  const std::string before = *ReadFile(results, 1000);
  const Ran ran = desk_.Run({"filing", "submit", "--bulk", desk_.folder().Write("b", Rows({1})),
                             "--key", "own", "--results", results});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.error, HasSubstr("bulk.other_chain"));
  EXPECT_THAT(ran.error, HasSubstr(results));
  EXPECT_THAT(ran.error, HasSubstr(other));
  EXPECT_THAT(ran.error, HasSubstr(desk_.node().genesis().chain_id.hex()));
  EXPECT_THAT(ran.error, HasSubstr("--results"));
  EXPECT_EQ(*ReadFile(results, 1000), before);
  EXPECT_EQ(Filings(), 0u);
}

TEST_F(Bulk, AResultFileThatIsNoneIsRefusedAndNotChanged) {
  for (const char* text : {"[service]\nname = \"x\"\n", "name = 1", "{\"row\":1}\n"}) {
    const std::string results = desk_.folder().Write("results", text);
    const Ran ran = desk_.Run({"filing", "submit", "--bulk", desk_.folder().Write("b", Rows({1})),
                               "--key", "own", "--results", results});
    EXPECT_EQ(ran.exit, 1);
    EXPECT_THAT(ran.error, HasSubstr("bulk.no_results"));
    EXPECT_EQ(*ReadFile(results, 1000), text);
  }
  EXPECT_EQ(Filings(), 0u);
}

TEST_F(Bulk, NamesTheKeyFileThatCannotBeReadAndHowToFindIt) {
  std::string row = OrganisationJson(1);
  row.insert(1, "\"key_file\": \"gone\", ");
  const std::string file = desk_.folder().Write("b", row);
  const Ran ran = desk_.Run({"filing", "submit", "--bulk", file, "--keys", desk_.path("keys")});
  EXPECT_THAT(ran.out, HasSubstr("row 1, column key_file: "));
  EXPECT_THAT(ran.out, HasSubstr(desk_.path("keys/gone")));
  EXPECT_THAT(ran.out, HasSubstr("--keys"));
}

TEST_F(Bulk, NamesWhatToGiveWhenTheKeysAreForgotten) {
  std::string text;
  for (uint32_t number = 1; number <= 5; ++number) {
    std::string row = OrganisationJson(number);
    row.insert(1, "\"key_file\": \"gone-" + std::to_string(number) + "\", ");
    text += row + "\n";
  }
  const std::string file = desk_.folder().Write("b", text);
  const Ran ran = desk_.Run({"filing", "submit", "--bulk", file});
  EXPECT_THAT(ran.out, HasSubstr("5 rows (lines 1, 2, 3, ...), column key_file: "));
  EXPECT_THAT(ran.out, HasSubstr("[bulk.no_key_file]"));
  EXPECT_THAT(ran.out, HasSubstr("  row 3: There is no key file gone-3.\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("gone-4")));
  EXPECT_THAT(ran.out, HasSubstr("next: beian filing submit --bulk " + file + " --keys FOLDER\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("result file"))) << "nothing was signed";
}

TEST_F(Bulk, AKeyOfTheRunThatIsNotThereIsAnError) {
  const std::string file = desk_.folder().Write("b", Rows({1}));
  const Ran ran = desk_.Run({"filing", "submit", "--bulk", file, "--key", "onw"});
  EXPECT_EQ(ran.exit, 3);
  EXPECT_THAT(ran.error, HasSubstr("key.no_such_name"));
}

TEST_F(Bulk, NamesTheRowsThatTheLedgerRefusedWithReasonAndRemedy) {
  const std::string key = desk_.Json({"key", "show", "--key", "own"})["key_id"];
  ASSERT_EQ(desk_.Run({"key", "bar", key, "--reason", "遗失", "--key", "cac"}).exit, 0);
  const std::string file = desk_.folder().Write("b", Rows({1, 2}));
  const Ran ran = desk_.Run({"filing", "submit", "--bulk", file, "--key", "own"});
  EXPECT_NE(ran.exit, 0);
  const Answer row = Submit(file)["results"][1];
  const std::string id = row["error_id"];
  EXPECT_THAT(ran.out, HasSubstr("row 1: " + ExplainInEnglish(id)->message + " [" + id + "] " +
                                 ExplainInEnglish(id)->remedy + "\n"));
  EXPECT_THAT(ran.out, HasSubstr("row 2: "));
  EXPECT_THAT(ran.out, HasSubstr("next: mend these rows"));
  EXPECT_THAT(*ReadFile(file + ".results.ndjson", 100'000), HasSubstr(id));
}

TEST_F(Bulk, RefusesAnEditedRowWhoseFirstSubmissionIsUnderWay) {
  desk_.node().commits = false;
  auto fields = OrganisationFields();
  const std::string file = desk_.folder().Write("b", FieldsJson(fields));
  const Answer first = Submit(file, {"--no-wait"})["results"][0];
  EXPECT_EQ(first["state"], "pending");
  fields["service.site"] = "https://edited.example";
  desk_.folder().Write("b", FieldsJson(fields));
  const Answer edited = Submit(file, {"--no-wait"})["results"][0];
  EXPECT_EQ(edited["error_id"], "filing.submission_under_way") << edited;
  EXPECT_THAT(std::string(edited["message"]), HasSubstr(std::string(first["transaction"])));
  EXPECT_EQ(Submit(file, {"--no-wait", "--again"})["results"][0]["state"], "pending");
}

TEST_F(Bulk, NamesNoColumnWhereTheWholeRowIsBad) {
  const std::string file = desk_.folder().Write("b", OrganisationJson(1) + "\nnonsense\n");
  const Ran ran = desk_.Run({"filing", "submit", "--bulk", file, "--key", "own"});
  EXPECT_THAT(ran.out, HasSubstr("row 2: "));
  EXPECT_THAT(ran.out, Not(HasSubstr("column")));
}

TEST_F(Bulk, SaysThatTheResultFileIsToBeKept) {
  const std::string file = desk_.folder().Write("b", Rows({1}));
  const Ran ran = desk_.Run({"filing", "submit", "--bulk", file, "--key", "own"});
  EXPECT_THAT(ran.out, HasSubstr("result file: " + file + ".results.ndjson  (keep it: "));
  const Ran dry = desk_.Run({"filing", "submit", "--bulk", file, "--key", "own", "--dry-run"});
  EXPECT_THAT(dry.out, Not(HasSubstr("result file"))) << "none is written";
}

TEST_F(Bulk, TakesNoFormsBesideItsFile) {
  const std::string file = desk_.folder().Write("b", Rows({1}));
  const Ran ran = desk_.Run({"filing", "submit", file, "--bulk", file, "--key", "own"});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.error, HasSubstr("usage.bulk_and_files"));
  EXPECT_EQ(Filings(), 0u);
}

TEST_F(Bulk, RowsNameTheirKeys) {
  std::string row = OrganisationJson(1);
  row.insert(1, "\"key_file\": \"own-2\", ");
  const std::string file = desk_.folder().Write("b", row);
  const auto json = Submit(file, {"--keys", desk_.folder().path()});
  EXPECT_EQ(json["results"][0]["accepted"], true) << json["results"][0];
  const auto filing = desk_.Json({"filing", "list"})["filings"][0];
  EXPECT_EQ(filing["owner"], std::string(desk_.Json({"key", "show", "--key", "own-2"})["key_id"]));
}

TEST_F(Bulk, ADryRunSendsNothing) {
  const size_t before = desk_.node().submissions;
  const auto json = Submit(desk_.folder().Write("b", Rows({1})), {"--dry-run"});
  EXPECT_EQ(json["results"][0]["state"], "dry_run");
  EXPECT_EQ(desk_.node().submissions, before);
}

TEST_F(Bulk, ADryRunFindsTheKeysThatAreNotThere) {
  std::string row = OrganisationJson(1);
  row.insert(1, "\"key_file\": \"gone\", ");
  auto bad = OrganisationFields(2);
  bad["subject.division"] = "990000";
  bad["key_file"] = "gone";
  const std::string file = desk_.folder().Write("b", row + "\n" + FieldsJson(bad) + "\n");
  const auto json = Submit(file, {"--dry-run"});
  EXPECT_EQ(json["results"][0]["error_id"], "bulk.no_key_file") << json;
  EXPECT_EQ(json["results"][1]["error_id"], "filing.bad_division") << "whatever its key";
  const Ran ran = desk_.Run({"filing", "submit", "--bulk", file, "--dry-run"});
  EXPECT_THAT(ran.out, HasSubstr("valid; nothing was sent: 0  bulk.no_key_file: 1"));
  EXPECT_THAT(ran.out, Not(HasSubstr("accepted")));
}

TEST_F(Bulk, AFileThatIsNoneIsAnError) {
  const auto run = [&](const std::string& text) {
    const std::string file = desk_.folder().Write("b", text);
    return desk_.Run({"filing", "submit", "--bulk", file, "--key", "own"}).error;
  };
  EXPECT_THAT(run("service.nmae\nx\n"), HasSubstr("service.name"));
  EXPECT_THAT(run("service.name,,service.form\nx,,y\n"), HasSubstr("Column 2 has no name."));
  EXPECT_THAT(run(""), HasSubstr("The file has no heading."));
  EXPECT_THAT(run("service.name\n\"x\n"), HasSubstr("quotation"));
}

}  // namespace
}  // namespace beian::client
