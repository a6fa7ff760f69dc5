// The life of a filing by the commands: filing, review, set, code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "beian/v1/api.pb.h"
#include "client/cli/language.h"
#include "client/sdk/files.h"
#include "ledger/filing/reject.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"
#include "tests/support/fixture.h"

namespace beian::client {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(FilingCommand, SubmitsAndKeepsThePersonalDataAside) {
  Desk desk;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const Ran ran =
      desk.Run({"filing", "submit", file, "--key", "own", "--disclosures", desk.path("private")});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(ran.out, StartsWith("accepted and final"));
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(desk.path("private"))) {
    ++files;
    EXPECT_THAT(entry.path().string(), testing::EndsWith(".disclosure.json"));
    EXPECT_EQ(entry.status().permissions() & std::filesystem::perms::all,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  EXPECT_EQ(files, 1u);
}

size_t DisclosuresIn(const std::string& folder) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    count += entry.path().string().ends_with(".disclosure.json") ? 1 : 0;
  }
  return count;
}

TEST(FilingCommand, NamesTheFileOfThePersonalDataBesideTheFiling) {
  Desk desk;
  std::filesystem::create_directory(desk.path("work"));
  const std::string file = desk.folder().Write("work/f.json", OrganisationJson());
  const Ran ran = desk.Run({"filing", "submit", file, "--key", "own"});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(ran.out, HasSubstr("Disclosure    " + desk.path("work/")));
  EXPECT_THAT(ran.out, HasSubstr("(keep it: only it opens the personal data)"));
  EXPECT_EQ(DisclosuresIn(desk.path("work")), 1u);
  desk.folder().Write("work/f.json", OrganisationJson(2));
  const Answer row = desk.Json({"filing", "submit", file, "--key", "own-2"})["results"][0];
  EXPECT_TRUE(std::filesystem::exists(std::string(row["disclosure"]))) << row;
}

TEST(FilingCommand, KeepsNoPersonalDataOfWhatNoNodeTook) {
  Desk desk;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const std::vector<std::string> words = {"filing", "submit",        file,           "--key",
                                          "own",    "--disclosures", desk.path("d"), "--timeout",
                                          "0",      "--again"};
  auto nowhere = words;
  nowhere.insert(nowhere.end(), {"--node", "http://127.0.0.1:1"});
  EXPECT_EQ(desk.Run(nowhere).exit, 5);
  EXPECT_EQ(DisclosuresIn(desk.path("d")), 0u) << "it never left this machine";

  desk.node().before = [](const TestRequest&) { return TestReply{200, "", "", true}; };
  EXPECT_EQ(desk.Run(words).exit, 5);
  EXPECT_EQ(DisclosuresIn(desk.path("d")), 1u) << "the node may have taken it";
}

TEST(FilingCommand, KeepsNoPersonalDataOfARejectionAndExplainsIt) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  // Nobody asked for a supplement.
  const std::vector<std::string> words = {"filing", "supplement", filing,          file,
                                          "--key",  "own",        "--disclosures", desk.path("e")};
  const Answer row = desk.Json(words)["results"][0];
  EXPECT_EQ(row["accepted"], false) << row;
  EXPECT_EQ(row["disclosure"].size(), 0u);
  EXPECT_EQ(DisclosuresIn(desk.path("e")), 0u);
  const std::string id = row["error_id"];
  const std::string message = ExplainInEnglish(id)->message;
  EXPECT_EQ(row["message"], message);
  EXPECT_THAT(desk.Run(words).out, HasSubstr(message + " [" + id + "]"));
}

/// Without --quiet; what it says on standard error meanwhile.
Ran RunAloud(const Desk& desk, std::vector<std::string> words, std::string& said) {
  words.insert(words.end(), {"--config", desk.path("beian.toml"), "--lang", "en"});
  testing::internal::CaptureStderr();
  const Ran ran = RunProgram(words);
  said = testing::internal::GetCapturedStderr();
  return ran;
}

