#include "client/published/published_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/published/fixture.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

TEST(PublishedData, HoldsTheFiveSetsAndWhatIsKnownOfThem) {
  const PublishedData data = ProjectData();
  uint32_t total = 0;
  for (uint32_t number = 1; number <= 5; ++number) total += data.FindSet(number)->filings;
  EXPECT_EQ(total, 1238u);
  EXPECT_EQ(data.FindSet(6), nullptr);
  EXPECT_EQ(data.cells.size(), 15u);
  uint32_t rows = 0;
  uint32_t filings = 0;
  for (const PublishedFiling& filing : data.filings) {
    if (filing.set > 5) continue;
    ++rows;
    filings += filing.filings;
  }
  EXPECT_EQ(rows, 46u);
  EXPECT_EQ(filings, 50u);  // one row stands for five
}

TEST(PublishedData, ReadsACellOfTwoProvincesTogether) {
  const PublishedData data = ProjectData();
  const auto cell = std::ranges::find(data.cells, "浙江+上海", &PublishedCell::name);
  ASSERT_NE(cell, data.cells.end());
  EXPECT_EQ(cell->set, 2u);
  EXPECT_EQ(cell->filings, 88u);
  EXPECT_EQ(cell->provinces, (std::vector{FindProvince("33"), FindProvince("31")}));
}

struct Damage {
  const char* name;
  const char* file;
  const char* from;
  const char* to;
  const char* fault;
};

class DamagedData : public testing::TestWithParam<Damage> {};

TEST_P(DamagedData, IsRefusedByFileLineAndColumn) {
  DataCopy copy(GetParam().name);
  ASSERT_EQ(copy.Fault(), "");
  copy.Replace(GetParam().file, GetParam().from, GetParam().to);
  EXPECT_THAT(copy.Fault(), HasSubstr(GetParam().fault));
  EXPECT_THAT(copy.Fault(), HasSubstr(GetParam().file));
}

INSTANTIATE_TEST_SUITE_P(
    Each, DamagedData,
    testing::Values(
        Damage{"total", "published-batches.tsv", "\t309\t", "\t310\t", ":3: column 4 (cumulative)"},
        Damage{"order", "published-batches.tsv", "\n3\t", "\n1\t", ":4: column 1 (batch)"},
        Damage{"date", "published-batches.tsv", "2019-10-18", "2019-13-18",
               ":3: column 2 (published)"},
        Damage{"many", "published-batches.tsv", "\t197\t", "\t1197\t", ":2: column 3 (filings)"},
        Damage{"place", "published-province-counts.tsv", "1\t浙江", "1\t浙汪",
               ":4: column 2 (province)"},
        Damage{"half", "published-province-counts.tsv", "浙江+上海", "浙江+",
               ":8: column 2 (province)"},
        Damage{"twice", "published-province-counts.tsv", "1\t浙江", "1\t北京",
               ":4: column 2 (province)"},
        Damage{"excess", "published-province-counts.tsv", "上海\t19", "上海\t64",
               ":5: column 3 (filings)"},
        Damage{"set", "published-province-counts.tsv", "4\t北京", "7\t北京", ":13: column 1 (batch)"},
        Damage{"known", "published-filings.tsv", "北京\t\treported", "北京\t\tunknown",
               ":2: column 5 (province)"},
        Damage{"word", "published-filings.tsv", "\treported\t", "\tguessed\t",
               ":2: column 7 (province_is)"},
        Damage{"code", "published-filings.tsv", "491550014", "491550024",
               ":24: column 6 (registration_code)"},
        Damage{"elsewhere", "published-filings.tsv", "北京\t京网", "上海\t京网",
               ":24: column 6 (registration_code)"},
        Damage{"number", "published-filings.tsv", "(five filings)", "(some filings)",
               ":40: column 3 (service_en)"},
        Damage{"nobody", "published-filings.tsv", "\t百度\t", "\t\t", ":2: column 4 (provider)"},
        Damage{"digits", "divisions.tsv", "110105", "11010x", "column 1 (gb2260)"},
        Damage{"back", "divisions.tsv", "110105", "110101", "column 1 (gb2260)"},
        Damage{"level", "divisions.tsv", "\tdistrict\t", "\tquarter\t", "column 3 (level)"}),
    [](const auto& damage) { return std::string(damage.param.name); });

TEST(PublishedData, NeedsADistrictOfEveryProvince) {
  DataCopy copy("districts");
  std::filesystem::remove(copy.folder() / "divisions.tsv");
  EXPECT_NE(copy.Fault(), "");
  std::ofstream(copy.folder() / "divisions.tsv")
      << "gb2260\tname\tlevel\twithin\n110101\t东城区\tdistrict\t北京市\n";
  EXPECT_THAT(copy.Fault(), HasSubstr("every province needs a district"));
}

TEST(SetRanges, AreOneSetOrAFirstAndALast) {
  const auto range = ParseSetRange("2:4");
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->first, 2u);
  EXPECT_EQ(range->last, 4u);
  EXPECT_EQ(ParseSetRange("3")->first, 3u);
  EXPECT_EQ(ParseSetRange("3")->last, 3u);
  for (const char* text : {"", ":", "1:", ":5", "0:5", "5:1", "a", "1:5:", "1-5", "1:1001", "-1"}) {
    EXPECT_FALSE(ParseSetRange(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace beian::client
