#include "node/store/rocks_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <filesystem>

#include "node/store/file.h"
#include "node/store/rocks_check.h"
#include "node/store/rocks_messages.h"
#include "node/store/rocks_reader.h"

namespace beian {
namespace {

using rocks::Database;
using rocks::Family;

constexpr std::string_view kStoreLockName = "store.lock";  // RocksDB's own file is LOCK

std::expected<File, std::string> LockStore(File lock, const std::string& directory) {
  const auto taken = lock.TryLock();
  if (!taken) return std::unexpected(taken.error());
  if (!*taken) return std::unexpected(fmt::format("{} is open in another process", directory));
  return lock;
}

std::expected<File, std::string> TakeStoreLock(const std::string& directory) {
  auto lock = File::Open(directory + "/" + std::string(kStoreLockName), O_RDWR | O_CREAT);
  if (!lock) return lock;
  return LockStore(*std::move(lock), directory);
}

/// The same without making the file; no lock when there is none, for nobody has opened the store.
std::expected<std::optional<File>, std::string> TakeLockThatIsThere(const std::string& directory) {
  const std::string path = directory + "/" + std::string(kStoreLockName);
  if (!std::filesystem::exists(path)) return std::nullopt;
  auto lock = File::Open(path, O_RDONLY);
  if (!lock) return std::unexpected(lock.error());
  return LockStore(*std::move(lock), directory);
}

/// Files of the database: everything but our lock and what was set aside before.
std::expected<std::vector<std::string>, std::string> FindStoreFiles(const std::string& directory) {
  auto names = ListDirectory(directory);
  if (!names) return names;
  std::erase_if(*names, [](const std::string& name) {
    return name == kStoreLockName || name.starts_with("damaged-");
  });
  return names;
}

/// Collects a block's rows.
class BlockBatch {
 public:
  BlockBatch(const Database& database, const CommitBlock& commit)
      : database_(database),
        header_(commit.block->header),
        block_(*commit.block),
        execution_(*commit.execution) {}

  void PutBlock(const FinalityProof& proof, size_t set_size) {
    const Bytes key = rocks::NumberKey(header_.height.value());
    Put(Family::kHeaders, key, rocks::EncodeStoredHeader(header_, proof, set_size));
    Put(Family::kBlockIds, block_.id.view(), rocks::EncodeHeight(header_.height));
    const rocks::StoredTip tip{header_.height, block_.id, execution_.delta.log};
    Put(Family::kMeta, rocks::kTipKey, tip.Encode());
    const Bytes height = rocks::EncodeHeight(header_.height);
    for (const Family family : rocks::FamiliesWithHeight()) Put(family, rocks::kHeightKey, height);
  }

  void PutVoted(const OwnVotes& voted) {
    Put(Family::kMeta, rocks::kVotedKey, rocks::EncodeVoted(voted));
  }

  void PutTransactions() {
    const uint64_t first = header_.log_size - header_.tx_count;
    for (uint32_t i = 0; i < block_.transactions.size(); ++i) {
      const Transaction& transaction = *block_.transactions[i];
      const TransactionResult& result = execution_.results[i];
      const LogIndex log_index(first + i);
      Put(Family::kEntries, rocks::NumberKey(log_index.value()),
          EncodeLogEntry(transaction, result));
      rows_.emplace_back(Family::kTransactions, Bytes(transaction.id().view()),
                         rocks::EncodePlace({header_.height, i, log_index}));
      PutSubmissions(transaction, result, log_index);
    }
  }

  void PutState() {
    for (const auto& [key, value] : execution_.delta.records) {
      PutListRows(key, value);
      Put(Family::kRecords, key.view(), value);
    }
    for (const auto& [path, page] : execution_.delta.pages) Put(Family::kPages, path, page);
  }

