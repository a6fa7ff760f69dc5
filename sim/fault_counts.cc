#include "sim/fault_counts.h"

namespace beian::sim {

std::string_view FaultName(FaultKind kind) {
  switch (kind) {
    case FaultKind::kLoss: return "loss";
    case FaultKind::kDuplicate: return "duplicate";
    case FaultKind::kLate: return "late";
    case FaultKind::kCut: return "cut_by_partition";
    case FaultKind::kPartition: return "partition";
    case FaultKind::kPartitionOneWay: return "partition_one_way";
    case FaultKind::kPartitionBridge: return "partition_with_bridge";
    case FaultKind::kPartitionOneWayBridge: return "partition_one_way_with_bridge";
    case FaultKind::kBrokenConnection: return "broken_connection";
    case FaultKind::kCrash: return "crash";
    case FaultKind::kCrashAll: return "crash_of_all";
    case FaultKind::kCrashInStep: return "crash_within_a_step";
    case FaultKind::kUnnoticedCrash: return "crash_unnoticed_by_a_peer";
    case FaultKind::kLostWrite: return "lost_write";
    case FaultKind::kTornWrite: return "torn_write";
    case FaultKind::kPause: return "pause";
    case FaultKind::kSlowSync: return "slow_sync";
    case FaultKind::kLateCommit: return "late_commit";
    case FaultKind::kLostLog: return "lost_log";
    case FaultKind::kLostStore: return "lost_store";
    case FaultKind::kClockOffset: return "clock_offset";
    case FaultKind::kStayedDown: return "stayed_down";
  }
  return "unknown";
}

std::array<FaultKind, kFaultKinds> AllFaultKinds() {
  std::array<FaultKind, kFaultKinds> kinds;
  for (size_t i = 0; i < kFaultKinds; ++i) kinds[i] = static_cast<FaultKind>(i);
  return kinds;
}

}  // namespace beian::sim
