#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/chain/state.h"
#include "ledger/filing/record.h"
#include "node/replica/events.h"

namespace beian {

/// Where a committed transaction stands.
struct TransactionPlace {
  Height height;
  uint32_t index = 0;  ///< in the block
  LogIndex log_index;  ///< of its leaf
};

/// Which filings a list is to show; everything that is set must match.
struct FilingFilter {
  std::optional<FilingStatus> status;
  std::string province;  ///< two digits of the division; empty: any
  std::optional<uint32_t> set;
  std::optional<SubjectId> subject;
  std::optional<KeyId> owner;
  bool Matches(const FilingRecord& record) const;
};

/// What is committed, as of one height: the state for execution and everything the API serves.
/// Reads that find damage abort the process through StoreFailure, never return a wrong value.
class BlockReader : public StateView {
 public:
  virtual Header Tip() const = 0;  ///< of the last committed block; the root header when none
  virtual std::optional<Header> HeaderAt(Height height) const = 0;
  virtual std::optional<Height> HeightOf(const BlockId& id) const = 0;
  virtual BlockPtr BlockAt(Height height) const = 0;  ///< null when absent
  virtual std::optional<FinalityProof> ProofAt(Height height) const = 0;
  virtual std::optional<TransactionPlace> Find(const TransactionId& id) const = 0;
  /// The log leaf's octets (EncodeLogEntry).
  virtual std::optional<Bytes> EntryAt(LogIndex index) const = 0;
  virtual std::optional<Bytes> Tile(TileId tile, uint64_t width) const = 0;
  /// Record octets under keys of a kind, for lists: filings in order of their log, newest first,
  /// with paging by an opaque cursor. `kind` as in record.h (1 filings, 3 subjects, 5 sets).
  struct Listing {
    std::vector<Bytes> records;
    Bytes next;  ///< empty: no more
  };
  virtual Listing List(uint8_t kind, BytesView cursor, size_t count_max) const = 0;
  /// Filing records that match, with paging. Looks at no more than kFilingScanMax filings in a
  /// call, so that a page may hold fewer than `count_max` although more follow: `next` tells.
  /// Without an index: newest first. RocksStore: newest submission first for an empty filter; else
  /// latest change first, within each status when a province is asked for without one.
  virtual Listing ListFilings(const FilingFilter& filter, BytesView cursor, size_t count_max) const;
};
inline constexpr size_t kFilingScanMax = 10'000;
inline constexpr size_t kFilingPageMax = 1'000;  ///< records in one listing, whatever was asked for

/// The node's store. Implementations: RocksStore (node/store/rocks_store.h) and the simulator's.
class BlockStore : public BlockReader {
 public:
  /// Writes one block in one synced batch: block, proof, entries, indexes, records, pages, tiles,
  /// tip. Heights come in order; a height that is already there is ignored (redo after a crash).
  /// The driver stops the process on a failure: the durable state is then unknown.
  virtual std::expected<void, std::string> Commit(const CommitBlock& commit) = 0;
  /// A view of the committed state that later commits do not change. Any thread.
  virtual std::unique_ptr<BlockReader> Snapshot() const = 0;
};

/// Up to kBlocksPerReply committed blocks from `request.first` with the proof of the last.
Blocks MakeBlocksReply(const BlockReader& reader, const GetBlocks& request);

}  // namespace beian
