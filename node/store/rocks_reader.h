#pragma once

#include <memory>
#include <mutex>

#include "node/store/rocks_schema.h"

namespace beian::rocks {

/// The last committed header and the log after it, kept in memory because every step asks for them.
/// Any thread.
class TipCell {
 public:
  struct Value {
    Header header;
    LogFrontier log;
  };
  void Set(Value value);
  std::shared_ptr<const Value> Get() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Value> value_;
};

/// Reads the database as it is, or as of a RocksDB snapshot. Any thread.
class RocksReader : public BlockReader {
 public:
  /// Follows `tip`, which the store moves after each commit.
  RocksReader(std::shared_ptr<const Database> database, const Genesis& genesis,
              std::shared_ptr<const TipCell> tip);
  /// Keeps a snapshot until it is destroyed, also when the store goes first.
  static std::unique_ptr<RocksReader> AtSnapshot(std::shared_ptr<const Database> database,
                                                 const Genesis& genesis);
  ~RocksReader() override;

  std::optional<Bytes> Record(const MapKey& key) const override;
  std::optional<Bytes> Page(const PagePath& path) const override;
  bool HasTransaction(const TransactionId& id) const override;
  LogFrontier Log() const override;
  Header Tip() const override;
  std::optional<Header> HeaderAt(Height height) const override;
  std::optional<Height> HeightOf(const BlockId& id) const override;
  BlockPtr BlockAt(Height height) const override;
  std::optional<FinalityProof> ProofAt(Height height) const override;
  std::optional<TransactionPlace> Find(const TransactionId& id) const override;
  std::optional<Bytes> EntryAt(LogIndex index) const override;
  std::optional<Bytes> Tile(TileId tile, uint64_t width) const override;
  Listing List(uint8_t kind, BytesView cursor, size_t count_max) const override;
  Listing ListFilings(const FilingFilter& filter, BytesView cursor,
                      size_t count_max) const override;

 private:
  std::optional<Bytes> Get(Family family, BytesView key) const {
    return database_->Get(snapshot_, family, key);
  }
  std::optional<StoredHeader> StoredHeaderAt(Height height) const;
  /// The record behind a row of the lists.
  Bytes RecordOfRow(BytesView key, BytesView value) const;
  /// Rows of a list from the last key down, below `cursor`.
  Listing ListRows(BytesView prefix, BytesView cursor, size_t count_max,
                   const FilingFilter* filter) const;

  const std::shared_ptr<const Database> database_;
  const Header root_;
  const ChainId chain_;
  std::shared_ptr<const TipCell> tip_;
  const rocksdb::Snapshot* snapshot_ = nullptr;
};

/// Reads what a commit or a snapshot stands on; the root header at height 0.
TipCell::Value LoadTip(const Database& database, const rocksdb::Snapshot* snapshot,
                       const Header& root);

}  // namespace beian::rocks
