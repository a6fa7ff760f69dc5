// The program as it is installed: streams, exit codes, signals, no terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "client/cli/command.h"
#include "client/cli/process.h"
#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

std::string Shell(const std::string& command, int* exit = nullptr) {
  const auto finished = RunToEnd({"/bin/sh", "-c", command});
  if (exit != nullptr) *exit = finished->exit_code;
  return finished->output;
}
const std::string kProgram = BEIAN_PROGRAM;

TEST(Program, WritesDataToStdoutAndMessagesToStderr) {
  EXPECT_EQ(Shell(kProgram + " code check 11010519418374810018 2>/dev/null >/dev/null"), "");
  EXPECT_EQ(Shell(kProgram + " nonsense 2>/dev/null"), "");
  EXPECT_THAT(Shell(kProgram + " nonsense 2>&1 >/dev/null"), HasSubstr("usage.unknown_command"));
}

TEST(Program, ExitCodesSayWhatKindOfAnswerItIs) {
  const Folder folder;
  const auto exit_of = [&](const std::string& words) {
    int exit = 0;
    Shell("cd " + folder.path() + " && HOME=/nowhere " + kProgram + " " + words, &exit);
    return exit;
  };
  EXPECT_EQ(exit_of("version"), 0);
  EXPECT_EQ(exit_of("--help"), 0);
  EXPECT_EQ(exit_of("help"), 0);
  EXPECT_EQ(exit_of(""), 2);
  EXPECT_EQ(exit_of("fling"), 2);
  EXPECT_EQ(exit_of("chain status"), 11);
  EXPECT_EQ(exit_of("explain no.such"), 3);
  EXPECT_EQ(exit_of("code check 11010519418374810018"), 10);
  EXPECT_EQ(exit_of("code verify 11010519864491550014"), 11);
  EXPECT_EQ(exit_of("cluster status"), 3);
  EXPECT_EQ(exit_of("filing submit x.toml"), 11);
}

TEST(Program, EveryCommandAcceptsEveryForm) {
  for (const Command& command : Commands()) {
    const std::string name = command.noun + " " + command.verb;
    for (const char* form : {"text", "table", "json", "ndjson", "csv"}) {
      int exit = 0;
      Shell(kProgram + " " + name + " -o " + form + " --help", &exit);
      EXPECT_EQ(exit, 0) << name << " " << form;
    }
  }
}

TEST(Program, ErrorsAreOneJsonObjectForPrograms) {
  EXPECT_THAT(Shell(kProgram + " explain no.such -o json 2>&1"),
              testing::StartsWith("{\"schema\":\"beian.error.v1\",\"id\":\"explain.unknown_id\""));
}

TEST(Program, ColoursNothingThatIsNoTerminal) {
  EXPECT_THAT(Shell(kProgram + " code check 11010519864491550014"), Not(HasSubstr("\x1b")));
}

TEST(Program, SpeaksTheLanguageOfItsEnvironment) {
  EXPECT_THAT(Shell("LANG=zh_CN.UTF-8 LC_ALL= " + kProgram + " code check 11010519864491550014"),
              HasSubstr("格式正确"));
  EXPECT_THAT(Shell("LANG=zh_CN.UTF-8 " + kProgram + " --lang en code check 11010519864491550014"),
              HasSubstr("WELL FORMED"));
  EXPECT_THAT(Shell("LANG=zh_CN.UTF-8 LC_ALL= " + kProgram + " --help"), HasSubstr("退出码"));
}

TEST(Program, ReadsConnectionFilesInTheirOrder) {
  const Folder folder;
  folder.Write("beian.toml", "lang = \"zh-CN\"\n");
  const std::string here = "cd " + folder.path() + " && LC_ALL=C ";
  EXPECT_THAT(Shell(here + kProgram + " config show"), HasSubstr("./beian.toml"));
  EXPECT_THAT(Shell(here + "BEIAN_LANG=en " + kProgram + " config show"), HasSubstr("BEIAN_LANG"));
}

TEST(Program, ReadsAFilingFromStandardInput) {
  int exit = 0;
  Shell(kProgram + " filing template | " + kProgram + " filing validate -", &exit);
  EXPECT_EQ(exit, 10) << "an empty form is read, and is not valid";
}

}  // namespace
}  // namespace beian::client
