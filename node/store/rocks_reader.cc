#include "node/store/rocks_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace beian::rocks {
namespace {

constexpr size_t kListKeyBytesMax = 128;  // longer than any key of the lists

/// Decodes what the store wrote itself: anything else is damage.
template <class Value>
Value Decoded(std::optional<Value> value, Family family, BytesView key) {
  if (!value) RowFailure(family, key, "does not decode");
  return *std::move(value);
}

template <class D>
D TailDigest(BytesView octets) {
  if (octets.size() < D::kSize) StoreFailure("a row of the lists is too short");
  return D::FromBytes(octets.substr(octets.size() - D::kSize));
}

}  // namespace

void TipCell::Set(Value value) {
  auto next = std::make_shared<const Value>(std::move(value));
  const std::lock_guard lock(mutex_);
  value_ = std::move(next);
}

std::shared_ptr<const TipCell::Value> TipCell::Get() const {
  const std::lock_guard lock(mutex_);
  return value_;
}

TipCell::Value LoadTip(const Database& database, const rocksdb::Snapshot* snapshot,
                       const Header& root) {
  const auto row = database.Get(snapshot, Family::kMeta, kTipKey);
  if (!row) StoreFailure("the tip is missing");
  const StoredTip tip = Decoded(StoredTip::Decode(*row), Family::kMeta, kTipKey);
  if (tip.height.value() == 0) return {root, tip.log};
  const Bytes key = NumberKey(tip.height.value());
  const auto header = database.Get(snapshot, Family::kHeaders, key);
  if (!header) StoreFailure(fmt::format("the header of the tip {} is missing", tip.height.value()));
  return {Decoded(DecodeStoredHeader(*header), Family::kHeaders, key).header, tip.log};
}

RocksReader::RocksReader(std::shared_ptr<const Database> database, const Genesis& genesis,
                         std::shared_ptr<const TipCell> tip)
    : database_(std::move(database)),
      root_(RootHeader(genesis)),
      chain_(genesis.chain_id),
      tip_(std::move(tip)) {}

std::unique_ptr<RocksReader> RocksReader::AtSnapshot(std::shared_ptr<const Database> database,
                                                     const Genesis& genesis) {
  const auto tip = std::make_shared<TipCell>();
  auto reader = std::make_unique<RocksReader>(std::move(database), genesis, tip);
  reader->snapshot_ = reader->database_->db().GetSnapshot();
  tip->Set(LoadTip(*reader->database_, reader->snapshot_, reader->root_));
  return reader;
}

RocksReader::~RocksReader() {
  if (snapshot_ != nullptr) database_->db().ReleaseSnapshot(snapshot_);
}

std::optional<Bytes> RocksReader::Record(const MapKey& key) const {
  return Get(Family::kRecords, key.view());
}

std::optional<Bytes> RocksReader::Page(const PagePath& path) const {
  return Get(Family::kPages, path);
}

bool RocksReader::HasTransaction(const TransactionId& id) const {
  return Get(Family::kTransactions, id.view()).has_value();
}

LogFrontier RocksReader::Log() const {
  return tip_->Get()->log;
}

Header RocksReader::Tip() const {
  return tip_->Get()->header;
}

std::optional<StoredHeader> RocksReader::StoredHeaderAt(Height height) const {
  const Bytes key = NumberKey(height.value());
  const auto row = Get(Family::kHeaders, key);
  if (!row) return std::nullopt;
  return Decoded(DecodeStoredHeader(*row), Family::kHeaders, key);
}

std::optional<Header> RocksReader::HeaderAt(Height height) const {
  if (height.value() == 0) return root_;
  const auto stored = StoredHeaderAt(height);
  if (!stored) return std::nullopt;
  return stored->header;
}

std::optional<Height> RocksReader::HeightOf(const BlockId& id) const {
  if (id == root_.id()) return Height(0);
  const auto row = Get(Family::kBlockIds, id.view());
  if (!row) return std::nullopt;
  return Decoded(DecodeHeight(*row), Family::kBlockIds, id.view());
}

BlockPtr RocksReader::BlockAt(Height height) const {
  const auto stored = StoredHeaderAt(height);
  if (!stored) return nullptr;
  const Header& header = stored->header;
  std::vector<TransactionPtr> transactions;
  std::vector<WireId> wire_ids;
  for (uint64_t i = header.log_size - header.tx_count; i < header.log_size; ++i) {
    const auto row = EntryAt(LogIndex(i));
    if (!row) StoreFailure(fmt::format("log entry {} is missing", i));
    const LogEntry entry = Decoded(DecodeLogEntry(*row), Family::kEntries, NumberKey(i));
    auto transaction = Transaction::Parse(chain_, entry.wire);
    if (!transaction) StoreFailure(fmt::format("log entry {} holds no transaction", i));
    wire_ids.push_back((*transaction)->wire_id());
    transactions.push_back(*std::move(transaction));
  }
  if (TransactionRoot(wire_ids) != header.tx_root) {
    StoreFailure(fmt::format("the transactions of block {} are not those that its header names",
                             height.value()));
  }
  return Block::Make(header, std::move(transactions));
}