  void PutTiles() {
    const TileReader read = [this](TileId tile, uint64_t) {
      return database_.Get(nullptr, Family::kTiles, rocks::TileKey(tile));
    };
    const uint64_t old_size = header_.log_size - header_.tx_count;
    for (const auto& [tile, hashes] : AppendToTiles(old_size, execution_.leaf_hashes, read)) {
      Put(Family::kTiles, rocks::TileKey(tile), hashes);
    }
  }

  /// Rows in the order of their keys cost RocksDB half as much: one starts where the last ended.
  rocksdb::Status Write() {
    std::ranges::sort(rows_);
    for (const auto& [family, key, value] : rows_) {
      if (value) {
        Put(family, key, *value);
      } else {
        CHECK(batch_.Delete(database_.family(family), key).ok());
      }
    }
    rocks::CountNothing();
    rocksdb::WriteOptions options;
    options.sync = true;
    return database_.db().Write(options, &batch_);
  }

 private:
  /// A failure to collect is a failure to allocate: RocksDB's batch has no other.
  void Put(Family family, BytesView key, BytesView value) {
    CHECK(batch_.Put(database_.family(family), key, value).ok());
  }

  void PutSubmissions(const Transaction& transaction, const TransactionResult& result,
                      LogIndex log_index) {
    for (int i = 0; i < transaction.body().actions_size(); ++i) {
      const auto number = static_cast<uint16_t>(i);
      if (!transaction.body().actions(i).has_submit()) continue;
      if (result.actions[number].reject != FilingReject::kAccepted) continue;
      PutListRow(rocks::SubmittedKey(log_index, number),
                 Bytes(MakeFilingId(transaction.id(), number).view()));
    }
  }

  /// A record is told by the key that it would have: its octets alone do not say what it is, and a
  /// filing with a code stands under two keys.
  void PutListRows(const MapKey& key, const Bytes& value) {
    if (const auto filing = FilingRecord::Decode(value); filing && FilingKey(filing->id) == key) {
      return MoveFilingRows(key, *filing);
    }
    if (const auto set = SetRecord::Decode(value); set && SetKey(set->number) == key) {
      return PutListRow(rocks::SetListKey(set->number));
    }
    const auto subject = SubjectRecord::Decode(value);
    if (subject && SubjectKey(subject->id) == key) PutListRow(rocks::SubjectListKey(subject->id));
  }

  void MoveFilingRows(const MapKey& key, const FilingRecord& filing) {
    if (const auto old = database_.Get(nullptr, Family::kRecords, key.view())) {
      const auto before = FilingRecord::Decode(*old);
      if (!before) rocks::RowFailure(Family::kRecords, key.view(), "does not decode as a filing");
      for (Bytes& row : rocks::FilingListKeys(*before)) {
        rows_.emplace_back(Family::kLists, std::move(row), std::nullopt);
      }
    }
    for (Bytes& row : rocks::FilingListKeys(filing)) PutListRow(std::move(row));
  }

  void PutListRow(Bytes key, Bytes value = {}) {
    rows_.emplace_back(Family::kLists, std::move(key), std::move(value));
  }

