#pragma once

#include <cstdint>
#include <vector>

#include "ledger/base/types.h"
#include "sim/fault_counts.h"
#include "sim/options.h"
#include "sim/random.h"

namespace beian::sim {

/// Decides for every message when it arrives: late, twice or never. Links have a direction, so that
/// a partition may let one way through. Order is not kept.
class Network {
 public:
  /// `faults` outlives it.
  Network(const Options& options, Random random, FaultCounts& faults);

  /// Delays, in milliseconds, after which the message arrives; none when it is lost.
  std::vector<uint64_t> Send(ValidatorIndex from, ValidatorIndex to);
  /// Draws a new partition: two sides, now and then in one direction only or with one bridge.
  void Partition();
  void Mend();                       ///< ends the partition
  void Heal();                       ///< and every other fault: short delays, no loss, for good
  void Cut(ValidatorIndex from, ValidatorIndex to) { cut_[Link(from, to)] = true; }
  bool IsCut(ValidatorIndex from, ValidatorIndex to) const { return cut_[Link(from, to)]; }
  bool partitioned() const { return partitioned_; }

 private:
  size_t Link(ValidatorIndex from, ValidatorIndex to) const {
    return from.value() * nodes_ + to.value();
  }

  size_t nodes_;
  uint64_t loss_per_mille_;
  uint64_t duplicate_per_mille_;
  uint64_t delay_min_ms_;
  uint64_t delay_max_ms_;
  uint64_t tail_per_mille_;
  uint64_t tail_ms_;
  Random random_;
  FaultCounts& faults_;
  std::vector<bool> cut_;
  bool partitioned_ = false;
};

}  // namespace beian::sim
