#include "sim/checkers/progress.h"

#include <fmt/format.h>

namespace beian::sim {
namespace {

constexpr uint64_t kSleepMsMax = 60'000;
constexpr size_t kTicksAtOnceMax = 20;

}  // namespace

ProgressChecker::ProgressChecker(size_t nodes, Findings& findings)
    : last_(nodes), findings_(findings) {}

void ProgressChecker::Broken(std::string invariant, ValidatorIndex node, std::string_view rule,
                             uint64_t before, uint64_t after) {
  findings_.Add(std::move(invariant), fmt::format("validator {}: {}: {} then {}", node.value(),
                                                  rule, before, after));
}

void ProgressChecker::OnStart(ValidatorIndex node, const Synced& synced,
                              const ReplicaStatus& status) {
  if (status.final_view < synced.final_view) {
    Broken("I7", node, "a restart forgot a finalization", synced.final_view.value(),
           status.final_view.value());
  }
  if (status.view < synced.voted_view) {
    Broken("I7", node, "a restart forgot its vote", synced.voted_view.value(),
           status.view.value());
  }
  if (status.committed_height < synced.tip) {
    Broken("I7", node, "a restart forgot a block", synced.tip.value(),
           status.committed_height.value());
  }
  last_[node.value()] = Last{status, SteadyMs(0), 0};
}

void ProgressChecker::OnStep(ValidatorIndex node, SteadyMs now, SteadyMs deadline,
                             const ReplicaStatus& status) {
  ReplicaStatus& last = last_[node.value()].status;
  const auto rises = [&](std::string_view what, uint64_t before, uint64_t after) {
    if (after < before) Broken("I7", node, what, before, after);
  };
  rises("view falls", last.view.value(), status.view.value());
  rises("final view falls", last.final_view.value(), status.final_view.value());
  rises("final height falls", last.final_height.value(), status.final_height.value());
  rises("committed height falls", last.committed_height.value(), status.committed_height.value());
  if (status.final_view >= status.view) {
    Broken("I7", node, "stays in a final view", status.final_view.value(), status.view.value());
  }
  if (status.pending_transactions > MempoolLimits{}.transactions_max) {
    Broken("I9", node, "too many pending transactions", MempoolLimits{}.transactions_max,
           status.pending_transactions);
  }
  if (deadline > now + kSleepMsMax) {
    Broken("I10", node, "sleeps too long", now.value(), deadline.value());
  }
  last = status;
}

void ProgressChecker::OnTick(ValidatorIndex node, SteadyMs now) {
  Last& last = last_[node.value()];
  last.ticks = last.ticked_at == now ? last.ticks + 1 : 1;
  last.ticked_at = now;
  if (last.ticks > kTicksAtOnceMax) {
    Broken("I10", node, "is woken again and again at one moment", now.value(), now.value());
  }
}

}  // namespace beian::sim
