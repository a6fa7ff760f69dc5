#pragma once

#include <expected>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "client/published/published_data.h"
#include "client/sdk/filing_input.h"

/// From what is known of the published sets to filings that can be submitted.
namespace beian::client {

/// One filing, ready for BuildFiling. Its credit code is its provider's, and so names its key.
struct PlannedFiling {
  FilingFields fields;
  const Province* province = nullptr;
};

struct PlannedSet {
  uint32_t number = 0;
  std::string published;
  std::vector<PlannedFiling> filings;
};

/// How many filings of one set each province has: every known cell exactly; what the cells leave is
/// spread over the provinces that no cell names, by RemainderWeight.
using ProvinceCounts = std::map<const Province*, uint32_t>;
std::expected<ProvinceCounts, ClientError> SpreadSet(const PublishedData& data, uint32_t set);

/// Share of a province in filings that no report counts by province. Ours, and nobody's statistics:
/// the four provinces that reports name beside Beijing stand as their known cells do, eleven
/// provinces with a sizeable software industry as 2 to 5, every other one as 1.
uint32_t RemainderWeight(const Province& province);

/// `total` spread over `provinces`: each gets its `minimum` (0 when it has none), the rest goes by
/// weight, and what does not divide evenly to the largest remainders, then the lowest gb2260.
/// CHECKs that the minima do not exceed the total.
ProvinceCounts Spread(uint32_t total, std::span<const Province* const> provinces,
                      const ProvinceCounts& minimum);

/// The filings of the sets: first those that reports name, then invented ones. What is invented, in
/// named filings too, is listed in `synthetic`, field by field. The same data gives the same plan.
/// Errors: "published.unknown_set", "published.no_day" (only the month is known),
/// "published.contradiction" (the named filings do not fit into the cells).
std::expected<std::vector<PlannedSet>, ClientError> PlanFilings(const PublishedData& data,
                                                             SetRange range);

/// File of the key that signs a filing: <credit code>.pem in the folder of the providers' keys.
std::string KeyFileOf(const PlannedFiling& filing);

/// The filings as `beian filing submit --bulk` takes them: one JSON object a line, with the key's
/// file as key_file.
std::string FormatPlan(const std::vector<PlannedSet>& sets);

}  // namespace beian::client
