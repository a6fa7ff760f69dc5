#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/published/plan.h"
#include "ledger/filing/record.h"
#include "ledger/verify/chain_walk.h"

/// The published tables beside what the ledger holds.
namespace beian::client {

/// What the ledger holds of one set: the filings that are listed in it, by province of their
/// division, and the record of its publication.
struct CountedSet {
  std::optional<SetRecord> record;
  ProvinceCounts provinces;
  uint32_t filings = 0;      ///< sum of `provinces`
  uint32_t synthetic = 0;    ///< of `filings`, with an invented field
};
using CountedSets = std::map<uint32_t, CountedSet>;

/// Counts from a walk that has replayed the chain, so from checked blocks and nothing else.
/// CHECKs that the walk is of level L3.
CountedSets CountSets(const ChainWalk& walk);

/// Adds one record of the state to the counts; records other than filings and sets count nothing.
void CountRecord(const MapKey& key, BytesView record, CountedSets& counts);

/// One published number, or day, and the ledger's.
struct ComparedCell {
  uint32_t set = 0;
  std::string what;        ///< "published", "filings", or names of provinces: 浙江+上海
  std::string published;
  std::string ledger;
  bool same() const { return published == ledger; }
};

/// Every published cell of the sets, in the order of set; of a set: day, total, provinces as in the
/// file. CHECKs that the data has every set of the range.
std::vector<ComparedCell> CompareSets(const PublishedData& data, const CountedSets& counts,
                                      SetRange range);

/// A province over several sets. `published` sums the cells that name it alone.
struct ProvinceRow {
  const Province* province = nullptr;
  uint32_t filings = 0;        ///< by the ledger, in all sets of the range
  uint32_t published = 0;      ///< in `known_sets` sets
  uint32_t in_known_sets = 0;  ///< by the ledger, in the same sets
  uint32_t known_sets = 0;
};

/// By filings, most first, then by gb2260; all 31.
std::vector<ProvinceRow> RankProvinces(const PublishedData& data, const CountedSets& counts,
                                       SetRange range);

/// "set 2, 浙江+上海: published 88, on the ledger 87"
std::string Describe(const ComparedCell& cell);

}  // namespace beian::client
