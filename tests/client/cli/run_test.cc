#include "client/cli/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"
#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

TEST(RunTest, AnOddAnswerOfANodeIsAnErrorAndNoCrash) {
  Desk desk;
  for (const char* body : {"[]", "{}", R"({"filings":7})", R"({"filings":[1,"x",{"id":5}]})",
                           R"({"sets":{"a":1},"next":[]})", "\xFF\xFE"}) {
    desk.node().before = [&](const TestRequest&) {
      return TestReply{200, "application/json", body, false};
    };
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"filing", "list"},
                                               {"set", "list"},
                                               {"chain", "status"},
                                               {"doctor"},
                                               {"code", "lookup", "x"},
                                               {"review", "take", "--all", "--key", "cac"},
                                               {"audit", "run"}}) {
      const Ran ran = desk.Run(words);
      EXPECT_GE(ran.exit, 0);
      EXPECT_LE(ran.exit, 11) << words[0];
    }
  }
}

TEST(RunTest, ABadConnectionFileDoesNotKeepHelpAway) {
  Desk desk;
  desk.folder().Write("beian.toml", "broken");
  EXPECT_EQ(desk.Run({"explain", "filing.wrong_state"}).exit, 0);
  EXPECT_EQ(desk.Run({"version"}).exit, 0);
  EXPECT_EQ(desk.Run({"chain", "status"}).exit, 2);
}

TEST(RunTest, AMissingConnectionFileIsNamedWithWhatNamedIt) {
  const Folder folder;
  ::setenv("BEIAN_CONFIG", (folder / "none.toml").c_str(), 1);
  const Ran ran = RunProgram({"chain", "status", "--lang", "en"});
  const Ran translated = RunProgram({"chain", "status", "--lang", "zh-CN"});
  const int made = RunProgram({"key", "new", folder / "k.pem"}).exit;
  const int printed = RunProgram({"filing", "template"}).exit;
  const int checked = RunProgram({"code", "check", "11010519864491550014"}).exit;
  const int validated = RunProgram({"filing", "validate", folder / "none"}).exit;
  const Ran status = RunProgram({"cluster", "status", "--dir", folder / "none"});
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"config", "show"}, {"config", "check"}, {"cluster", "status"}, {"cluster", "logs"}}) {
    const Ran named = RunProgram(words);
    EXPECT_EQ(named.exit, 2) << words[0] << words[1];
    EXPECT_THAT(named.error, testing::HasSubstr("config.cannot_read"));
    EXPECT_THAT(named.error, testing::HasSubstr(folder / "none.toml"));
    EXPECT_THAT(named.error, testing::HasSubstr("unset BEIAN_CONFIG"));
  }
  ::unsetenv("BEIAN_CONFIG");
  EXPECT_EQ(ran.exit, 2) << "3 would say that something was proved absent";
  EXPECT_THAT(ran.error, testing::HasSubstr("BEIAN_CONFIG; unset it, or give --config"));
  EXPECT_THAT(translated.error, testing::HasSubstr("BEIAN_CONFIG"));
  EXPECT_EQ(made, 0);
  EXPECT_EQ(printed, 0);
  EXPECT_EQ(checked, 0);
  EXPECT_EQ(validated, 3);
  EXPECT_EQ(status.error.find("none.toml"), std::string::npos) << status.error;
}

TEST(RunTest, WithoutAConnectionFileTheRemedySaysHowToNameOne) {
  const Folder folder;
  const Desk desk;
  ::setenv("XDG_CONFIG_HOME", folder.path().c_str(), 1);
  for (const char* lang : {"en", "zh-CN"}) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"chain", "status"},
             {"key", "show"},
             {"filing", "list", "--genesis", desk.path("genesis.toml")}}) {
      auto all = words;
      all.insert(all.end(), {"--lang", lang});
      EXPECT_THAT(RunProgram(all).error, testing::HasSubstr("BEIAN_CONFIG")) << words[1] << lang;
    }
  }
  ::unsetenv("XDG_CONFIG_HOME");
}

TEST(RunTest, ALanguageThatIsNotThereIsRefused) {
  for (const char* noun : {"version", "config", "cluster"}) {
    std::vector<std::string> words = {noun, "--lang", "fr"};
    if (noun != std::string("version")) {
      words.insert(words.begin() + 1, noun == std::string("config") ? "show" : "status");
    }
    const Ran ran = RunProgram(words);
    EXPECT_EQ(ran.exit, 2) << noun;
    EXPECT_THAT(ran.error, testing::HasSubstr("en|zh-CN"));
  }
}

TEST(RunTest, ATranslatedErrorKeepsWhatWasSaidOfTheCase) {
  const Ran number = RunProgram({"filing", "wait", "x", "--timeout", "abc", "--lang", "zh-CN"});
  EXPECT_THAT(number.error, testing::HasSubstr("--timeout"));
  Desk desk;
  const std::string file = desk.folder().Write("f.toml", "[service]\nname = \"x\"\n");
  const Ran ran = RunProgram({"filing", "submit", file, "--key", "own", "--config",
                              desk.path("beian.toml"), "--lang", "zh-CN"});
  EXPECT_THAT(ran.error, testing::HasSubstr("subject.division"));
  EXPECT_THAT(ran.error, testing::HasSubstr("错误"));
}

}  // namespace
}  // namespace beian::client
