#include "client/published/published_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "client/sdk/text.h"
#include "ledger/base/calendar.h"

namespace beian::client {
namespace {

using Failure = std::optional<ClientError>;

/// Provinces are written without their kind: 北京 for 北京市, 内蒙古 for 内蒙古自治区.
const Province* FindByShortName(std::string_view name) {
  constexpr size_t kShortestName = 6;  // two characters
  if (name.size() < kShortestName) return nullptr;
  for (const Province& province : Provinces()) {
    if (province.name_zh.starts_with(name)) return &province;
  }
  return nullptr;
}

bool IsDayOrMonth(const std::string& text) {
  constexpr size_t kMonthLength = 7;
  return ParseDate(text).has_value() ||
         (text.size() == kMonthLength && ParseDate(text + "-01").has_value());
}

Failure ReadSets(const std::filesystem::path& folder, PublishedData& data) {
  const auto table = ReadTsv(folder / "published-batches.tsv",
                             {"batch", "published", "filings", "cumulative", "source"});
  if (!table) return table.error();
  uint32_t cumulative = 0;
  for (size_t row = 0; row < table->rows.size(); ++row) {
    const auto& fields = table->rows[row];
    const auto number = TsvNumber(*table, row, 0, kPublishedSetMax);
    if (!number) return number.error();
    const bool ascends = data.sets.empty() ? *number > 0 : *number > data.sets.back().number;
    if (!ascends) return table->Error(row, 0, "sets ascend from 1");
    if (!IsDayOrMonth(fields[1])) return table->Error(row, 1, "a day like 2019-03-30 is needed");
    const auto filings = TsvNumber(*table, row, 2, kPublishedFilingsMax);
    if (!filings) return filings.error();
    cumulative += *filings;
    if (!fields[3].empty()) {
      const auto said = TsvNumber(*table, row, 3, kPublishedSetMax * kPublishedFilingsMax);
      if (!said) return said.error();
      if (*said != cumulative) {
        return table->Error(row, 3, fmt::format("the sets so far add up to {}", cumulative));
      }
    }
    data.sets.push_back({*number, fields[1], *filings});
  }
  return std::nullopt;
}

/// 浙江+上海 as its provinces; empty when one is unknown.
std::vector<const Province*> SplitProvinces(std::string_view names) {
  std::vector<const Province*> provinces;
  while (true) {
    const size_t plus = names.find('+');
    const Province* province = FindByShortName(names.substr(0, plus));
    if (province == nullptr) return {};
    provinces.push_back(province);
    if (plus == std::string_view::npos) return provinces;
    names.remove_prefix(plus + 1);
  }
}

Failure ReadCells(const std::filesystem::path& folder, PublishedData& data) {
  const auto table = ReadTsv(folder / "published-province-counts.tsv",
                             {"batch", "province", "filings", "status"});
  if (!table) return table.error();
  std::set<std::pair<uint32_t, const Province*>> counted;
  std::map<uint32_t, uint32_t> sums;
  for (size_t row = 0; row < table->rows.size(); ++row) {
    const auto number = TsvNumber(*table, row, 0, kPublishedSetMax);
    if (!number) return number.error();
    const PublishedSet* set = data.FindSet(*number);
    if (set == nullptr) return table->Error(row, 0, "published-batches.tsv has no such set");
    PublishedCell cell{*number, table->rows[row][1], SplitProvinces(table->rows[row][1]), 0};
    if (cell.provinces.empty()) return table->Error(row, 1, "this is no province");
    for (const Province* province : cell.provinces) {
      if (!counted.insert({*number, province}).second) {
        return table->Error(row, 1, "a province is counted twice in this set");
      }
    }
    const auto filings = TsvNumber(*table, row, 2, kPublishedFilingsMax);
    if (!filings) return filings.error();
    cell.filings = *filings;
    sums[*number] += *filings;
    if (sums[*number] > set->filings) {
      return table->Error(row, 2, fmt::format("the provinces exceed the set's {}", set->filings));
    }
    data.cells.push_back(std::move(cell));
  }
  return std::nullopt;
}

/// "(five filings)" stands in place of names that no report gives; 1 for a name, 0 for a
/// parenthesis that is no such number.
uint32_t FilingsOfName(std::string_view name) {
  if (!name.starts_with('(')) return 1;
  constexpr std::array<std::string_view, 10> kNumbers = {"one", "two",   "three", "four", "five",
                                                         "six", "seven", "eight", "nine", "ten"};
  for (size_t i = 0; i < kNumbers.size(); ++i) {
    const std::string_view plural = i == 0 ? "" : "s";
    if (name == fmt::format("({} filing{})", kNumbers[i], plural)) {
      return static_cast<uint32_t>(i + 1);
    }
  }
  return 0;
}

Failure ReadFiling(const TsvTable& table, size_t row, PublishedData& data) {
  enum : size_t { kSet, kNameZh, kNameEn, kProvider, kProvince, kCode, kProvinceIs, kSource };
  const auto& fields = table.rows[row];
  const auto number = TsvNumber(table, row, kSet, kPublishedSetMax);
  if (!number) return number.error();
  PublishedFiling filing{.set = *number,
                         .service_zh = fields[kNameZh],
                         .service_en = fields[kNameEn],
                         .provider = fields[kProvider],
                         .province = nullptr,
                         .code = std::nullopt,
                         .source = fields[kSource],
                         .filings = FilingsOfName(fields[kNameEn])};
  if (filing.provider.empty()) return table.Error(row, kProvider, "a provider is needed");
  if (filing.filings == 0) return table.Error(row, kNameEn, "say (one filing) to (ten filings)");
  if (fields[kNameEn].starts_with('(')) filing.service_en.clear();
  const bool known = fields[kProvinceIs] == "reported" || fields[kProvinceIs] == "inferred" ||
                     fields[kProvinceIs] == "from memory";
  if (!known && fields[kProvinceIs] != "unknown") {
    return table.Error(row, kProvinceIs, "say reported, inferred, from memory or unknown");
  }
  filing.province = FindByShortName(fields[kProvince]);
  if (known != (filing.province != nullptr) || known == fields[kProvince].empty()) {
    return table.Error(row, kProvince, "a province is needed exactly when it is known");
  }
  if (!fields[kCode].empty()) {
    const auto code = RegistrationCode::Parse(fields[kCode]);
    if (!code) return table.Error(row, kCode, CodeErrorId(code.error()));
    if (FindProvince(code->division()) != filing.province || filing.filings != 1) {
      return table.Error(row, kCode, "the code is of another province, or of several filings");
    }
    filing.code = *code;
  }
  data.filings.push_back(std::move(filing));
  return std::nullopt;
}

Failure ReadFilings(const std::filesystem::path& folder, PublishedData& data) {
  const auto table = ReadTsv(folder / "published-filings.tsv",
                             {"batch", "service_zh", "service_en", "provider", "province",
                              "registration_code", "province_is", "source"});
  if (!table) return table.error();
  for (size_t row = 0; row < table->rows.size(); ++row) {
    if (auto failure = ReadFiling(*table, row, data)) return failure;
  }
  return std::nullopt;
}

Failure ReadDivisions(const std::filesystem::path& folder, PublishedData& data) {
  const auto table = ReadTsv(folder / "divisions.tsv", {"gb2260", "name", "level", "within"});
  if (!table) return table.error();
  std::string last;
  std::string last_level;
  std::set<const Province*> with_districts;
  for (size_t row = 0; row < table->rows.size(); ++row) {
    const auto& fields = table->rows[row];
    // A city without districts stands once more as its own district.
    const bool own_district =
        fields[0] == last && last_level == "city" && fields[2] == "district";
    if (!IsDivision(fields[0]) || (fields[0] <= last && !own_district)) {
      return table->Error(row, 0, "six digits of a known province, ascending, are needed");
    }
    last = fields[0];
    last_level = fields[2];
    if (fields[2] != "province" && fields[2] != "city" && fields[2] != "district") {
      return table->Error(row, 2, "say province, city or district");
    }
    if (fields[2] != "district") continue;
    with_districts.insert(FindProvince(fields[0]));
    data.districts.push_back({fields[0], fields[1], fields[3]});
  }
  if (with_districts.size() == Provinces().size()) return std::nullopt;
  return table->Error(table->rows.size() - 1, 0, "every province needs a district");
}

}  // namespace

const PublishedSet* PublishedData::FindSet(uint32_t number) const {
  const auto found = std::ranges::find(sets, number, &PublishedSet::number);
  return found == sets.end() ? nullptr : &*found;
}

std::expected<PublishedData, ClientError> LoadPublishedData(const std::filesystem::path& folder) {
  PublishedData data;
  for (const auto read : {ReadSets, ReadCells, ReadFilings, ReadDivisions}) {
    if (auto failure = read(folder, data)) return std::unexpected(*std::move(failure));
  }
  return data;
}

std::expected<SetRange, ClientError> ParseSetRange(std::string_view text) {
  const size_t colon = text.find(':');
  const std::string_view ends[] = {
      text.substr(0, colon), colon == std::string_view::npos ? text : text.substr(colon + 1)};
  uint32_t numbers[2] = {0, 0};
  bool good = true;
  for (size_t i = 0; i < 2; ++i) {
    const char* end = ends[i].data() + ends[i].size();
    const auto parsed = std::from_chars(ends[i].data(), end, numbers[i]);
    good = good && parsed.ec == std::errc() && parsed.ptr == end;
  }
  if (good && 1 <= numbers[0] && numbers[0] <= numbers[1] && numbers[1] <= kPublishedSetMax) {
    return SetRange{numbers[0], numbers[1]};
  }
  return std::unexpected(ClientError{"usage.bad_sets", "This is no range of sets.",
                                     Printable(text), "Say one set, like 3, or a range, like 1:5.",
                                     "", Exit::kUsage, 0});
}

}  // namespace beian::client
