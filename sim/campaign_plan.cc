#include "sim/campaign_plan.h"

namespace beian::sim {

CampaignPlan::CampaignPlan(std::vector<size_t> nodes, uint64_t first, uint64_t end)
    : nodes_(std::move(nodes)), seed_(first), end_(end) {}

std::optional<Unit> CampaignPlan::Next() {
  while (seed_ < end_) {
    const Unit unit{seed_, nodes_[place_]};
    place_ = (place_ + 1) % nodes_.size();
    seed_ += place_ == 0 ? 1 : 0;
    if (taken_.insert(unit).second) return unit;
  }
  return std::nullopt;
}

Options CampaignOptions(const Unit& unit) {
  Options options = DrawOptions(unit.seed, unit.nodes);
  const size_t faulty_max = (unit.nodes - 1) / 3;
  if (unit.seed % 2 == 0 || faulty_max == 0) return options;
  const uint64_t strategies = static_cast<uint64_t>(kLastStrategy) + 1;
  options.dishonest = faulty_max;
  options.strategy = static_cast<Strategy>(unit.seed / 2 % strategies);
  return options;
}

}  // namespace beian::sim