TEST(FilingCommand, NamesAtOnceTheNodesThatDoNotAnswerAndGoesOn) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string file = desk.folder().Write("f.json", OrganisationJson(2));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"filing", "submit", file, "--key", "own-2", "--disclosures", desk.path("d")},
           {"filing", "wait", std::string(64, 'a')},
           {"review", "take", filing, "--key", "office-11"}}) {
    auto nowhere = words;
    nowhere.insert(nowhere.end(), {"--timeout", "1", "--node", "http://127.0.0.1:1", "--node",
                                   "http://127.0.0.1:2"});
    std::string said;
    EXPECT_EQ(RunAloud(desk, nowhere, said).exit, 5) << words[0];
    for (const char* node : {"http://127.0.0.1:1", "http://127.0.0.1:2"}) {
      const std::string line =
          std::string(node) + " does not answer [node.unreachable]; going on for up to 1 s\n";
      EXPECT_THAT(said, HasSubstr(line)) << words[1];
      EXPECT_EQ(said.find(line, said.find(line) + 1), std::string::npos) << "once";
    }
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(desk.Run(nowhere).exit, 5) << "quiet";
    EXPECT_GT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(300)) << words[1];
  }
}

TEST(FilingCommand, EndsWithItsTimeWhenANodeTakesTheConnectionAndIsSilent) {
  Desk desk;
  const SilentListener silent;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"filing", "submit", file, "--key", "own", "--disclosures", desk.path("d")},
           {"filing", "submit", file, "--key", "own", "--disclosures", desk.path("d"), "--again"},
           {"filing", "wait", std::string(64, 'a')}}) {
    auto silently = words;
    silently.insert(silently.end(), {"--timeout", "1", "--node", silent.url()});
    const auto start = std::chrono::steady_clock::now();
    const Ran ran = desk.Run(silently);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4)) << words[1];
    EXPECT_EQ(ran.exit, 5);
    EXPECT_THAT(ran.error, HasSubstr("node.timeout"));
  }
  // One that is silent leaves time for the others.
  const std::string other = desk.folder().Write("other.json", OrganisationJson(2));
  EXPECT_EQ(desk.Run({"filing", "submit", other, "--key", "own-2", "--disclosures", desk.path("d"),
                      "--timeout", "4", "--node", silent.url(), "--node", desk.node().url()})
                .exit,
            0);
}

TEST(FilingCommand, ShowsAFilingWithItsContent) {
  Desk desk;
  const std::string filing = desk.File();
  const auto json = desk.Json({"filing", "get", filing});
  EXPECT_EQ(json["schema"], "beian.filing.v1");
  EXPECT_EQ(json["filing"]["status"], "not_reviewed");
  EXPECT_EQ(json["content"]["service"]["name"], "一项服务");
  EXPECT_EQ(desk.Run({"filing", "get", std::string(64, 'a')}).exit, 3);
  EXPECT_EQ(desk.Run({"filing", "get", "nonsense"}).exit, 2);
}

TEST(FilingCommand, ListsAndWaits) {
  Desk desk;
  desk.File(1);
  desk.File(2);
  const auto json = desk.Json({"filing", "list"});
  ASSERT_EQ(json["filings"].size(), 2u);
  EXPECT_EQ(desk.Json({"filing", "list", "--limit", "1"})["filings"].size(), 1u);
  EXPECT_EQ(desk.Json({"filing", "list", "--status", "filed"})["filings"].size(), 0u);
  const std::string transaction = json["filings"][0]["content_transaction"];
  EXPECT_EQ(desk.Run({"filing", "wait", transaction}).exit, 0);
  const Ran unknown = desk.Run({"filing", "wait", std::string(64, '0'), "--timeout", "0"});
  EXPECT_EQ(unknown.exit, 3);
  EXPECT_THAT(unknown.error, HasSubstr("transaction.unknown"));
}

