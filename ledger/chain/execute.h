#pragma once

#include <expected>
#include <span>
#include <vector>

#include "ledger/chain/block.h"
#include "ledger/chain/state.h"
#include "ledger/filing/lifecycle.h"

namespace beian {

/// Why a block's transactions cannot stand in it: the proposer's fault, the same on every replica.
enum class BlockReject {
  kTooManyTransactions,
  kTooManyBytes,
  kTooManyUpdates,
  kExpired,       ///< header.time > expiry
  kExpiryTooFar,  ///< expiry > header.time + window
  kDuplicate,     ///< the id stands in an ancestor or earlier in the block
  kBadHeight,
  kBadTime,  ///< not after the parent, or an empty block within a second
  kBadProposer,
  kBadVersion,
  kBadParent,   ///< names another parent, chain or epoch
  kBadNextSet,  ///< names a next validator set without being a closing block
  kBadTransactionRoot,
  kBadLogRoot,
  kBadMapRoot,
  kDamagedState,  ///< our own store: a page or record does not decode
};
std::string_view BlockRejectId(BlockReject reject);  ///< "block.duplicate_transaction"

/// Results of one transaction, one for each action, in order.
struct TransactionResult {
  std::vector<ActionResult> actions;
  bool AnyAccepted() const;
  bool operator==(const TransactionResult&) const = default;
};

/// A leaf of the log: u32 length ‖ wire ‖ u16 count ‖ each result: u16 reject ‖ u8 length ‖ code
/// (20 characters or none). At most 65,535 octets.
Bytes EncodeLogEntry(const Transaction& transaction, const TransactionResult& result);
struct LogEntry {
  Bytes wire;
  TransactionResult result;
};
std::optional<LogEntry> DecodeLogEntry(BytesView encoded);

/// Outcome of a block on its parent's state.
struct Execution {
  std::vector<TransactionResult> results;
  std::vector<Sha256Digest> leaf_hashes;  ///< of the log entries, in order
  StateDelta delta;
  uint32_t tx_count = 0;
  Sha256Digest tx_root;
  MerkleRoot log_root;
  MerkleRoot map_root;
};

/// Executes `transactions` in order on `parent`. Pure: the same arguments give the same octets on
/// every machine. Signatures have been verified by the caller.
std::expected<Execution, BlockReject> Execute(const Genesis& genesis, const StateView& parent,
                                              TimeMs time, Height height,
                                              std::span<const TransactionPtr> transactions);

/// Checks a header against its parent's header and then its execution against the header: all of
/// R5's "header well formed" that does not depend on views or certificates, and log_size, log_root,
/// map_root, tx_root. `leader` is the leader of header.view. The first fault in this order:
/// version, parent, next set, height, proposer, time, transaction root, block limits, each
/// transaction, log root, map root.
std::expected<Execution, BlockReject> ExecuteBlock(const Genesis& genesis,
                                                   const Header& parent_header,
                                                   const StateView& parent_state,
                                                   const Block& block, ValidatorIndex leader);

/// Fills what the execution says into a header: tx_count, tx_root, log_size, log_root, map_root.
void SetRoots(const Execution& execution, Header& header);

/// For the leader: tries transactions one after the other on a parent state, so that those that
/// would make the block invalid, or whose every action would fail, are left out.
class BlockBuilder {
 public:
  BlockBuilder(const Genesis& genesis, const StateView& parent, TimeMs time, Height height);
  ~BlockBuilder();
  /// A transaction that alone breaks a limit of the block is kBlockFull for ever: drop it when it
  /// does not fit an empty block.
  enum class Added { kYes, kBlockFull, kExpired, kNotYetValid, kDuplicate, kAllActionsFail };
  Added Add(const TransactionPtr& transaction);
  /// Why each action of the transaction refused last with kAllActionsFail would be rejected.
  const TransactionResult& refused() const;
  /// Roots, leaves and delta of what was added. Call once.
  std::expected<Execution, BlockReject> Finish();
  const std::vector<TransactionPtr>& transactions() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Leader(e,v) = perm_e[v mod n], perm_e a Fisher-Yates shuffle of the indices seeded by
/// SHA-256("beian/leaders/v1\0" ‖ chain id ‖ epoch ‖ root id of the epoch). CONSENSUS.md section 1.
class LeaderSchedule {
 public:
  LeaderSchedule(const ChainId& chain, Epoch epoch, const BlockId& root, size_t n);
  ValidatorIndex At(View view) const { return order_[view.value() % order_.size()]; }

 private:
  std::vector<ValidatorIndex> order_;
};

}  // namespace beian
