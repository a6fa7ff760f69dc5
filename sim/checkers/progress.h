#pragma once

#include <vector>

#include "node/replica/replica.h"
#include "sim/checkers/findings.h"

namespace beian::sim {

/// What a validator says of itself after every step.
///   I7   view, final view, final and committed height never fall while it runs, and a restart does
///        not fall below what was synced
///   I9   no more pending transactions than the limit
///   I10  it asks to be woken, soon enough, and is not woken for nothing
class ProgressChecker {
 public:
  ProgressChecker(size_t nodes, Findings& findings);
  struct Synced {
    View final_view;
    View voted_view;
    Height tip;
  };
  void OnStart(ValidatorIndex node, const Synced& synced, const ReplicaStatus& status);
  void OnStep(ValidatorIndex node, SteadyMs now, SteadyMs deadline, const ReplicaStatus& status);
  void OnTick(ValidatorIndex node, SteadyMs now);

 private:
  struct Last {
    ReplicaStatus status;
    SteadyMs ticked_at;
    size_t ticks = 0;      ///< at that very moment
  };
  void Broken(std::string invariant, ValidatorIndex node, std::string_view rule, uint64_t before,
              uint64_t after);
  std::vector<Last> last_;
  Findings& findings_;
};

}  // namespace beian::sim
