#include "client/sdk/toml_text.h"

#include <gtest/gtest.h>

namespace beian::client {
namespace {

TEST(TomlText, NamesTheLineThatCannotBeRead) {
  EXPECT_TRUE(ParseToml("a = 1\n", "f").has_value());
  const auto bad = ParseToml("a = 1\nnonsense\r\nb = 2\n", "f");
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error(), "Line 2: `nonsense` cannot be read.");
}

TEST(TomlText, IsRefusedBeforeItsDepthCouldTakeTheWholeStack) {
  for (const char* open : {"[", "{b = "}) {
    std::string deep = "a = 1\nb = ";
    for (int i = 0; i < 100'000; ++i) deep += open;
    const auto bad = ParseToml(deep, "f");
    ASSERT_FALSE(bad.has_value());
    EXPECT_EQ(bad.error(), "Line 2: there are too many brackets or dots.");
  }
}

TEST(TomlText, ShowsALineAsItMayBeShown) {
  EXPECT_EQ(UnreadableLine("a\nb\x1b[2J\nc", 2), "Line 2: `b\\u{1b}[2J` cannot be read.");
  EXPECT_EQ(UnreadableLine("a", 9), "Line 9: `a` cannot be read.");
}

}  // namespace
}  // namespace beian::client