TEST(FilingCommand, ListsNothingForANodeThatAnswersNothing) {
  Desk desk;
  desk.node().before = [](const TestRequest&) {
    return TestReply{200, "application/json", R"({"schema":"beian.filings.v1","next":null})",
                     false};
  };
  for (const char* noun : {"filing", "review"}) {
    const Ran ran = desk.Run({noun, "list"});
    EXPECT_EQ(ran.exit, 5);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.error, HasSubstr("node.bad_reply"));
    EXPECT_THAT(ran.error, HasSubstr("lacks `filings`"));
    EXPECT_THAT(ran.error, HasSubstr(desk.node().url()));
  }
}

TEST(FilingCommand, ValidatesWithoutANode) {
  Desk desk;
  const std::string good = desk.folder().Write("good.json", OrganisationJson());
  const std::string bad = desk.folder().Write("bad.toml", "[service]\nname = \"x\"\n");
  EXPECT_EQ(RunProgram({"filing", "validate", good}).exit, 0);
  const Ran ran = RunProgram({"filing", "validate", good, bad, "-o", "json"});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_EQ(ran.json()["files"][0]["valid"], true);
  EXPECT_EQ(ran.json()["files"][1]["error_id"], "filing.missing_field");
  EXPECT_THAT(std::string(ran.json()["files"][1]["message"]), HasSubstr("subject.division"));
  const Answer errors = ran.json()["files"][1]["errors"];
  ASSERT_EQ(errors.size(), 6u) << errors;
  EXPECT_THAT(std::string(errors[2]["message"]), HasSubstr("subject.credit_code"));
  const Ran text = RunProgram({"filing", "validate", bad});
  EXPECT_THAT(text.out, HasSubstr("responsible.name"));
}

TEST(FilingCommand, ShowsTheCommandThatConvertsAFileOfAnotherEncoding) {
  Desk desk;
  const std::string gbk = desk.folder().Write("gbk.toml", "[subject]\nname = \"\xD6\xD0\"\n");
  const std::string utf16 = desk.folder().Write("utf16.toml", std::string("\xFF\xFE[\0s\0", 6));
  for (const char* language : {"en", "zh-CN"}) {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"filing", "validate"}, {"filing", "submit", "--key", "own"},
          {"filing", "submit", "--key", "own", "--bulk"}}) {
      const auto said = [&](const std::string& file) {
        std::vector<std::string> words = command;
        words.insert(words.end(),
                     {file, "--config", desk.path("beian.toml"), "--lang", language});
        const Ran ran = RunProgram(words);
        EXPECT_NE(ran.exit, 0);
        return ran.out + ran.error;
      };
      EXPECT_THAT(said(gbk), HasSubstr("iconv -f GB18030 -t UTF-8 " + gbk)) << command[1];
      EXPECT_THAT(said(utf16), HasSubstr("iconv -f UTF-16 -t UTF-8 " + utf16)) << command[1];
      EXPECT_THAT(said(utf16), Not(AnyOf(HasSubstr("GB18030"), HasSubstr("GBK")))) << command[1];
    }
  }
  EXPECT_EQ(desk.Run({"filing", "validate", gbk, "-o", "json"}).json()["files"][0]["next"],
            "iconv -f GB18030 -t UTF-8 " + gbk + " > utf8.toml");
}

TEST(FilingCommand, SaysWhatIsWrongWithAFieldInChineseToo) {
  const Folder folder;
  const std::string bad = folder.Write(
      "bad.toml", "[subject]\ncredit_code = \"1\"\n[service]\nname = \"x\"\n");
  const Ran ran = RunProgram({"filing", "validate", bad, "--lang", "zh-CN"});
  EXPECT_THAT(ran.out, HasSubstr("subject.division：该字段必须填写"));
  EXPECT_THAT(ran.out, HasSubstr("subject.credit_code：不是统一社会信用代码"));
  EXPECT_THAT(ran.out, Not(HasSubstr("控制")));
}

