#pragma once

#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "ledger/chain/genesis.h"
#include "ledger/chain/state.h"
#include "node/consensus/core.h"
#include "node/mempool/mempool.h"
#include "node/replica/block_tree.h"
#include "node/replica/catchup.h"
#include "node/replica/events.h"
#include "node/replica/fetcher.h"

namespace beian {

/// What the replica tells the outside about itself, for /metrics, status and doctor.
struct ReplicaStatus {
  Epoch epoch;
  View view;
  ValidatorIndex leader;
  View final_view;
  Height final_height;
  Height committed_height;
  size_t pending_transactions = 0;
  bool muted = false;              ///< waits for re-entry: does not vote
  bool observer = false;      ///< met a vote of its own that its log lacks: silent until restarted
  bool below_floor = false;        ///< re-entered, view not yet above the floor
  Height highest_known;            ///< greatest final height a verified certificate or proof showed
};

struct ReplicaConfig {
  std::optional<ValidatorIndex> self;   ///< nothing: an observer that never votes
  consensus::Timing timing;
  MempoolLimits mempool;
  ReentryNonce nonce{};                 ///< fresh at each start, from the driver
  uint64_t prune_every = 128;           ///< blocks between prunings of the vote log
};

/// One validator: consensus core, mempool, unfinalized blocks with their executions, catch-up. No
/// clock, socket, thread, file or randomness. One thread owns it. `genesis` and `committed` outlive
/// it; `committed` answers for the last block whose Committed event came in (or a later one).
class Replica {
 public:
  /// `log`: records of the vote log in order, as recovered; begins with an EpochRecord or, after a
  /// lost log, EpochRecord then ReentryRecord. `tip`: header of the store's last block, with its
  /// proof unless it is the root.
  Replica(const ReplicaConfig& config, const Genesis& genesis, const StateView& committed,
          const Header& tip, const std::optional<FinalityProof>& tip_proof,
          consensus::VoteSigner signer, const std::vector<LogRecord>& log);

  /// First actions after construction: redo of commits, retransmission. Call once, before Step.
  Actions Start(Now now);
  Actions Step(Now now, const Event& event);
  /// When to call Step with Tick at the latest.
  SteadyMs NextDeadline() const;
  /// Whether a message is worth verifying: false for stale, duplicate or excess votes.
  bool Wants(ValidatorIndex from, const Message& message) const;
  /// Whether the step may have it unverified: see Core::IsLate.
  bool IsLate(const Message& message) const { return core_.IsLate(message); }
  ReplicaStatus status() const;
  /// Whether a transaction's signature is known to be good: it is pending under that wire id.
  bool IsVerified(const WireId& id) const { return mempool_.Find(id) != nullptr; }
  bool IsPending(const TransactionId& id) const { return mempool_.HasId(id); }
  /// The height that a peer says it has; its word only.
  Height PeerCommitted(ValidatorIndex peer) const { return catchup_.CommittedOf(peer); }

 private:
  // replica.cc: dispatch and the consensus core's outputs
  void Handle(const Event& event);
  void HandleMessage(const PeerMessage& message);
  void Settle();
  void RunCore();
  void Perform(consensus::Output output);
  void AppendBody(const BlockId& id);
  // replica_blocks.cc: building, executing, delivering, serving
  void BuildBlock(const consensus::Build& build);
  BlockPtr MakeBlock(const consensus::Build& build, const StateView& parent, const Header& header);
  void InsertBlock(const BlockPtr& block);
  void ExecuteReady();
  void TryDeliver();
  void Deliver(const std::vector<BlockPtr>& path, const FinalityProof& proof);
  void HandleBody(ValidatorIndex from, const BlockPtr& block);
  void HandleBlocks(ValidatorIndex from, const Blocks& blocks);
  void HandleCommitted(Height height);
  void ServeBody(ValidatorIndex from, const GetBody& request);
  void ServeTransactions(ValidatorIndex from, const GetTransactions& request);
  BlockPtr FindBlock(const BlockId& id) const;
  // replica_transactions.cc: mempool and gossip
  void HandleSubmitted(const Submitted& submitted);
  MempoolOutcome AddOwn(const TransactionPtr& transaction);
  MempoolVerdict AddToPool(const TransactionPtr& transaction);
  bool IsConfirmed(const KeyId& signer) const;
  void HandleTransactions(const std::vector<TransactionPtr>& transactions, bool gossip);
  void Announce(const std::vector<TransactionPtr>& transactions);
  void FlushAnnouncements();
  void AnnounceStale();
  void UpdateChain();
  bool HasWork() const;

  void Emit(Action action) { actions_.push_back(std::move(action)); }
  void EmitAll(std::vector<Send>& sends);

  ReplicaConfig config_;
  const Genesis& genesis_;
  LeaderSchedule leaders_;
  consensus::Core core_;
  Mempool mempool_;
  BlockTree tree_;
  Fetcher fetcher_;
  Catchup catchup_;

  Now now_;                        ///< of the step under way
  Actions actions_;
  Header delivered_;               ///< last block given to the store
  BlockId delivered_id_;
  std::optional<Certificate> pending_final_;   ///< finalized, not all blocks here yet
  std::set<BlockId> logged_bodies_;            ///< in the vote log, not yet committed
  std::deque<BlockPtr> recent_;                ///< committed lately, for peers that lag a little
  Height pruned_height_;
  Height highest_known_;

  // Transactions on the chain that a proposal would extend, above the committed block.
  BlockId chain_tip_;
  std::set<TransactionId> chain_ids_;

  std::vector<TransactionPtr> announcements_;
  size_t announcement_bytes_ = 0;
  SteadyMs announced_at_;
  SteadyMs stale_check_at_;
};

inline constexpr size_t kRecentBlocksMax = 64;
inline constexpr uint64_t kAnnounceEveryMs = 10;      ///< an idle queue sends at once
inline constexpr size_t kAnnounceBytesMax = 64'000;
inline constexpr uint64_t kStaleAfterMs = 10'000;
inline constexpr uint64_t kStaleCheckMs = 1'000;

}  // namespace beian
