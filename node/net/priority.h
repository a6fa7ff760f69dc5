#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace beian {

/// Which frame of a peer's queue leaves first: the first class that holds one.
/// Source: CONSENSUS.md section 9, "Priority between streams".
enum class Priority : uint8_t {
  kCertificate = 0,
  kProposal = 1,      ///< proposals, and votes of the view in progress
  kVote = 2,          ///< votes of earlier views and re-entry
  kReply = 3,         ///< status, what was asked for, and the asking
  kTransactions = 4,  ///< gossip; the first to be dropped
  kSync = 5,          ///< ranges of committed blocks
};
inline constexpr size_t kPriorityCount = 6;

/// "certificate", "proposal", "vote", "reply", "transactions", "sync": a label of metrics.
std::string_view PriorityName(Priority priority);

}  // namespace beian
