#include "ledger/base/calendar.h"

#include <gtest/gtest.h>

#include <chrono>

namespace beian {
namespace {

constexpr uint64_t kDayMs = 86'400'000;

TEST(ShanghaiDate, ChangesAtFourInTheAfternoonUtc) {
  const TimeMs midnight(1'553'875'200'000);  // 2019-03-29T16:00:00Z
  EXPECT_EQ(ShanghaiDate(midnight), (Date{2019, 3, 30}));
  EXPECT_EQ(ShanghaiDate(midnight.Previous()), (Date{2019, 3, 29}));
}

TEST(ShanghaiDate, StartsInTheMorningOfTheEpoch) {
  EXPECT_EQ(ShanghaiDate(TimeMs(0)), (Date{1970, 1, 1}));
  EXPECT_EQ(ShanghaiDate(TimeMs(16 * 3'600'000)), (Date{1970, 1, 2}));
}

TEST(ShanghaiDate, AgreesWithTheStandardLibraryOnEveryDayOfSixCenturies) {
  for (uint64_t day = 0; day < 220'000; ++day) {
    const std::chrono::year_month_day expected{
        std::chrono::sys_days(std::chrono::days(static_cast<int>(day)))};
    const Date date = ShanghaiDate(TimeMs(day * kDayMs));
    ASSERT_EQ(date.year, static_cast<int>(expected.year()));
    ASSERT_EQ(date.month, static_cast<unsigned>(expected.month()));
    ASSERT_EQ(date.day, static_cast<unsigned>(expected.day()));
  }
}

TEST(ShanghaiDate, HasADateForTheLastTimeOfAll) {
  EXPECT_EQ(ShanghaiDate(TimeMs(std::numeric_limits<uint64_t>::max())).year, 584556019);
}

TEST(Date, IsOrderedByYearThenMonthThenDay) {
  EXPECT_LT((Date{2019, 12, 31}), (Date{2020, 1, 1}));
  EXPECT_LT((Date{2020, 1, 31}), (Date{2020, 2, 1}));
  EXPECT_LT((Date{2020, 2, 1}), (Date{2020, 2, 2}));
}

TEST(ParseDate, ReadsWhatFormatDateWrites) {
  for (const char* text :
       {"0001-01-01", "1970-01-01", "2000-02-29", "2019-03-30", "2024-02-29", "9999-12-31"}) {
    const auto date = ParseDate(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(FormatDate(*date), text);
  }
  EXPECT_EQ(ParseDate("2019-03-30"), (Date{2019, 3, 30}));
}

TEST(ParseDate, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2019-02-29", "1900-02-29", "2100-02-29", "2019-04-31", "2019-00-10",
                           "2019-13-01", "2019-01-00", "2019-01-32", "0000-01-01"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
}

TEST(ParseDate, RefusesEveryOtherForm) {
  for (const char* text : {"", "2019-3-30", "2019/03/30", "20190330", "2019-03-30 ", " 2019-03-30",
                           "2019-03-3a", "-019-03-30", "+019-03-30", "2019-03-+1", "19-03-30",
                           "12019-03-30", "2019-03-30T00:00:00Z", "２０１９-03-30"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
  EXPECT_EQ(ParseDate(std::string_view("2019-03-30\0", 11)), std::nullopt);
}

TEST(FormatTime, WritesUtcWithMilliseconds) {
  EXPECT_EQ(FormatTime(TimeMs(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTime(TimeMs(1'553'932'800'000)), "2019-03-30T08:00:00.000Z");
  EXPECT_EQ(FormatTime(TimeMs(1'709'251'199'007)), "2024-02-29T23:59:59.007Z");
  EXPECT_EQ(FormatTime(TimeMs(std::numeric_limits<uint64_t>::max())),
            "584556019-04-03T14:25:51.615Z");
}

}  // namespace
}  // namespace beian
