#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "client/sdk/files.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"
#include "tests/client/support/http_listener.h"

namespace beian::client {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kNeverIssued = "京网信备11010519864491550014号";
constexpr const char* kForged = "11010519418374810018";

TEST(CodeCommand, ChecksTheFormAlone) {
  const Ran good = RunProgram({"code", "check", kNeverIssued, "--lang", "en"});
  EXPECT_EQ(good.exit, 0);
  EXPECT_THAT(good.out, StartsWith("WELL FORMED"));
  EXPECT_THAT(good.out, HasSubstr("whether it was ever issued"));
  const Ran bad = RunProgram({"code", "check", kForged, "-o", "json"});
  EXPECT_EQ(bad.exit, 10);
  EXPECT_EQ(bad.json()["error_id"], "code.bad_check_character");
}

TEST(CodeCommand, SaysWhatIsWrongWithATextThatIsNoCodeAndWhatToDo) {
  for (const char* verb : {"check", "verify"}) {
    const Ran ran = RunProgram({"code", verb, kForged, "--lang", "en"});
    EXPECT_EQ(ran.exit, 10);
    EXPECT_THAT(ran.out, HasSubstr("The last character does not fit the others"));
    EXPECT_THAT(ran.out, HasSubstr("remedy: Check it for typing errors"));
    EXPECT_THAT(ran.out, HasSubstr("next: beian code lookup TEXT"));
    const Answer json = RunProgram({"code", verb, kForged, "-o", "json"}).json();
    EXPECT_EQ(json["next"], "beian code lookup TEXT") << json;
    EXPECT_THAT(std::string(json["message"]), HasSubstr("ISO 7064"));
    EXPECT_THAT(std::string(json["remedy"]), HasSubstr("typing errors"));
    EXPECT_THAT(RunProgram({"code", verb, "abc", "--lang", "zh-CN"}).out,
                HasSubstr("完整复制编号"));
  }
}

TEST(CodeCommand, GivesTheVerdictFirstThenTheChecksThenWhatWasNotChecked) {
  Desk desk;
  const std::string code = desk.Approve(desk.File());
  const Ran ran = desk.Run({"code", "verify", code});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(ran.out, StartsWith("GENUINE: was registered as of block"));
  EXPECT_THAT(ran.out, HasSubstr("一家公司"));
  EXPECT_LT(ran.out.find("一项服务"), ran.out.find("Checked against"));
  EXPECT_LT(ran.out.find("Checked against"), ran.out.find("Not checked:"));
  EXPECT_THAT(ran.out, HasSubstr("signed by 3 of 4 validators"));
  EXPECT_THAT(ran.out, Not(HasSubstr("is registered")));
}

TEST(CodeCommand, ProvesThatACodeWasNeverIssued) {
  Desk desk;
  const Ran ran = desk.Run({"code", "verify", kNeverIssued});
  EXPECT_EQ(ran.exit, 3);
  EXPECT_THAT(ran.out, StartsWith("NOT REGISTERED"));
  EXPECT_EQ(desk.Run({"code", "verify", kForged}).exit, 10);
}

TEST(CodeCommand, SaysThatItCouldNotBeCheckedRatherThanThatItIsFalse) {
  Desk desk;
  desk.node().lie = [](Bytes& octets) { octets[octets.size() - 9] ^= 1; };
  EXPECT_EQ(desk.Run({"code", "verify", kNeverIssued}).exit, 11);
  desk.node().before = [](const TestRequest&) { return TestReply{200, "", "", true}; };
  EXPECT_EQ(desk.Run({"code", "verify", kNeverIssued}).exit, 11);
  EXPECT_EQ(RunProgram({"code", "verify", kNeverIssued, "--node", "http://127.0.0.1:1"}).exit, 11);
}

/// Answers everything as a server that is no node.
TestReply NotFound(const TestRequest&) {
  return TestReply{404, "text/html", "<h1>Not Found</h1>", false};
}

TEST(CodeCommand, AServerThatIsNoNodeProvesNoAbsence) {
  const HttpListener stranger(NotFound);
  Desk desk;
  const std::string genesis = desk.path("genesis.toml");
  const Ran alone =
      RunProgram({"code", "verify", kNeverIssued, "--node", stranger.url(), "--genesis", genesis});
  EXPECT_EQ(alone.exit, 11);
  EXPECT_THAT(alone.error, HasSubstr("node.status_404"));
  const std::string code = desk.Approve(desk.File());
  const Ran ran = RunProgram({"code", "verify", code, "--node", stranger.url(), "--node",
                              desk.node().url(), "--genesis", genesis, "--lang", "en"});
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(ran.out, StartsWith("GENUINE"));
}

TEST(CodeCommand, AMissingSettingIsNoAbsenceEither) {
  EXPECT_EQ(RunProgram({"code", "verify", kNeverIssued, "--config", "/nope"}).exit, 2);
  EXPECT_EQ(RunProgram({"code", "verify", kNeverIssued, "--genesis", "/nope", "--node",
                        "http://127.0.0.1:1"})
                .exit,
            11);
}

TEST(CodeCommand, WritesACertificateThatNeedsNoNode) {
  Desk desk;
  const std::string code = desk.Approve(desk.File());
  const std::string file = desk.path("c.json");
  EXPECT_EQ(desk.Run({"code", "certificate", code, file}).exit, 0);
  const std::vector<std::string> offline = {
      "code", "verify", "--offline", file, "--genesis", desk.path("genesis.toml"), "--lang", "en"};
  const Ran ran = RunProgram(offline);
  EXPECT_EQ(ran.exit, 0) << ran.error;
  EXPECT_THAT(ran.out, StartsWith("GENUINE"));
  std::string text = *ReadFile(file, 1 << 20);
  text.replace(text.find("\"height\": "), 11, "\"height\": 9");
  desk.folder().Write("c.json", text);
  const Ran forged = RunProgram(offline);
  EXPECT_EQ(forged.exit, 10);
  EXPECT_THAT(forged.out, StartsWith("INVALID"));
  EXPECT_EQ(desk.Run({"code", "verify", "--offline", desk.path("none")}).exit, 11);
  EXPECT_EQ(desk.Run({"code", "certificate", kNeverIssued, file}).exit, 3);
}

TEST(CodeCommand, AFileThatIsNoCertificateIsAMistakeOfTheAskerAndNoVerdict) {
  Desk desk;
  for (const char* text : {"", "京网信备", "{}", "[1]", R"({"schema": "beian.proof.v1"})"}) {
    const std::string file = desk.folder().Write("other.json", text);
    const Ran ran = desk.Run({"code", "verify", "--offline", file});
    EXPECT_EQ(ran.exit, 2) << text << ran.out;
    EXPECT_EQ(ran.out, "") << text;
    EXPECT_THAT(ran.error, HasSubstr("certificate.other_file"));
    EXPECT_THAT(ran.error, HasSubstr("next: beian code certificate CODE"));
  }
}

TEST(CodeCommand, AFileInThePlaceOfACodeIsToldOfOffline) {
  Desk desk;
  const std::string code = desk.Approve(desk.File());
  const std::string file = desk.path("c.json");
  ASSERT_EQ(desk.Run({"code", "certificate", code, file}).exit, 0);
  const Ran ran = desk.Run({"code", "verify", file});
  EXPECT_EQ(ran.exit, 2) << ran.out;
  EXPECT_THAT(ran.error, HasSubstr("next: beian code verify --offline " + file));
}

TEST(CodeCommand, ThereIsNoCertificateOfACodeThatWasNeverIssued) {
  Desk desk;
  const std::string file = desk.path("none.json");
  const Ran ran = desk.Run({"code", "certificate", kNeverIssued, file});
  EXPECT_EQ(ran.exit, 3);
  EXPECT_THAT(ran.out, StartsWith("NOT REGISTERED"));
  EXPECT_THAT(ran.out, HasSubstr("No certificate was written: there is no such registration."));
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_THAT(desk.Run({"code", "verify", kNeverIssued}).out, Not(HasSubstr("certificate")));
}

TEST(CodeCommand, AnAbsenceStatesItsLimit) {
  Desk desk;
  const Ran ran = desk.Run({"code", "verify", kNeverIssued});
  EXPECT_THAT(ran.out, StartsWith("NOT REGISTERED: was never issued as of block 1 at 20"));
  EXPECT_THAT(ran.out, HasSubstr("- anything after block 1: it may have been issued since"));
  EXPECT_THAT(ran.out, HasSubstr("- whether the node showed its newest block"));
}

TEST(CodeCommand, ACertificateOfAnotherCodeIsNoAnswer) {
  Desk desk;
  const std::string code = desk.Approve(desk.File());
  desk.Run({"code", "certificate", code, desk.path("c.json")});
  const Ran ran = desk.Run({"code", "verify", kNeverIssued, "--offline", desk.path("c.json")});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_THAT(ran.out, HasSubstr("verify.wrong_object"));
}

TEST(CodeCommand, LooksUpByServiceAndProvider) {
  Desk desk;
  const std::string code = desk.Approve(desk.File());
  EXPECT_EQ(desk.Json({"code", "lookup", "公司"})["filings"].size(), 1u);
  EXPECT_EQ(desk.Json({"code", "lookup", "京网信备" + code + "号"})["filings"].size(), 1u);
  testing::internal::CaptureStderr();
  const Ran none =
      RunProgram({"code", "lookup", "nobody", "--config", desk.path("beian.toml"), "--lang", "en"});
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(none.exit, 3);
  EXPECT_THAT(said, HasSubstr("No registered service has that text"));
}

}  // namespace
}  // namespace beian::client
