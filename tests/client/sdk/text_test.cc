#include "client/sdk/text.h"

#include <gtest/gtest.h>

namespace beian::client {
namespace {

TEST(Text, BringsTextsIntoNormalFormC) {
  EXPECT_EQ(ToNfc("e\xCC\x81"), "\xC3\xA9");
  EXPECT_EQ(ToNfc("北京"), "北京");
  EXPECT_EQ(ToNfc("\xFF"), std::nullopt);
}

TEST(Text, CountsColumnsNotOctets) {
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("北京"), 4u);
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1u);
  EXPECT_EQ(PadTo("北京", 6), "北京  ");
  EXPECT_EQ(PadTo("北京", 3), "北京");
}

TEST(Text, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(Printable("a\x1b[31mb"), "a\\u{1b}[31mb");
  EXPECT_EQ(Printable("\xE2\x80\xAE"
                      "txt"),
            "\\u{202e}txt");
  EXPECT_EQ(Printable("\xFF"
                      "a"),
            "\\xffa");
  EXPECT_EQ(Printable("line\nline"), "line\\u{a}line");
  EXPECT_EQ(Printable("京网信备"), "京网信备");
  EXPECT_EQ(PrintableLines("a\x07\nb"), "a\\u{7}\nb");
}

TEST(Text, FindsTheNearestName) {
  const std::vector<std::string> names = {"filing", "review", "set"};
  EXPECT_EQ(Nearest("fling", names), "filing");
  EXPECT_EQ(Nearest("reveiw", names), "review");
  EXPECT_EQ(Nearest("zzzzzz", names), std::nullopt);
  const std::vector<std::string> levels = {"L0", "L1", "L2", "L3"};
  EXPECT_EQ(Nearest("L4", levels), std::nullopt) << "each is as near";
  EXPECT_EQ(Nearest("l3x", levels), std::nullopt);
  EXPECT_EQ(Nearest("fling", std::vector<std::string>{"filing", "filing"}), "filing");
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
}

}  // namespace
}  // namespace beian::client
