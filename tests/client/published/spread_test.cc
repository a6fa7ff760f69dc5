#include <gtest/gtest.h>

#include "client/published/plan.h"
#include "tests/client/published/fixture.h"

namespace beian::client {
namespace {

uint32_t Total(const ProvinceCounts& counts) {
  uint32_t total = 0;
  for (const auto& [province, count] : counts) total += count;
  return total;
}

TEST(Spread, GivesEachItsMinimumAndTheRestByWeight) {
  const std::vector provinces = {FindProvince("44"), FindProvince("33"), FindProvince("11")};
  // Weights 20, 12, 1 of 33: 66 more are 40, 24, 2.
  const ProvinceCounts counts = Spread(70, provinces, {{FindProvince("11"), 4}});
  EXPECT_EQ(counts, (ProvinceCounts{{FindProvince("44"), 40}, {FindProvince("33"), 24},
                                    {FindProvince("11"), 6}}));
}

TEST(Spread, GivesWhatDoesNotDivideToTheLargestRemainders) {
  const std::vector provinces = {FindProvince("65"), FindProvince("13"), FindProvince("14")};
  EXPECT_EQ(Spread(4, provinces, {}),
            (ProvinceCounts{{FindProvince("13"), 2}, {FindProvince("14"), 1},
                            {FindProvince("65"), 1}}));
  EXPECT_EQ(Total(Spread(5, provinces, {})), 5u);
  EXPECT_EQ(Total(Spread(0, provinces, {})), 0u);
}

TEST(SpreadSet, MeetsEveryTotalAndEveryKnownCell) {
  const PublishedData data = ProjectData();
  for (uint32_t number = 1; number <= 5; ++number) {
    const auto counts = SpreadSet(data, number);
    ASSERT_TRUE(counts.has_value());
    EXPECT_EQ(Total(*counts), data.FindSet(number)->filings);
    for (const PublishedCell& cell : data.cells) {
      if (cell.set != number) continue;
      uint32_t sum = 0;
      for (const Province* province : cell.provinces) sum += counts->at(province);
      EXPECT_EQ(sum, cell.filings) << cell.name;
    }
  }
}

TEST(SpreadSet, GivesNoProvinceMoreThanTheKnownCellsOfTheLastSetAllow) {
  // Reports of set 5 name its three provinces with most filings: 37, 35 and 34.
  const auto counts = SpreadSet(ProjectData(), 5);
  for (const auto& [province, count] : *counts) {
    const bool named = province->gb2260 == "11" || province->gb2260 == "44" ||
                       province->gb2260 == "32";
    EXPECT_TRUE(named || count < 34) << province->name_en << " " << count;
  }
}

TEST(SpreadSet, RefusesMoreNamedFilingsThanAreCounted) {
  PublishedData data = ProjectData();
  for (PublishedCell& cell : data.cells) {
    if (cell.set == 1 && cell.name == "浙江") cell.filings = 4;
  }
  const auto counts = SpreadSet(data, 1);
  ASSERT_FALSE(counts.has_value());
  EXPECT_EQ(counts.error().id, "published.contradiction");
  EXPECT_NE(counts.error().message.find("浙江"), std::string::npos);
}

TEST(SpreadSet, RefusesFilingsWithoutAPlace) {
  PublishedData data = ProjectData();
  data.sets[0].filings = 63 + 47 + 24 + 19 + 3;  // Shandong's one and two of unknown province
  EXPECT_TRUE(SpreadSet(data, 1).has_value());
  data.sets[0].filings -= 1;
  EXPECT_FALSE(SpreadSet(data, 1).has_value());
}

}  // namespace
}  // namespace beian::client
