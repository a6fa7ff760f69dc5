#pragma once

#include <atomic>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "node/store/block_store.h"
#include "node/store/vote_log.h"

namespace beian {

namespace rocks {
class Database;
class RocksReader;
class TipCell;
}  // namespace rocks
class File;

/// The committed chain in RocksDB; rocks_schema.h draws the keys. One thread calls Commit, any
/// thread reads meanwhile: each read sees the state before or after a commit, Snapshot a fixed one,
/// which may hold a block whose Commit has not returned yet.
/// A read that finds damage prints what it is and ends the process.
class RocksStore : public BlockStore {
 public:
  enum class Condition {
    kFresh,    ///< there was nothing; it now holds the chain's root
    kIntact,   ///< opened and checked
    kDamaged,  ///< `store` is null, `finding` says what is wrong: SetAside, then fetch from peers
  };
  struct Opened {
    Condition condition = Condition::kDamaged;
    std::unique_ptr<RocksStore> store;
    std::string finding;
  };
  /// `applied`: what the head file knows the store to have held, if it knows: a store with less is
  /// damaged, for RocksDB may open although it has lost what it once synced (RELIABILITY.md, "Two
  /// measured facts"). Then checks the chain: the last kCheckedBlocks headers, the last block's
  /// entries and tiles, log and map roots, and the checksums of all tables when they have no more
  /// than `checked_bytes_max` octets together.
  /// Errors, which say nothing about the data: another process has it open; it belongs to another
  /// chain; the file system fails.
  static std::expected<Opened, std::string> Open(const std::string& directory,
                                                 const Genesis& genesis,
                                                 const std::optional<AppliedBlock>& applied,
                                                 uint64_t checked_bytes_max = kCheckedBytesMax);
  /// The same for a store that is only read: none of its files is changed. Commit fails. An error
  /// also when there is no store.
  static std::expected<Opened, std::string> OpenToRead(const std::string& directory,
                                                       const Genesis& genesis);
  /// Moves the files of a damaged store into `damaged-<time>`, so that Open finds nothing; what is
  /// no directory, itself, into such a folder beside it.
  static std::expected<void, std::string> SetAside(const std::string& directory);
  ~RocksStore() override;

  /// Reads every table and compares checksums: for stores too large to do so in Open, on a thread
  /// of its own. Nothing when all is well, or when `stop` is set meanwhile.
  std::optional<std::string> VerifyTables(const std::atomic<bool>& stop) const;
  bool tables_verified() const { return tables_verified_; }  ///< Open has done so

  std::expected<void, std::string> Commit(const CommitBlock& commit) override;
  /// Whose store this is, and the highest own vote or floor that its log holds, synced; the next
  /// commit writes it down. From the thread that calls Commit.
  void NoteVoted(const OwnVotes& voted);
  /// Writes now what the next commit would note.
  std::expected<void, std::string> SaveVoted();
  /// The highest that was ever noted, if any was: a vote log of that validator that knows less is
  /// an older copy.
  std::optional<OwnVotes> voted() const { return voted_; }
  std::unique_ptr<BlockReader> Snapshot() const override;

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

  static constexpr uint64_t kCheckedBlocks = 64;
  static constexpr uint64_t kCheckedBytesMax = 512'000'000;

 private:
  /// `lock` may be null: nobody else has ever opened it.
  RocksStore(const Genesis& genesis, std::unique_ptr<File> lock,
             std::shared_ptr<rocks::Database> database);
  static Opened Damaged(std::string finding);
  /// The store of an open database, when it is ours and its chain holds together.
  static std::expected<Opened, std::string> Check(std::unique_ptr<File> lock,
                                                  std::shared_ptr<rocks::Database> database,
                                                  const Genesis& genesis,
                                                  const std::optional<AppliedBlock>& applied,
                                                  uint64_t checked_bytes_max);

  const Genesis genesis_;
  const std::unique_ptr<File> lock_;
  const std::shared_ptr<rocks::Database> database_;
  const std::shared_ptr<rocks::TipCell> tip_;
  std::unique_ptr<rocks::RocksReader> reader_;
  bool tables_verified_ = false;
  std::optional<OwnVotes> voted_;
  bool failed_ = false;  ///< a commit failed: what is durable is unknown
};

}  // namespace beian
