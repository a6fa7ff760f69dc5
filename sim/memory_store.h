#pragma once

#include <map>
#include <set>
#include <vector>

#include "node/store/block_store.h"

namespace beian::sim {

/// A validator's store in memory. A commit is durable when it returns: a crash keeps it whole.
class MemoryStore : public BlockStore {
 public:
  explicit MemoryStore(const Genesis& genesis);

  std::optional<Bytes> Record(const MapKey& key) const override;
  std::optional<Bytes> Page(const PagePath& path) const override;
  bool HasTransaction(const TransactionId& id) const override;
  LogFrontier Log() const override { return log_; }

  Header Tip() const override;
  std::optional<Header> HeaderAt(Height height) const override;
  std::optional<Height> HeightOf(const BlockId& id) const override;
  BlockPtr BlockAt(Height height) const override;
  std::optional<FinalityProof> ProofAt(Height height) const override;
  std::optional<TransactionPlace> Find(const TransactionId& id) const override;
  std::optional<Bytes> EntryAt(LogIndex index) const override;
  std::optional<Bytes> Tile(TileId tile, uint64_t width) const override;
  Listing List(uint8_t kind, BytesView cursor, size_t count_max) const override;

  std::expected<void, std::string> Commit(const CommitBlock& commit) override;
  std::unique_ptr<BlockReader> Snapshot() const override;

  const std::map<MapKey, Bytes>& records() const { return records_; }
  const TransactionResult* ResultOf(const TransactionId& id) const;
  /// For a canary: changes a stored filing behind the map's back.
  void Damage();

 private:
  struct Stored {
    BlockPtr block;
    FinalityProof proof;
    std::shared_ptr<const Execution> execution;
  };
  const Stored* At(Height height) const;

  Header root_;
  std::vector<Stored> blocks_;   ///< from height 1
  std::map<BlockId, Height> heights_;
  std::map<TransactionId, TransactionPlace> places_;
  std::map<MapKey, Bytes> records_;
  std::map<PagePath, Bytes> pages_;
  std::map<TileId, Bytes> tiles_;
  LogFrontier log_;
};

}  // namespace beian::sim
