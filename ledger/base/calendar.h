#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/types.h"

namespace beian {

/// A day of the proleptic Gregorian calendar.
struct Date {
  int32_t year = 1970;
  uint8_t month = 1;  ///< 1 to 12
  uint8_t day = 1;    ///< 1 to 31
  auto operator<=>(const Date&) const = default;
};

/// The civil date in Asia/Shanghai (UTC+8 all year since 1991) at `time`.
Date ShanghaiDate(TimeMs time);

/// `2019-03-30`; nothing else is accepted, and the day must exist.
std::optional<Date> ParseDate(std::string_view text);
std::string FormatDate(Date date);

/// `2019-03-30T08:00:00.000Z`.
std::string FormatTime(TimeMs time);

}  // namespace beian
