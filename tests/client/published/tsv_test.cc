#include "client/published/tsv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beian::client {
namespace {

using testing::HasSubstr;

std::string FaultOf(std::string_view text) {
  const auto table = ParseTsv(text, "a.tsv", {"name", "count"});
  return table ? "" : table.error().message;
}

TEST(Tsv, ReadsRowsAndTheirLines) {
  const auto table = ParseTsv("name\tcount\n北京\t63\n\t0\n", "a.tsv", {"name", "count"});
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->rows, (std::vector<std::vector<std::string>>{{"北京", "63"}, {"", "0"}}));
  EXPECT_EQ(TsvTable::LineOf(1), 3u);
  EXPECT_EQ(TsvNumber(*table, 0, 1, 100), 63u);
}

TEST(Tsv, NamesFileAndLineOfWhatIsWrong) {
  EXPECT_THAT(FaultOf("count\tname\n1\t2\n"),
              HasSubstr("a.tsv:1: the columns must be name, count"));
  EXPECT_THAT(FaultOf("name\tcount\na\t1\nb\n"), HasSubstr("a.tsv:3: 1 columns, 2 are needed"));
  EXPECT_THAT(FaultOf("name\tcount\na\t1\t2\n"), HasSubstr("a.tsv:2: 3 columns"));
  EXPECT_THAT(FaultOf("name\tcount\na\t1\n\nb\t2\n"), HasSubstr("a.tsv:3: 1 columns"));
  EXPECT_THAT(FaultOf("name\tcount\na\t1"), HasSubstr("a.tsv:2: the last line has no end"));
  EXPECT_THAT(FaultOf("name\tcount\na\t1\r\n"), HasSubstr("a.tsv:2: column 2 (count)"));
  EXPECT_THAT(FaultOf("name\tcount\n\xff\t1\n"), HasSubstr("a.tsv:2: column 1 (name)"));
  EXPECT_THAT(FaultOf("name\tcount\n"), HasSubstr("there are no rows"));
  EXPECT_THAT(FaultOf(""), HasSubstr("there are no rows"));
}

TEST(Tsv, TakesOnlyPlainNumbersWithinTheBound) {
  for (const std::string text :
       {"", "-1", "+1", " 1", "1 ", "01", "1.0", "101", "4294967297", "x"}) {
    const auto table = ParseTsv("name\tcount\na\t" + text + "\n", "a.tsv", {"name", "count"});
    ASSERT_TRUE(table.has_value());
    const auto number = TsvNumber(*table, 0, 1, 100);
    ASSERT_FALSE(number.has_value()) << text;
    EXPECT_THAT(number.error().message, HasSubstr("a.tsv:2: column 2 (count)"));
  }
}

TEST(Tsv, BoundsTheRows) {
  std::string text = "name\tcount\n";
  for (size_t i = 0; i <= kTsvRowsMax; ++i) text += "a\t1\n";
  EXPECT_THAT(FaultOf(text), HasSubstr("too many lines"));
}

TEST(Tsv, SaysWhichFileIsMissing) {
  const auto table = ReadTsv("/nowhere/a.tsv", {"name"});
  ASSERT_FALSE(table.has_value());
  EXPECT_THAT(table.error().object, HasSubstr("/nowhere/a.tsv"));
}

}  // namespace
}  // namespace beian::client
