#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/chain/transaction.h"
#include "node/replica/replica.h"
#include "node/store/block_store.h"

namespace beian {

/// What became of one submitted transaction so far. Never a guess: what is not known is pending or
/// unknown.
struct SubmitOutcome {
  enum class State : uint8_t { kPending, kCommitted, kRejected, kExpired, kUnknown };
  State state = State::kUnknown;
  std::string error_id;        ///< of a rejection: "transaction.bad_signature", "mempool.full"
  std::string remedy;
  uint64_t retry_after_ms = 0; ///< not zero: the same octets may be sent again after this time
};

/// A peer as this node sees it, for status and doctor.
struct PeerStatus {
  ValidatorIndex index;
  std::string name;
  bool connected = false;
  uint64_t final_height = 0;   ///< from its last Status message
  uint64_t queued_bytes = 0;
  uint64_t dropped_frames = 0;
};

struct NodeStatus {
  ReplicaStatus replica;
  std::vector<PeerStatus> peers;
  std::string version;
  std::string state;           ///< "ready", "catching_up", "reentry", "no_quorum", "observer"
  std::vector<std::string> findings;   ///< what start found damaged, what was done, when mended
  uint64_t uptime_ms = 0;
};

/// The node as the HTTP API sees it. Implemented by node/runtime. Any thread; callbacks come on any
/// other thread and must not block.
class NodeService {
 public:
  virtual ~NodeService() = default;
  virtual const Genesis& genesis() const = 0;
  virtual const Bytes& genesis_file() const = 0;
  /// Verifies signatures on the pool, then adds to the mempool. One outcome per transaction, in
  /// order. Refuses at once with "node.busy" when the verification queue is full.
  virtual void Submit(std::vector<TransactionPtr> transactions,
                      std::function<void(std::vector<SubmitOutcome>)> done) = 0;
  /// Calls back once all of `ids` are committed here, or at the deadline with what is known then;
  /// sooner when it has to make room for those who came later.
  virtual void Wait(std::vector<TransactionId> ids, uint64_t timeout_ms,
                    std::function<void(std::vector<SubmitOutcome>)> done) = 0;
  virtual std::unique_ptr<BlockReader> Snapshot() const = 0;
  virtual NodeStatus Status() const = 0;
};

}  // namespace beian
