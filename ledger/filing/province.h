#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace beian {

/// One of the 31 divisions that have an office. Source: data/provinces.tsv (GB/T 2260).
struct Province {
  std::string_view gb2260;        ///< two digits: "11"
  std::string_view abbreviation;  ///< one character: "京"
  std::string_view name_en;
  std::string_view name_zh;       ///< "北京市"
};

std::span<const Province> Provinces();                                ///< ascending by gb2260
const Province* FindProvince(std::string_view division);              ///< by its first two digits
/// Six digits whose first two name a province. The other four may name a division since abolished.
bool IsDivision(std::string_view text);
const Province* FindProvinceByAbbreviation(std::string_view abbreviation);

}  // namespace beian
