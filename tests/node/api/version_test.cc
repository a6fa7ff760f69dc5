#include "node/api/version.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace beian {
namespace {

TEST(Version, SaysWhatWasBuiltFromWhatAndByWhat) {
  EXPECT_TRUE(
      std::regex_match(std::string(BuildVersion()), std::regex("[0-9]+\\.[0-9]+\\.[0-9]+")));
  EXPECT_TRUE(std::regex_match(std::string(BuildCommit()), std::regex("[0-9a-f]{12}|unknown")));
  EXPECT_TRUE(std::regex_match(std::string(BuildCompiler()), std::regex("[A-Za-z]+ [0-9.]+")));
}

}  // namespace
}  // namespace beian
