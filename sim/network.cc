#include "sim/network.h"

#include <algorithm>

namespace beian::sim {
namespace {

constexpr uint64_t kHealedDelayMsMax = 50;
constexpr uint64_t kOneWayPerMille = 250;
constexpr uint64_t kBridgePerMille = 250;

}  // namespace

Network::Network(const Options& options, Random random, FaultCounts& faults)
    : nodes_(options.nodes),
      loss_per_mille_(options.loss_per_mille),
      duplicate_per_mille_(options.duplicate_per_mille),
      delay_min_ms_(options.delay_min_ms),
      delay_max_ms_(options.delay_max_ms),
      tail_per_mille_(options.tail_per_mille),
      tail_ms_(options.tail_ms),
      random_(random),
      faults_(faults),
      cut_(options.nodes * options.nodes, false) {}

std::vector<uint64_t> Network::Send(ValidatorIndex from, ValidatorIndex to) {
  std::vector<uint64_t> arrivals;
  if (IsCut(from, to)) {
    faults_.Add(FaultKind::kCut);
    return arrivals;
  }
  if (random_.Chance(loss_per_mille_)) {
    faults_.Add(FaultKind::kLoss);
    return arrivals;
  }
  const size_t copies = random_.Chance(duplicate_per_mille_) ? 2 : 1;
  if (copies > 1) faults_.Add(FaultKind::kDuplicate);
  for (size_t i = 0; i < copies; ++i) {
    uint64_t delay = random_.Between(delay_min_ms_, delay_max_ms_);
    if (random_.Chance(tail_per_mille_)) {
      faults_.Add(FaultKind::kLate);
      delay += random_.Below(tail_ms_ + 1);
    }
    arrivals.push_back(delay);
  }
  return arrivals;
}

void Network::Partition() {
  Mend();
  partitioned_ = true;
  std::vector<bool> side(nodes_);
  for (size_t i = 0; i < nodes_; ++i) side[i] = random_.Chance(500);
  const bool one_way = random_.Chance(kOneWayPerMille);
  const size_t bridge = random_.Chance(kBridgePerMille) ? random_.Below(nodes_) : nodes_;
  for (size_t from = 0; from < nodes_; ++from) {
    for (size_t to = 0; to < nodes_; ++to) {
      const bool across = side[from] != side[to] && from != bridge && to != bridge;
      cut_[from * nodes_ + to] = across && !(one_way && side[from]);
    }
  }
  if (std::ranges::count(cut_, true) == 0) return;   // all on one side
  if (bridge < nodes_) {
    faults_.Add(one_way ? FaultKind::kPartitionOneWayBridge : FaultKind::kPartitionBridge);
  } else {
    faults_.Add(one_way ? FaultKind::kPartitionOneWay : FaultKind::kPartition);
  }
}

void Network::Mend() {
  partitioned_ = false;
  std::fill(cut_.begin(), cut_.end(), false);
}

void Network::Heal() {
  Mend();
  loss_per_mille_ = duplicate_per_mille_ = tail_per_mille_ = 0;
  delay_max_ms_ = std::min(delay_max_ms_, kHealedDelayMsMax);
  delay_min_ms_ = std::min(delay_min_ms_, delay_max_ms_);
}

}  // namespace beian::sim