TEST(FilingCommand, GivesATemplateAndTheColumnsOfABulkFile) {
  EXPECT_THAT(RunProgram({"filing", "template"}).out, HasSubstr("# [required]"));
  const Folder folder;
  const std::string file =
      folder.Write("bulk.csv", RunProgram({"filing", "template", "--csv"}).out);
  Desk desk;
  ASSERT_EQ(desk.Run({"key", "new", desk.path("my-key.pem")}).exit, 0);
  const Ran ran = desk.Run({"filing", "submit", "--bulk", file, "--dry-run", "--keys",
                            desk.folder().path(), "-o", "json"});
  EXPECT_EQ(ran.json()["results"].size(), 1u);
  EXPECT_EQ(ran.json()["results"][0]["state"], "dry_run") << ran.json();
}

TEST(FilingCommand, ShowsNoChineseWordOfAStateInEnglish) {
  Desk desk;
  desk.Approve(desk.File());
  const std::string list = desk.Run({"filing", "list"}).out;
  EXPECT_THAT(list, HasSubstr("filed"));
  EXPECT_THAT(list, HasSubstr("Beijing"));
  EXPECT_EQ(list.find("审核"), std::string::npos) << list;
  const Ran chinese =
      RunProgram({"filing", "list", "--config", desk.path("beian.toml"), "--lang", "zh-CN"});
  EXPECT_THAT(chinese.out, HasSubstr("审核通过"));
  EXPECT_THAT(chinese.out, HasSubstr("北京市"));
}

TEST(FilingCommand, ShowsRemediesOfRejectionsInTheReadersLanguage) {
  Desk desk;
  const std::string filing = desk.File();
  for (const char* form : {"text", "table"}) {
    const Ran ran = RunProgram({"review", "forward", filing, "--key", "office-11", "--config",
                                desk.path("beian.toml"), "--lang", "zh-CN", "-o", form, "--quiet"});
    EXPECT_THAT(ran.out, HasSubstr("查看备案状态后再操作")) << form;
    EXPECT_EQ(ran.out.find(FilingRejectRemedy(FilingReject::kWrongState)), std::string::npos);
  }
}

TEST(FilingCommand, SaysOfAWrongStateWhichItIsWhatWasAskedAndWhatIsPossible) {
  Desk desk;
  const std::string filing = desk.File();
  const std::vector<std::string> words = {"review", "forward", filing, "--key", "office-11"};
  const std::string said = desk.Run(words).out;
  EXPECT_THAT(said, HasSubstr("[filing.wrong_state]"));
  EXPECT_THAT(said, testing::ContainsRegex("Asked for +forward\n"));
  EXPECT_THAT(said, testing::ContainsRegex("Status +not_reviewed, province\n"));
  EXPECT_THAT(said, testing::ContainsRegex("Possible now +beian review take " + filing + "\n"));
  const Answer row = desk.Json(words)["results"][0];
  EXPECT_EQ(row["status"], "not_reviewed");
  EXPECT_EQ(row["possible"][0], "beian review take " + filing);
}

TEST(FilingCommand, SendsNothingInADryRun) {
  Desk desk;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const size_t before = desk.node().submissions;
  const auto json = desk.Json({"filing", "submit", file, "--key", "own", "--dry-run"});
  EXPECT_EQ(json["results"][0]["state"], "dry_run");
  EXPECT_EQ(desk.node().submissions, before);
}

TEST(FilingCommand, ADryRunNamesNoIdsThatTheSubmissionWillNotHave) {
  Desk desk;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const std::string said =
      desk.Run({"filing", "submit", file, "--key", "own", "--dry-run", "-o", "json"}).out;
  EXPECT_THAT(said, HasSubstr("\"dry_run\""));
  EXPECT_THAT(said, testing::Not(HasSubstr("\"transaction\"")));
  EXPECT_THAT(said, testing::Not(HasSubstr("\"filing\"")));
  const std::string filing = desk.File();
  const Answer step =
      desk.Json({"review", "take", filing, "--key", "office-11", "--dry-run"})["results"][0];
  EXPECT_EQ(step["filing"], filing) << "which is there";
}

