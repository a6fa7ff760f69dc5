#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/chain/block.h"
#include "ledger/chain/certificate.h"
#include "ledger/chain/execute.h"
#include "ledger/chain/genesis.h"
#include "ledger/verify/verify_error.h"

namespace beian {

/// Levels of VERIFICATION.md; each includes those before it.
enum class AuditLevel : uint8_t {
  kL0 = 0,  ///< header chain and certificates from genesis
  kL1 = 1,  ///< every payload re-hashed into its block and the log
  kL2 = 2,  ///< every client signature
  kL3 = 3,  ///< full replay: results, codes, map roots
};

/// One stored block as a node or an export hands it out; nothing in it is trusted.
struct StoredBlock {
  Bytes header;                ///< Header::Encode
  Bytes proof;                 ///< FinalityProof::Encode
  std::vector<Bytes> entries;  ///< log leaves, in order
};
/// u32-framed header ‖ proof ‖ u32 count ‖ u32-framed entries: the octets in exports and replies.
Bytes EncodeStoredBlock(const StoredBlock& block);
std::optional<StoredBlock> DecodeStoredBlock(BytesView encoded);

/// The first bad object: which, where, and the two values.
struct Finding {
  std::string id;  ///< "audit.bad_map_root"
  uint64_t height = 0;
  std::optional<uint64_t> transaction;  ///< index in the block
  std::string expected;
  std::string found;
  std::string message;
};

/// A block decoded, with everything checked that needs neither its parent nor the state: the
/// finality proof and, from L2, the client signatures. Immutable; made on any thread. Findings of
/// the entries wait for their turn: a copy with a bad link or another root accuses no client.
struct PreparedBlock {
  Header header;
  std::vector<LogEntry> entries;             ///< from L1, as the leaves hold them
  std::vector<TransactionPtr> transactions;  ///< from L1, one for each entry
  std::vector<Sha256Digest> leaf_hashes;     ///< from L1
  std::optional<Finding> bad_entries;        ///< from L1: they are too few, too many or garbled
  std::optional<Finding> bad_signature;      ///< from L2: the first client's that does not verify
};

/// What of a block the caller vouches for, so that it is not checked again.
struct Vouched {
  bool finality = false;
  bool signatures = false;
};
/// The slow part of a walk; pure, so that a pool of threads prepares many blocks at once.
std::expected<PreparedBlock, Finding> PrepareBlock(const StoredBlock& block, const Genesis& genesis,
                                                   AuditLevel level, Vouched vouched);

/// Walks a chain from genesis, block by block, in order. Holds the replayed state in memory at L3.
/// Stops for good at the first finding: every later call returns it again. One thread.
class ChainWalk {
 public:
  /// `genesis` must outlive the walk.
  ChainWalk(const Genesis& genesis, AuditLevel level);
  ~ChainWalk();
  /// Prepares and checks. `signatures_checked`: the caller has verified every client signature.
  std::expected<void, Finding> Next(const StoredBlock& block, bool signatures_checked);
  /// The same for a block prepared for this genesis and level.
  std::expected<void, Finding> Next(const PreparedBlock& block);
  /// Ends the walk with a finding that PrepareBlock made.
  void Stop(Finding finding);
  uint64_t blocks() const;
  uint64_t transactions() const;
  uint64_t actions() const;  ///< counted from L1
  const Header& tip() const;
  /// The replayed state; null below L3. The tables of `stats` are counted from it.
  const StateView* state() const;
  /// Every record of the replayed state in order of its key; nothing below L3.
  void ForEachRecord(const std::function<void(const MapKey& key, BytesView record)>& visit) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beian
