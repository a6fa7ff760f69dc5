#include "client/published/comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/base/check.h"

namespace beian::client {
namespace {

uint32_t CountOf(const CountedSet& set, const std::vector<const Province*>& provinces) {
  uint32_t sum = 0;
  for (const Province* province : provinces) {
    const auto found = set.provinces.find(province);
    if (found != set.provinces.end()) sum += found->second;
  }
  return sum;
}

CountedSet FindSet(const CountedSets& counts, uint32_t number) {
  const auto found = counts.find(number);
  return found == counts.end() ? CountedSet() : found->second;
}

}  // namespace

void CountRecord(const MapKey& key, BytesView record, CountedSets& counts) {
  // A record of one kind may by chance decode as another; only its key says which it is.
  if (const auto filing = FilingRecord::Decode(record); filing && FilingKey(filing->id) == key) {
    if (filing->set == 0) return;
    const Province* province = FindProvince(filing->division);
    CHECK(province != nullptr);  // the replay has checked every division
    CountedSet& set = counts[filing->set];
    ++set.provinces[province];
    ++set.filings;
    set.synthetic += filing->synthetic ? 1 : 0;
    return;
  }
  if (const auto set = SetRecord::Decode(record); set && SetKey(set->number) == key) {
    counts[set->number].record = *set;
  }
}

CountedSets CountSets(const ChainWalk& walk) {
  CHECK(walk.state() != nullptr);
  CountedSets counts;
  walk.ForEachRecord(
      [&](const MapKey& key, BytesView record) { CountRecord(key, record, counts); });
  return counts;
}

std::vector<ComparedCell> CompareSets(const PublishedData& data, const CountedSets& counts,
                                      SetRange range) {
  std::vector<ComparedCell> compared;
  for (uint32_t number = range.first; number <= range.last; ++number) {
    const PublishedSet* published = data.FindSet(number);
    CHECK(published != nullptr);
    const CountedSet counted = FindSet(counts, number);
    compared.push_back({number, "published", published->published,
                        counted.record ? counted.record->published_on : "-"});
    compared.push_back({number, "filings", std::to_string(published->filings),
                        std::to_string(counted.filings)});
    for (const PublishedCell& cell : data.cells) {
      if (cell.set != number) continue;
      compared.push_back({number, cell.name, std::to_string(cell.filings),
                          std::to_string(CountOf(counted, cell.provinces))});
    }
  }
  return compared;
}

std::vector<ProvinceRow> RankProvinces(const PublishedData& data, const CountedSets& counts,
                                       SetRange range) {
  std::vector<ProvinceRow> rows;
  for (const Province& province : Provinces()) {
    ProvinceRow row{.province = &province};
    for (uint32_t number = range.first; number <= range.last; ++number) {
      const uint32_t filings = CountOf(FindSet(counts, number), {&province});
      row.filings += filings;
      for (const PublishedCell& cell : data.cells) {
        if (cell.set != number || cell.provinces != std::vector{&province}) continue;
        row.published += cell.filings;
        row.in_known_sets += filings;
        ++row.known_sets;
      }
    }
    rows.push_back(row);
  }
  std::ranges::stable_sort(rows, std::ranges::greater(), &ProvinceRow::filings);
  return rows;
}

std::string Describe(const ComparedCell& cell) {
  return fmt::format("set {}, {}: published {}, on the ledger {}", cell.set, cell.what,
                     cell.published, cell.ledger);
}

}  // namespace beian::client