TEST(FilingCommand, SaysTheSameOfEveryDryRun) {
  Desk desk;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  EXPECT_THAT(desk.Run({"filing", "submit", file, "--key", "own", "--dry-run"}).out,
              StartsWith("valid; nothing was sent\n"));
  EXPECT_EQ(desk.Run({"filing", "submit", "--bulk", file, "--key", "own", "--dry-run"}).out,
            "valid; nothing was sent: 1\n");
}

TEST(FilingCommand, SaysHowABulkFileIsChecked) {
  const Folder folder;
  const std::string file =
      folder.Write("bulk.csv", RunProgram({"filing", "template", "--csv"}).out);
  const Ran ran = RunProgram({"filing", "validate", file, "--lang", "en"});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_THAT(ran.out, HasSubstr("[filing.bulk_file]"));
  EXPECT_THAT(ran.out, HasSubstr("`beian filing submit --bulk " + file + " --dry-run`"));
  Desk desk;
  EXPECT_THAT(desk.Run({"filing", "submit", file, "--key", "own"}).error,
              HasSubstr("filing.bulk_file"));
  const std::string broken = folder.Write("broken.json", "{\n\"service\": \n}\n");
  EXPECT_THAT(RunProgram({"filing", "validate", broken}).out, HasSubstr("filing.bad_file"));
}

TEST(FilingCommand, SaysOfASupplementThatIsNoFormHowToMakeOne) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string bulk =
      desk.folder().Write("bulk.csv", RunProgram({"filing", "template", "--csv"}).out);
  const std::string error = desk.Run({"filing", "supplement", filing, bulk, "--key", "own"}).error;
  EXPECT_THAT(error, HasSubstr("[filing.bulk_file]"));
  EXPECT_THAT(error, HasSubstr("next: beian filing template\n"));
  EXPECT_THAT(error, testing::Not(HasSubstr("--bulk")));
  for (const char* form : {"json", "ndjson"}) {
    const std::string shown =
        desk.folder().Write("shown.json", desk.Run({"filing", "get", filing, "-o", form}).out);
    EXPECT_THAT(desk.Run({"filing", "supplement", filing, shown, "--key", "own"}).error,
                HasSubstr("[filing.no_form]"))
        << form;
  }
}

TEST(FilingCommand, SaysThatItIsNotYetFinal) {
  Desk desk;
  desk.node().commits = false;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const Ran ran = desk.Run(
      {"filing", "submit", file, "--key", "own", "--disclosures", desk.path("d"), "--no-wait"});
  EXPECT_EQ(ran.exit, 6);
  EXPECT_THAT(ran.out, StartsWith("accepted, not yet final"));
  const size_t next = ran.out.find("next: beian filing wait ");
  ASSERT_NE(next, std::string::npos) << ran.out;
  const std::string id = ran.out.substr(next + 24, 64);
  EXPECT_EQ(desk.Run({"filing", "wait", id, "--timeout", "0"}).exit, 6);
  EXPECT_EQ(desk.Run({"proof", "get", id}).exit, 6);
}

TEST(FilingCommand, SupplementsAndResubmits) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string file = desk.folder().Write("again.json", OrganisationJson());
  const auto as = [&](std::vector<std::string> words, const std::string& key) {
    words.insert(words.end(), {"--key", key});
    return desk.Run(words);
  };
  as({"review", "take", filing}, "office-11");
  EXPECT_EQ(as({"review", "request-supplement", filing, "--reason", "地址"}, "office-11").exit, 0);
  EXPECT_EQ(
      as({"filing", "supplement", filing, file, "--disclosures", desk.path("d"), "--again"}, "own")
          .exit,
      0);
  EXPECT_EQ(as({"review", "refuse", filing, "--reason", "不符"}, "office-11").exit, 0);
  const auto refused = desk.Json({"filing", "get", filing});
  EXPECT_EQ(refused["filing"]["status"], "not_passed");
  EXPECT_EQ(refused["filing"]["reason"], "不符");
  EXPECT_EQ(as({"filing", "resubmit", filing, file, "--disclosures", desk.path("d")}, "own").exit,
            0);
  const auto again = desk.Json({"filing", "get", filing});
  EXPECT_EQ(again["filing"]["status"], "not_reviewed");
  EXPECT_EQ(again["filing"]["reason"].size(), 0u) << again;
  desk.Approve(filing);
  const Ran approved = desk.Run({"filing", "get", filing});
  EXPECT_THAT(approved.out, Not(HasSubstr("不符"))) << "an old refusal is for the history";
  EXPECT_THAT(desk.Run({"filing", "history", filing}).out, HasSubstr("不符"));
}

