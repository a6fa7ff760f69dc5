#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sim/options.h"

namespace beian::sim {

/// One run of a campaign.
struct Unit {
  auto operator<=>(const Unit&) const = default;
  uint64_t seed = 0;
  size_t nodes = 0;
};

/// Which runs a campaign consists of, and in which order: seed after seed, each with every size of
/// cluster, each of them once.
class CampaignPlan {
 public:
  CampaignPlan(std::vector<size_t> nodes, uint64_t first, uint64_t end);
  /// It need not be run. False when that was known, and it is not to be counted again.
  bool Leave(const Unit& unit) { return taken_.insert(unit).second; }
  std::optional<Unit> Next();   ///< nothing when all have been given out

 private:
  std::vector<size_t> nodes_;
  uint64_t seed_;
  uint64_t end_;
  size_t place_ = 0;            ///< in nodes_, of the next unit
  std::set<Unit> taken_;        ///< given out, or left
};

/// What is mixed: every second seed is as it draws itself (honest in half of all cases, with lost
/// logs and dead validators), the others give each strategy, the mix of all included, its turn with
/// f dishonest validators.
Options CampaignOptions(const Unit& unit);

}  // namespace beian::sim