std::optional<FinalityProof> RocksReader::ProofAt(Height height) const {
  auto stored = StoredHeaderAt(height);
  if (!stored) return std::nullopt;
  return std::move(stored->proof);
}

std::optional<TransactionPlace> RocksReader::Find(const TransactionId& id) const {
  const auto row = Get(Family::kTransactions, id.view());
  if (!row) return std::nullopt;
  return Decoded(DecodePlace(*row), Family::kTransactions, id.view());
}

std::optional<Bytes> RocksReader::EntryAt(LogIndex index) const {
  return Get(Family::kEntries, NumberKey(index.value()));
}

std::optional<Bytes> RocksReader::Tile(TileId tile, uint64_t width) const {
  auto row = Get(Family::kTiles, TileKey(tile));
  if (!row || width > kTileWidth || row->size() < width * Sha256Digest::kSize) return std::nullopt;
  row->resize(width * Sha256Digest::kSize);
  return row;
}

Bytes RocksReader::RecordOfRow(BytesView key, BytesView value) const {
  const auto find = [&](const MapKey& map_key) {
    auto record = Record(map_key);
    if (!record) RowFailure(Family::kRecords, map_key.view(), "is missing, a list names it");
    return *std::move(record);
  };
  switch (static_cast<ListPrefix>(key.front())) {
    case ListPrefix::kSubmitted:
      return find(FilingKey(TailDigest<FilingId>(value)));
    case ListPrefix::kStatus:
    case ListPrefix::kProvinceStatus:
    case ListPrefix::kSubject:
    case ListPrefix::kOwner:
    case ListPrefix::kSet:
      return find(FilingKey(TailDigest<FilingId>(key)));
    case ListPrefix::kSubjects:
      return find(SubjectKey(TailDigest<SubjectId>(key)));
    case ListPrefix::kSets: {
      ByteReader number(key.substr(1));
      return find(SetKey(number.U32()));
    }
  }
  StoreFailure("a row of the lists has an unknown prefix");
}

BlockReader::Listing RocksReader::ListRows(BytesView prefix, BytesView cursor, size_t count_max,
                                           const FilingFilter* filter) const {
  Listing listing;
  if (!cursor.empty() && !cursor.starts_with(prefix)) return listing;
  const size_t wanted = std::min(count_max, kFilingPageMax);
  const auto row = database_->Iterate(snapshot_, Family::kLists);
  const Bytes behind_all = Bytes(prefix) + Bytes(kListKeyBytesMax, '\xff');
  row->SeekForPrev(cursor.empty() ? rocksdb::Slice(behind_all) : rocksdb::Slice(cursor));
  if (row->Valid() && !cursor.empty() && row->key() == rocksdb::Slice(cursor)) row->Prev();
  Bytes last(cursor);
  for (size_t scanned = 0; row->Valid() && row->key().starts_with(prefix); ++scanned) {
    if (listing.records.size() == wanted || scanned == kFilingScanMax) {
      listing.next = last;
      break;
    }
    last = row->key().ToString();
    Bytes record = RecordOfRow(last, {row->value().data(), row->value().size()});
    bool matches = true;
    if (filter != nullptr) {
      const auto filing = FilingRecord::Decode(record);
      if (!filing) RowFailure(Family::kLists, last, "names a filing that does not decode");
      matches = filter->Matches(*filing);
    }
    if (matches) listing.records.push_back(std::move(record));
    row->Prev();
  }
  if (!row->status().ok()) StoreFailure("reading the lists: " + row->status().ToString());
  return listing;
}

BlockReader::Listing RocksReader::List(uint8_t kind, BytesView cursor, size_t count_max) const {
  constexpr std::pair<uint8_t, ListPrefix> kKinds[] = {
      {1, ListPrefix::kSubmitted}, {3, ListPrefix::kSubjects}, {5, ListPrefix::kSets}};
  for (const auto& [number, prefix] : kKinds) {
    const char octet = static_cast<char>(prefix);
    if (number == kind) return ListRows({&octet, 1}, cursor, count_max, nullptr);
  }
  return {};
}

BlockReader::Listing RocksReader::ListFilings(const FilingFilter& filter, BytesView cursor,
                                              size_t count_max) const {
  const char submitted = static_cast<char>(ListPrefix::kSubmitted);
  const Bytes prefix = NarrowestList(filter).value_or(Bytes(1, submitted));
  return ListRows(prefix, cursor, count_max, &filter);
}

}  // namespace beian::rocks