/// A node that refuses everything, with a word that the ledger has.
TestReply RefuseAll(const TestRequest& request) {
  if (request.method != "POST") return TestReply{0, "", "", false};
  v1::SubmitRequest sent;
  v1::SubmitReply reply;
  EXPECT_TRUE(sent.ParseFromString(request.body));
  for (const auto& wire : sent.transactions()) {
    const auto transaction = Transaction::Parse(MakeGenesis(4).genesis.chain_id, wire);
    if (!transaction) continue;
    v1::TransactionOutcome& outcome = *reply.add_outcomes();
    outcome.set_id(Bytes((*transaction)->id().view()));
    outcome.set_state(v1::TRANSACTION_STATE_REJECTED);
    outcome.set_error_id("mempool.all_actions_fail");
  }
  return TestReply{200, "application/x-protobuf", reply.SerializeAsString(), false};
}

TEST(FilingCommand, ARefusalBeforeAnyBlockIsTheWordOfTheNodeThatIsNamed) {
  Desk desk;
  desk.node().before = RefuseAll;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const std::vector<std::string> words = {"filing", "submit",        file,          "--key",
                                          "own",    "--disclosures", desk.path("d")};
  const Ran ran = desk.Run(words);
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, StartsWith("node " + desk.node().url() + " refused it"));
  EXPECT_THAT(ran.out, HasSubstr("the ledger has not decided"));
  EXPECT_THAT(ran.out, HasSubstr("[mempool.all_actions_fail]"));
  const Answer row = desk.Json(words)["results"][0];
  EXPECT_EQ(row["state"], "rejected");
  EXPECT_EQ(row["node"], desk.node().url());
}

TEST(FilingCommand, TheHeightOfAResultIsThatOfItsProof) {
  Desk desk;
  const std::string filing = desk.File();
  desk.File(2);
  const std::string transaction =
      desk.Json({"filing", "get", filing})["filing"]["content_transaction"];
  const auto head = desk.Json({"chain", "head"})["header"]["height"];
  const Answer row = desk.Json({"filing", "wait", transaction})["results"][0];
  EXPECT_EQ(row["as_of_height"], head) << row;
  EXPECT_FALSE(row["height"] == head) << "which would be taken for the block of the change";
  EXPECT_THAT(desk.Run({"filing", "wait", transaction}).out, HasSubstr("As of height"));
}

TEST(FilingCommand, RefusesTheSameFormTwiceInOneCommand) {
  Desk desk;
  const std::string file = desk.folder().Write("f.json", OrganisationJson());
  const std::string copy = desk.folder().Write("copy.json", OrganisationJson());
  auto fields = OrganisationFields();
  fields["service.site"] = "https://edited.example";
  const std::string edited = desk.folder().Write("edited.json", FieldsJson(fields));
  const auto submit = [&](std::vector<std::string> files) {
    files.insert(files.begin(),
                 {"filing", "submit", "--key", "own", "--disclosures", desk.path("d")});
    return desk.Run(files);
  };
  for (const std::string& second : {file, copy, edited}) {
    const Ran ran = submit({file, second});
    EXPECT_EQ(ran.exit, 2) << second;
    EXPECT_THAT(ran.error, HasSubstr("usage.same_service"));
    EXPECT_THAT(ran.error, HasSubstr(second));
  }
  EXPECT_EQ(submit({file, copy, "--again"}).exit, 2) << "the very same filing";
  EXPECT_EQ(desk.Json({"filing", "list"})["filings"].size(), 0u);
  EXPECT_EQ(submit({file, edited, "--again"}).exit, 0);
}

}  // namespace
}  // namespace beian::client
