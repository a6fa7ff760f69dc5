#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/command.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

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

TEST(HelpCommand, TheBashScriptCompletesVerbs) {
  const Folder folder;
  const std::string script = folder.Write("c", RunProgram({"completion", "bash"}).out);
  const std::string command = "bash -c 'source " + script +
                              "; COMP_WORDS=(beian filing su); COMP_CWORD=2; _beian; "
                              "[[ \"${COMPREPLY[*]}\" == *submit*supplement* ]]'";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(HelpCommand, SaysItsVersion) {
  EXPECT_THAT(RunProgram({"version"}).out, testing::StartsWith("beian 0."));
  EXPECT_EQ(RunProgram({"version", "-o", "json"}).json()["protocol_version"], 1);
}

}  // namespace
}  // namespace beian::client
