#include "ledger/base/calendar.h"

#include <chrono>
#include <cstdio>

namespace beian {
namespace {

constexpr uint64_t kSecondsPerDay = 86400;
constexpr uint64_t kShanghaiOffsetSeconds = 8 * 3600;
constexpr size_t kDateLength = 10;  // of "2019-03-30"
constexpr size_t kTextMax = 64;     // octets; enough for the last time a TimeMs can hold

constexpr int64_t kDaysPerEra = 146097;   // 400 years, after which the calendar repeats
constexpr int64_t kDaysToEpoch = 719468;  // from 0000-03-01 to 1970-01-01

/// Years are counted from 1 March, so that a leap day is the last of its year; std::chrono would
/// do the same but ends at the year 32767, and every TimeMs has to have a date.
Date DateOfDay(uint64_t days_since_1970) {
  const int64_t days = static_cast<int64_t>(days_since_1970) + kDaysToEpoch;
  const int64_t era = days / kDaysPerEra;
  const int64_t day_of_era = days % kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t months_from_march = (5 * day_of_year + 2) / 153;
  const int64_t day = day_of_year - (153 * months_from_march + 2) / 5 + 1;
  const int64_t month = months_from_march < 10 ? months_from_march + 3 : months_from_march - 9;
  const int64_t year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
  return {static_cast<int32_t>(year), static_cast<uint8_t>(month), static_cast<uint8_t>(day)};
}

/// The number that `digits` spell; nothing when one of them is no digit.
std::optional<unsigned> ParseDigits(std::string_view digits) {
  unsigned value = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

}  // namespace

Date ShanghaiDate(TimeMs time) {
  // In seconds, where the offset cannot overflow.
  return DateOfDay((time.value() / kMsPerSecond + kShanghaiOffsetSeconds) / kSecondsPerDay);
}

std::optional<Date> ParseDate(std::string_view text) {
  if (text.size() != kDateLength || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = ParseDigits(text.substr(0, 4));
  const auto month = ParseDigits(text.substr(5, 2));
  const auto day = ParseDigits(text.substr(8, 2));
  if (!year || !month || !day || *year == 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return Date{static_cast<int32_t>(*year), static_cast<uint8_t>(*month),
              static_cast<uint8_t>(*day)};
}

std::string FormatDate(Date date) {
  std::array<char, kTextMax> text;
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year, date.month, date.day);
  CHECK(length > 0 && static_cast<size_t>(length) < text.size());
  return {text.data(), static_cast<size_t>(length)};
}

std::string FormatTime(TimeMs time) {
  const uint64_t seconds = time.value() / kMsPerSecond;
  const auto of_day = static_cast<unsigned>(seconds % kSecondsPerDay);
  std::array<char, kTextMax> text;
  const int length = std::snprintf(text.data(), text.size(), "%sT%02u:%02u:%02u.%03uZ",
                                   FormatDate(DateOfDay(seconds / kSecondsPerDay)).c_str(),
                                   of_day / 3600, of_day / 60 % 60, of_day % 60,
                                   static_cast<unsigned>(time.value() % kMsPerSecond));
  CHECK(length > 0 && static_cast<size_t>(length) < text.size());
  return {text.data(), static_cast<size_t>(length)};
}

}  // namespace beian
