#include "client/cli/explanation_table.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace beian::client {
namespace {

TEST(ExplanationTable, SaysEverythingInChineseToo) {
  for (const ExplanationEntry& entry : ExplanationTable()) {
    const auto is_chinese = [](std::string_view text) {
      return std::ranges::any_of(text, [](char c) { return (c & 0x80) != 0; });
    };
    EXPECT_FALSE(entry.english.empty()) << entry.id;
    EXPECT_TRUE(is_chinese(entry.chinese)) << entry.id;
    EXPECT_TRUE(is_chinese(entry.chinese_remedy)) << entry.id;
  }
}

TEST(ExplanationTable, HasAnIdOnce) {
  EXPECT_TRUE(std::ranges::adjacent_find(ExplanationTable(), {}, &ExplanationEntry::id) ==
              ExplanationTable().end());
}

}  // namespace
}  // namespace beian::client
