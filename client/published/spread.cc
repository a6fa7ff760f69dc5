#include <fmt/format.h>

#include <algorithm>

#include "client/published/plan.h"
#include "ledger/base/check.h"

namespace beian::client {
namespace {

ClientError Contradiction(std::string_view what, uint32_t set) {
  return {"published.contradiction", std::string(what),
          fmt::format("set {}", set), "Correct published-province-counts.tsv or the other files.",
          "", Exit::kFailed, 0};
}

/// Filings that reports name with their province.
ProvinceCounts NamedFilings(const PublishedData& data, uint32_t set) {
  ProvinceCounts named;
  for (const PublishedFiling& filing : data.filings) {
    if (filing.set == set && filing.province != nullptr) named[filing.province] += filing.filings;
  }
  return named;
}

uint32_t Sum(const ProvinceCounts& counts, std::span<const Province* const> provinces) {
  uint32_t sum = 0;
  for (const Province* province : provinces) {
    const auto found = counts.find(province);
    if (found != counts.end()) sum += found->second;
  }
  return sum;
}

}  // namespace

uint32_t RemainderWeight(const Province& province) {
  struct Weight {
    std::string_view gb2260;
    uint32_t weight;
  };
  constexpr Weight kWeights[] = {
      {"44", 20}, {"33", 12}, {"31", 12}, {"32", 12},  // Guangdong, Zhejiang, Shanghai, Jiangsu
      {"37", 5},  {"51", 5},  {"35", 4},  {"42", 4},  {"50", 4},
      {"43", 3},  {"34", 3},  {"41", 3},  {"61", 2},  {"12", 2},  {"46", 2}};
  const auto found = std::ranges::find(kWeights, province.gb2260, &Weight::gb2260);
  return found == std::end(kWeights) ? 1 : found->weight;
}

ProvinceCounts Spread(uint32_t total, std::span<const Province* const> provinces,
                      const ProvinceCounts& minimum) {
  const uint32_t fixed = Sum(minimum, provinces);
  CHECK(fixed <= total);
  uint64_t weights = 0;
  for (const Province* province : provinces) weights += RemainderWeight(*province);
  struct Share {
    uint64_t remainder;
    const Province* province;
  };
  std::vector<Share> shares;
  ProvinceCounts counts;
  const uint64_t rest = total - fixed;
  uint64_t given = 0;
  for (const Province* province : provinces) {
    const uint64_t weighted = rest * RemainderWeight(*province);
    const auto found = minimum.find(province);
    const uint32_t least = found == minimum.end() ? 0 : found->second;
    counts[province] = least + static_cast<uint32_t>(weighted / weights);
    given += weighted / weights;
    shares.push_back({weighted % weights, province});
  }
  std::ranges::sort(shares, [](const Share& a, const Share& b) {
    if (a.remainder != b.remainder) return a.remainder > b.remainder;
    return a.province->gb2260 < b.province->gb2260;
  });
  for (size_t i = 0; given < rest; ++i, ++given) ++counts[shares[i].province];
  return counts;
}

std::expected<ProvinceCounts, ClientError> SpreadSet(const PublishedData& data, uint32_t set) {
  const PublishedSet* published = data.FindSet(set);
  CHECK(published != nullptr);
  const ProvinceCounts named = NamedFilings(data, set);
  std::vector<const Province*> open;
  for (const Province& province : Provinces()) open.push_back(&province);
  ProvinceCounts counts;
  uint32_t left = published->filings;
  for (const PublishedCell& cell : data.cells) {
    if (cell.set != set) continue;
    if (Sum(named, cell.provinces) > cell.filings) {
      return std::unexpected(Contradiction(
          fmt::format("more filings of {} are named than counted", cell.name), set));
    }
    counts.merge(Spread(cell.filings, cell.provinces, named));
    for (const Province* province : cell.provinces) std::erase(open, province);
    left -= cell.filings;
  }
  uint32_t unplaced = 0;
  for (const PublishedFiling& filing : data.filings) {
    if (filing.set == set && filing.province == nullptr) unplaced += filing.filings;
  }
  if (Sum(named, open) + unplaced > left || (open.empty() && left > 0)) {
    return std::unexpected(Contradiction("the named filings do not fit into the set", set));
  }
  counts.merge(Spread(left, open, named));
  return counts;
}

}  // namespace beian::client