  const Database& database_;
  const Header& header_;
  const Block& block_;
  const Execution& execution_;
  rocksdb::WriteBatch batch_;
  /// Of families whose keys come in no order of their own; no value: the row is deleted.
  std::vector<std::tuple<Family, Bytes, std::optional<Bytes>>> rows_;
};

std::optional<std::string> Mismatch(const CommitBlock& commit, const Header& tip) {
  const Header& header = commit.block->header;
  const Execution& execution = *commit.execution;
  if (header.height != tip.height.Next() || header.parent != tip.id()) {
    return fmt::format("block {} at height {} does not continue the store's tip at height {}",
                       commit.block->id.hex(), header.height.value(), tip.height.value());
  }
  if (execution.log_root != header.log_root || execution.map_root != header.map_root ||
      execution.delta.log.size() != header.log_size ||
      execution.results.size() != commit.block->transactions.size()) {
    return fmt::format("the execution of block {} is not what its header says",
                       header.height.value());
  }
  return std::nullopt;
}

struct OpenedDatabase {
  std::shared_ptr<Database> database;
  std::string finding;
};

enum class Access {
  kCreate,  ///< there is nothing yet
  kOwn,
  kRead,  ///< no file is changed; what was written ahead is replayed in memory
};

OpenedDatabase OpenDatabase(const std::string& directory, Access access) {
  rocksdb::Options options(rocks::DatabaseOptions(), rocksdb::ColumnFamilyOptions());
  options.create_if_missing = access == Access::kCreate;
  options.create_missing_column_families = access == Access::kCreate;
  if (access != Access::kRead) options.info_log = rocks::MessageFile::In(directory);
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const auto families = rocks::FamilyDescriptors();
  const auto status =
      access == Access::kRead
          ? rocksdb::DB::OpenForReadOnly(options, directory, families, &handles, &db)
          : rocksdb::DB::Open(options, directory, families, &handles, &db);
  if (!status.ok()) return {nullptr, "RocksDB does not open it: " + status.ToString()};
  return {std::make_shared<Database>(db, std::move(handles)), ""};
}

FileResult WriteRoot(const Database& database, const Genesis& genesis) {
  rocksdb::WriteBatch batch;
  auto* const meta = database.family(Family::kMeta);
  ByteWriter format;
  format.U32(rocks::kStoreFormat);
  const rocks::StoredTip tip{Height(0), RootHeader(genesis).id(), LogFrontier()};
  CHECK(batch.Put(meta, rocks::kFormatKey, format.bytes()).ok());
  CHECK(batch.Put(meta, rocks::kChainKey, genesis.chain_id.view()).ok());
  CHECK(batch.Put(meta, rocks::kTipKey, tip.Encode()).ok());
  for (const Family family : rocks::FamiliesWithHeight()) {
    auto* const handle = database.family(family);
    CHECK(batch.Put(handle, rocks::kHeightKey, rocks::EncodeHeight(tip.height)).ok());
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  const auto status = database.db().Write(options, &batch);
  if (!status.ok()) return std::unexpected(status.ToString());
  return {};
}

/// An error when the store is sound but not ours; `finding` is set when it does not even say whose.
FileResult CheckOwner(const Database& database, const Genesis& genesis, std::string& finding) {
  const auto format = database.TryGet(nullptr, Family::kMeta, rocks::kFormatKey);
  const auto chain = database.TryGet(nullptr, Family::kMeta, rocks::kChainKey);
  if (!format || !chain || !*format || !*chain) {
    finding = !format  ? format.error()
              : !chain ? chain.error()
                       : "it does not say which chain it holds";
    return {};
  }
  ByteReader reader(**format);
  if (const uint32_t number = reader.U32(); number != rocks::kStoreFormat) {
    return std::unexpected(fmt::format("the store has format {}, this program reads format {}: "
                                       "move it away, on one validator after another, and "
                                       "each time let the peers fill a new one",
                                       number, rocks::kStoreFormat));
  }
  if (**chain != genesis.chain_id.view()) {
    return std::unexpected(fmt::format("the store holds chain {}, the genesis file is of chain {}",
                                       ToHex(**chain), genesis.chain_id.hex()));
  }
  return {};
}

std::expected<std::optional<OwnVotes>, std::string> LoadVoted(const Database& database) {
  const auto row = database.TryGet(nullptr, Family::kMeta, rocks::kVotedKey);
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  const auto voted = rocks::DecodeVoted(**row);
  if (!voted) return std::unexpected("what it notes of own votes does not decode");
  return voted;
}

}  // namespace

RocksStore::RocksStore(const Genesis& genesis, std::unique_ptr<File> lock,
                       std::shared_ptr<Database> database)
    : genesis_(genesis),
      lock_(std::move(lock)),
      database_(std::move(database)),
      tip_(std::make_shared<rocks::TipCell>()) {
  tip_->Set(rocks::LoadTip(*database_, nullptr, RootHeader(genesis_)));
  reader_ = std::make_unique<rocks::RocksReader>(database_, genesis_, tip_);
}

RocksStore::~RocksStore() = default;

std::expected<RocksStore::Opened, std::string> RocksStore::Open(
    const std::string& directory, const Genesis& genesis,
    const std::optional<AppliedBlock>& applied, uint64_t checked_bytes_max) {
  if (const auto wrong = WrongKind(directory, FileKind::kDirectory)) {
    return Damaged(directory + ": " + *wrong);
  }
  if (const auto made = MakeDirectory(directory); !made) return std::unexpected(made.error());
  auto lock = TakeStoreLock(directory);
  if (!lock) return std::unexpected(lock.error());
  const auto files = FindStoreFiles(directory);
  if (!files) return std::unexpected(files.error());
  const bool fresh = files->empty();
  if (fresh && applied && applied->height.value() > 0) {
    return Damaged(fmt::format("it is gone; the head file knows height {} to be committed",
                               applied->height.value()));
  }
  auto opened = OpenDatabase(directory, fresh ? Access::kCreate : Access::kOwn);
  if (!opened.database) return Damaged(opened.finding);
  if (fresh) {
    const auto written = WriteRoot(*opened.database, genesis);
    if (!written) return std::unexpected(written.error());
  }
  auto checked = Check(std::make_unique<File>(*std::move(lock)), std::move(opened.database),
                       genesis, applied, checked_bytes_max);
  if (checked && fresh && checked->store != nullptr) checked->condition = Condition::kFresh;
  return checked;
}

std::expected<RocksStore::Opened, std::string> RocksStore::OpenToRead(const std::string& directory,
                                                                      const Genesis& genesis) {
  if (const auto wrong = WrongKind(directory, FileKind::kDirectory)) {
    return Damaged(directory + ": " + *wrong);
  }
  const auto files = FindStoreFiles(directory);
  if (!files) return std::unexpected(files.error());
  if (files->empty()) return std::unexpected(directory + " holds no store");
  auto lock = TakeLockThatIsThere(directory);
  if (!lock) return std::unexpected(lock.error());
  auto opened = OpenDatabase(directory, Access::kRead);
  if (!opened.database) return Damaged(opened.finding);
  auto held = *lock ? std::make_unique<File>(**std::move(lock)) : nullptr;
  return Check(std::move(held), std::move(opened.database), genesis, std::nullopt,
               kCheckedBytesMax);
}

RocksStore::Opened RocksStore::Damaged(std::string finding) {
  return {Condition::kDamaged, nullptr, std::move(finding)};
}

std::expected<RocksStore::Opened, std::string> RocksStore::Check(
    std::unique_ptr<File> lock, std::shared_ptr<Database> database, const Genesis& genesis,
    const std::optional<AppliedBlock>& applied, uint64_t checked_bytes_max) {
  std::string finding;
  const auto owner = CheckOwner(*database, genesis, finding);
  if (!owner) return std::unexpected(owner.error());
  if (!finding.empty()) return Damaged(finding);
  if (auto wrong = rocks::CheckChain(*database, genesis, applied, kCheckedBlocks)) {
    return Damaged(*std::move(wrong));
  }
  const auto voted = LoadVoted(*database);
  if (!voted) return Damaged(voted.error());
  std::unique_ptr<RocksStore> store(new RocksStore(genesis, std::move(lock), std::move(database)));
  store->voted_ = *voted;
  if (rocks::SizeOfTables(*store->database_) <= checked_bytes_max) {
    if (auto wrong = store->VerifyTables(false)) return Damaged(*std::move(wrong));
    store->tables_verified_ = true;
  }
  return Opened{Condition::kIntact, std::move(store), ""};
}

std::expected<void, std::string> RocksStore::SetAside(const std::string& directory) {
  if (WrongKind(directory, FileKind::kDirectory)) return MoveAside(directory);
  const auto lock = TakeStoreLock(directory);
  if (!lock) return std::unexpected(lock.error());
  auto files = FindStoreFiles(directory);
  if (!files) return std::unexpected(files.error());
  return MoveAside(directory, *files);
}

std::optional<std::string> RocksStore::VerifyTables(const std::atomic<bool>& stop) const {
  return rocks::CheckTables(*database_, stop);
}

std::expected<void, std::string> RocksStore::Commit(const CommitBlock& commit) {
  if (failed_) return std::unexpected("the store has failed before");
  const Header tip = Tip();
  if (commit.block->header.height <= tip.height) return {};
  if (auto mismatch = Mismatch(commit, tip)) return std::unexpected(*std::move(mismatch));
  BlockBatch batch(*database_, commit);
  batch.PutBlock(commit.proof, genesis_.validators.size());
  if (voted_) batch.PutVoted(*voted_);
  batch.PutTransactions();
  batch.PutState();
  batch.PutTiles();
  const auto status = batch.Write();
  if (!status.ok()) {
    failed_ = true;
    return std::unexpected(fmt::format("writing block {}: {}", commit.block->header.height.value(),
                                       status.ToString()));
  }
  tip_->Set({commit.block->header, commit.execution->delta.log});
  return {};
}

void RocksStore::NoteVoted(const OwnVotes& voted) {
  CHECK(!voted_ || voted_->validator == voted.validator);
  if (!voted_ || voted_->highest < voted.highest) voted_ = voted;
}

std::expected<void, std::string> RocksStore::SaveVoted() {
  if (failed_) return std::unexpected("the store has failed before");
  if (!voted_) return {};
  rocksdb::WriteOptions options;
  options.sync = true;
  const auto status = database_->db().Put(options, database_->family(Family::kMeta),
                                          rocks::kVotedKey, rocks::EncodeVoted(*voted_));
  if (!status.ok()) return std::unexpected(status.ToString());
  return {};
}

std::unique_ptr<BlockReader> RocksStore::Snapshot() const {
  return rocks::RocksReader::AtSnapshot(database_, genesis_);
}

std::optional<Bytes> RocksStore::Record(const MapKey& key) const {
  return reader_->Record(key);
}
std::optional<Bytes> RocksStore::Page(const PagePath& path) const {
  return reader_->Page(path);
}
bool RocksStore::HasTransaction(const TransactionId& id) const {
  return reader_->HasTransaction(id);
}
LogFrontier RocksStore::Log() const {
  return reader_->Log();
}
Header RocksStore::Tip() const {
  return reader_->Tip();
}
std::optional<Header> RocksStore::HeaderAt(Height height) const {
  return reader_->HeaderAt(height);
}
std::optional<Height> RocksStore::HeightOf(const BlockId& id) const {
  return reader_->HeightOf(id);
}
BlockPtr RocksStore::BlockAt(Height height) const {
  return reader_->BlockAt(height);
}
std::optional<FinalityProof> RocksStore::ProofAt(Height height) const {
  return reader_->ProofAt(height);
}
std::optional<TransactionPlace> RocksStore::Find(const TransactionId& id) const {
  return reader_->Find(id);
}
std::optional<Bytes> RocksStore::EntryAt(LogIndex index) const {
  return reader_->EntryAt(index);
}
std::optional<Bytes> RocksStore::Tile(TileId tile, uint64_t width) const {
  return reader_->Tile(tile, width);
}
BlockReader::Listing RocksStore::List(uint8_t kind, BytesView cursor, size_t count_max) const {
  return reader_->List(kind, cursor, count_max);
}
BlockReader::Listing RocksStore::ListFilings(const FilingFilter& filter, BytesView cursor,
                                             size_t count_max) const {
  return reader_->ListFilings(filter, cursor, count_max);
}

}  // namespace beian
