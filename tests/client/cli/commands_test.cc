#include <gtest/gtest.h>

#include "client/cli/command.h"

namespace beian::client {
namespace {

TEST(CommandTable, EveryNounWithVerbsIsExplained) {
  for (const Command& command : Commands()) {
    EXPECT_FALSE(command.help.empty()) << command.noun;
    if (!command.verb.empty()) {
      EXPECT_FALSE(NounHelp(command.noun).empty()) << command.noun;
    }
    for (const Option& option : command.options) {
      EXPECT_NE(option.names.find("--"), std::string::npos);
      EXPECT_FALSE(option.help.empty()) << option.names;
    }
  }
}

}  // namespace
}  // namespace beian::client
