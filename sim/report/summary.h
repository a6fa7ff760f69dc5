#pragma once

#include <array>
#include <map>
#include <vector>

#include "sim/report/seed_record.h"

namespace beian::sim {

/// Seeds of one size of cluster, or of all.
struct Totals {
  void Add(const SeedRecord& record);
  double Factor() const;           ///< virtual time / real time
  double SeedsPerCoreHour() const;
  double PerSeed(uint64_t count) const;

  uint64_t seeds = 0;
  uint64_t failed = 0;
  uint64_t settled_ms_max = 0;     ///< longest recovery once the faults were over
  Counts counts;
};

/// What many seeds come to.
class Summary {
 public:
  struct Fired {
    uint64_t times = 0;
    uint64_t seeds = 0;            ///< in so many of them at least once
  };
  struct Played {
    uint64_t seeds = 0;
    uint64_t at_limit = 0;         ///< of those, with f dishonest validators
    uint64_t turns = 0;
    uint64_t messages = 0;
  };
  struct Failed {
    size_t nodes = 0;
    uint64_t seed = 0;
    Failure failure;
  };
  void Add(const SeedRecord& record);

  const Totals& all() const { return all_; }
  const std::map<size_t, Totals>& by_nodes() const { return by_nodes_; }
  const Fired& fired(FaultKind kind) const { return faults_[static_cast<size_t>(kind)]; }
  const Played& played(Strategy strategy) const {
    return strategies_[static_cast<size_t>(strategy)];
  }
  const std::vector<Failed>& failed() const { return failed_; }   ///< the first kFailedMax

 private:
  static constexpr size_t kFailedMax = 200;   // more of them say nothing new
  Totals all_;
  std::map<size_t, Totals> by_nodes_;
  std::array<Fired, kFaultKinds> faults_{};
  std::array<Played, static_cast<size_t>(kLastStrategy) + 1> strategies_{};
  std::vector<Failed> failed_;
};

}  // namespace beian::sim
