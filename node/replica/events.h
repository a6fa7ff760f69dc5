#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/chain/execute.h"
#include "node/consensus/effects.h"
#include "node/mempool/mempool.h"

/// The replica's only door: Step(now, event) -> actions. The runtime and the simulator perform the
/// actions in order; what stands before a send is on disk, synced, before it leaves.
namespace beian {

// ---- Events -----------------------------------------------------------------------------------

struct Tick {};                        ///< NextDeadline() has come
struct PeerMessage {                   ///< every signature in it has been verified
  ValidatorIndex from;
  Message message;
  View sender_view;                    ///< from the envelope
};
struct PeerUp { ValidatorIndex peer; };
struct PeerDown { ValidatorIndex peer; };
/// Verified transactions from this node's clients. `token` comes back in SubmitResult.
struct Submitted {
  uint64_t token = 0;
  std::vector<TransactionPtr> transactions;
};
struct Committed { Height height; };   ///< the store holds the block, synced

using Event = std::variant<Tick, PeerMessage, PeerUp, PeerDown, Submitted, Committed>;

// ---- Actions ----------------------------------------------------------------------------------

/// Blocks a peer asks for, read from the store off the replica's thread.
struct ServeBlocks {
  ValidatorIndex to;
  GetBlocks request;
};
/// One block to write in one synced batch, in order of heights; answered by Committed.
struct CommitBlock {
  BlockPtr block;
  std::shared_ptr<const Execution> execution;
  FinalityProof proof;
};
/// After L is synced and the block committed: records of views below may go.
struct PruneLog {
  Epoch epoch;
  View below;
};
/// One outcome per submitted transaction, in order.
struct MempoolOutcome {
  MempoolVerdict verdict = MempoolVerdict::kAdded;
  FilingReject reject = FilingReject::kAccepted;   ///< of the first action, when all would fail
  bool operator==(const MempoolOutcome&) const = default;
};
struct SubmitResult {
  uint64_t token = 0;
  std::vector<MempoolOutcome> outcomes;
};
using Action = std::variant<AppendRecord, SyncLog, Send, ServeBlocks, CommitBlock, PruneLog,
                            SubmitResult, Evidence, Halt, Note>;
using Actions = std::vector<Action>;

}  // namespace beian
