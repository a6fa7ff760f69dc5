#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace beian::sim {

/// What goes wrong in a run by the harness's doing; dishonest validators apart.
enum class FaultKind : uint8_t {
  kLoss,                    ///< a message
  kDuplicate,               ///< a message arrives twice
  kLate,                    ///< a message, by up to seconds
  kCut,                     ///< a message meets a partition
  kPartition,               ///< two sides that do not hear each other
  kPartitionOneWay,         ///< one side hears the other
  kPartitionBridge,         ///< one validator hears both sides
  kPartitionOneWayBridge,
  kBrokenConnection,        ///< of those that a partition cuts; the others only fall silent
  kCrash,                   ///< of one replica, for whatever reason
  kCrashAll,
  kCrashInStep,             ///< between two actions of one step
  kUnnoticedCrash,          ///< a peer is not told that a replica died
  kLostWrite,               ///< a crash keeps none of the records that were not synced
  kTornWrite,               ///< or only the first of them
  kPause,
  kSlowSync,
  kLateCommit,
  kLostLog,
  kLostStore,               ///< with the log
  kClockOffset,             ///< a validator's wall clock is not the slowest one
  kStayedDown,              ///< for the whole second phase
};
inline constexpr FaultKind kLastFaultKind = FaultKind::kStayedDown;
inline constexpr size_t kFaultKinds = static_cast<size_t>(kLastFaultKind) + 1;
std::string_view FaultName(FaultKind kind);

/// How often each kind of fault struck.
class FaultCounts {
 public:
  bool operator==(const FaultCounts&) const = default;
  void Add(FaultKind kind, uint64_t times = 1) { counts_[static_cast<size_t>(kind)] += times; }
  uint64_t Of(FaultKind kind) const { return counts_[static_cast<size_t>(kind)]; }

 private:
  std::array<uint64_t, kFaultKinds> counts_{};
};

/// Every kind, in order: for (FaultKind kind : AllFaultKinds()).
std::array<FaultKind, kFaultKinds> AllFaultKinds();

}  // namespace beian::sim
