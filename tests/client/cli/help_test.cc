#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/command.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

TEST(HelpText, StandsInOneColumnWhateverTheLanguage) {
  for (const auto& [language, text] : {std::pair("en", "file of the trust root"),
                                       std::pair("zh-CN", "信任根（创世）文件")}) {
    const std::string help = RunProgram({"--help", "--lang", language}).out;
    const size_t at = help.find(text);
    ASSERT_NE(at, std::string::npos) << help;
    const size_t start = help.rfind('\n', at) + 1;
    EXPECT_EQ(DisplayWidth(help.substr(start, at - start)), 30u) << help;
  }
}

using testing::HasSubstr;

TEST(HelpCommand, CompletesEveryCommandAndOption) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Ran ran = RunProgram({"completion", shell});
    EXPECT_EQ(ran.exit, 0);
    for (const Command& command : Commands()) {
      EXPECT_THAT(ran.out, HasSubstr(command.noun)) << shell;
      EXPECT_THAT(ran.out, HasSubstr(command.verb)) << shell;
      for (const Option& option : command.options) EXPECT_THAT(ran.out, HasSubstr(option.key()));
    }
  }
  EXPECT_EQ(RunProgram({"completion", "tcsh"}).exit, 2);
}

/// What bash offers for the last of the words; files are those of an empty folder.
std::string Completed(const std::string& words) {
  const Folder folder;
  const std::string script = folder.Write("script", RunProgram({"completion", "bash"}).out);
  const std::string out = folder / "out";
  const std::string command = "cd " + folder.path() + " && mkdir e && cd e && bash -c 'source " +
                              script + "; COMP_WORDS=(beian " + words +
                              "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _beian; "
                              "echo \"${COMPREPLY[*]}\" > " + out + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  std::string text = *ReadFile(out, kTextFileBytesMax);
  text.pop_back();
  return text;
}

TEST(HelpCommand, TheBashScriptCompletesVerbsWhereverOptionsStand) {
  EXPECT_EQ(Completed("filing su"), "submit supplement");
  EXPECT_EQ(Completed("-o json fil"), "filing");
  EXPECT_EQ(Completed("-o json --node x --quiet filing su"), "submit supplement");
  EXPECT_EQ(Completed("--key filing cha"), "chain") << "a value is no noun";
  EXPECT_EQ(Completed("--output = json fil"), "filing") << "bash splits at =";
  EXPECT_EQ(Completed("filing --lang en submit --ba"), "--batch");
  EXPECT_EQ(Completed("doc"), "doctor");
}

TEST(HelpCommand, TheBashScriptCompletesTheValuesOfOptions) {
  EXPECT_EQ(Completed("-o \"\""), "text table json ndjson csv");
  EXPECT_EQ(Completed("filing list --output ndj"), "ndjson");
  EXPECT_EQ(Completed("audit run --level \"\""), "L0 L1 L2 L3");
  EXPECT_EQ(Completed("chain status --lang z"), "zh-CN");
  EXPECT_EQ(Completed("chain status --lang = z"), "zh-CN");
  EXPECT_EQ(Completed("review list --status awa"), "awaiting_supplement");
  EXPECT_EQ(Completed("chain status --key fil"), "") << "a file's name, not a noun";
}

TEST(HelpCommand, SaysItsVersion) {
  EXPECT_THAT(RunProgram({"version"}).out, testing::StartsWith("beian 0."));
  EXPECT_EQ(RunProgram({"--version"}).out, RunProgram({"version"}).out);
  EXPECT_EQ(RunProgram({"-o", "json", "--version"}).json()["program"], "beian");
  EXPECT_EQ(RunProgram({"chain", "status", "--version"}).exit, 2);
  EXPECT_EQ(RunProgram({"version", "-o", "json"}).json()["protocol_version"], 1);
}

}  // namespace
}  // namespace beian::client
