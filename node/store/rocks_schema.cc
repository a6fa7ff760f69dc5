#include "node/store/rocks_schema.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace beian::rocks {
namespace {

constexpr size_t kBlockCacheBytes = 24 << 20;    // all families together, filters included
constexpr size_t kWriteBufferBytes = 24 << 20;   // one family's, while it fills
constexpr size_t kWriteBuffersBytes = 64 << 20;  // all families together
constexpr size_t kWalBytesMax = 64 << 20;        // bounds the time of recovery
constexpr double kBloomBitsPerKey = 10;       // one absent key in a hundred reads a block
constexpr double kMemtableBloomShare = 0.05;  // of the write buffer

constexpr std::array<std::string_view, kFamilies> kFamilyNames = {
    "default", "headers", "block_ids", "entries", "transactions",
    "records", "pages",   "tiles",     "lists"};

rocksdb::CompressionType BestCompression() {
  const auto supported = rocksdb::GetSupportedCompressions();
  for (const auto type : {rocksdb::kZSTD, rocksdb::kSnappyCompression}) {
    if (std::ranges::find(supported, type) != supported.end()) return type;
  }
  return rocksdb::kNoCompression;
}

/// Digests do not compress; texts do.
bool HoldsTexts(Family family) {
  return family == Family::kHeaders || family == Family::kEntries || family == Family::kRecords;
}

bool IsAskedForAbsentKeys(Family family) {
  return family == Family::kTransactions || family == Family::kRecords ||
         family == Family::kBlockIds || family == Family::kPages;
}

rocksdb::ColumnFamilyOptions FamilyOptions(Family family,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions options;
  if (IsAskedForAbsentKeys(family)) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
    table.whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = kMemtableBloomShare;
    options.memtable_whole_key_filtering = true;
  }
  options.write_buffer_size = kWriteBufferBytes;
  options.compression = rocksdb::kNoCompression;
  if (HoldsTexts(family)) {   // what is young is written again soon: not worth the time
    options.compression_per_level.assign(options.num_levels, BestCompression());
    options.compression_per_level[0] = rocksdb::kNoCompression;
    options.compression_per_level[1] = rocksdb::kNoCompression;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

void AppendFilingSuffix(ByteWriter& writer, const FilingRecord& record) {
  writer.U64(record.changed_height.value());
  writer.Raw(record.id.view());
}

void WritePrefix(ByteWriter& writer, ListPrefix prefix) {
  writer.U8(static_cast<uint8_t>(prefix));
}

template <class Write>
Bytes ListKey(ListPrefix prefix, Write write) {
  ByteWriter writer;
  WritePrefix(writer, prefix);
  write(writer);
  return writer.Take();
}

/// The family says what the key is; those of the family default are words.
std::string RowName(Family which, BytesView key) {
  return fmt::format("row {} of the family {}",
                     which == Family::kMeta ? '\'' + Bytes(key) + '\'' : ToHex(key),
                     FamilyName(which));
}

}  // namespace

std::string_view FamilyName(Family family) {
  return kFamilyNames[static_cast<size_t>(family)];
}

std::vector<Family> FamiliesWithHeight() {
  std::vector<Family> families;
  for (size_t i = 0; i < kFamilies; ++i) {
    if (static_cast<Family>(i) != Family::kMeta) families.push_back(static_cast<Family>(i));
  }
  return families;
}

Bytes NumberKey(uint64_t number) {
  ByteWriter writer;
  writer.U64(number);
  return writer.Take();
}

Bytes TileKey(TileId tile) {
  ByteWriter writer;
  writer.U8(tile.level);
  writer.U64(tile.index);
  return writer.Take();
}

Bytes SubmittedKey(LogIndex index, uint16_t action) {
  return ListKey(ListPrefix::kSubmitted, [&](ByteWriter& writer) {
    writer.U64(index.value());
    writer.U16(action);
  });
}

std::vector<Bytes> FilingListKeys(const FilingRecord& record) {
  const auto status = static_cast<uint8_t>(record.status);
  const std::string province = record.division.substr(0, 2);
  std::vector<Bytes> keys;
  const auto add = [&](ListPrefix prefix, auto write) {
    keys.push_back(ListKey(prefix, [&](ByteWriter& writer) {
      write(writer);
      AppendFilingSuffix(writer, record);
    }));
  };
  add(ListPrefix::kStatus, [&](ByteWriter& writer) { writer.U8(status); });
  add(ListPrefix::kProvinceStatus, [&](ByteWriter& writer) {
    writer.Raw(province);
    writer.U8(status);
  });
  add(ListPrefix::kSubject, [&](ByteWriter& writer) { writer.Raw(record.subject.view()); });
  add(ListPrefix::kOwner, [&](ByteWriter& writer) { writer.Raw(record.owner.view()); });
  if (record.set != 0) {
    add(ListPrefix::kSet, [&](ByteWriter& writer) { writer.U32(record.set); });
  }
  return keys;
}

std::optional<Bytes> NarrowestList(const FilingFilter& filter) {
  if (filter.subject) {
    return ListKey(ListPrefix::kSubject,
                   [&](ByteWriter& writer) { writer.Raw(filter.subject->view()); });
  }
  if (filter.owner) {
    return ListKey(ListPrefix::kOwner,
                   [&](ByteWriter& writer) { writer.Raw(filter.owner->view()); });
  }
  if (filter.set && *filter.set != 0) {
    return ListKey(ListPrefix::kSet, [&](ByteWriter& writer) { writer.U32(*filter.set); });
  }
  if (filter.status && !filter.province.empty()) {
    return ListKey(ListPrefix::kProvinceStatus, [&](ByteWriter& writer) {
      writer.Raw(filter.province);
      writer.U8(static_cast<uint8_t>(*filter.status));
    });
  }
  if (filter.status) {
    return ListKey(ListPrefix::kStatus,
                   [&](ByteWriter& writer) { writer.U8(static_cast<uint8_t>(*filter.status)); });
  }
  if (!filter.province.empty()) {
    return ListKey(ListPrefix::kProvinceStatus,
                   [&](ByteWriter& writer) { writer.Raw(filter.province); });
  }
  return std::nullopt;
}

Bytes SubjectListKey(const SubjectId& id) {
  return ListKey(ListPrefix::kSubjects, [&](ByteWriter& writer) { writer.Raw(id.view()); });
}

Bytes SetListKey(uint32_t number) {
  return ListKey(ListPrefix::kSets, [&](ByteWriter& writer) { writer.U32(number); });
}

Bytes StoredTip::Encode() const {
  ByteWriter writer;
  writer.U64(height.value());
  writer.Raw(id.view());
  writer.Raw(log.Encode());
  return writer.Take();
}

std::optional<StoredTip> StoredTip::Decode(BytesView encoded) {
  ByteReader reader(encoded);
  StoredTip tip;
  tip.height = Height(reader.U64());
  const BytesView id = reader.Raw(BlockId::kSize);
  const auto log = LogFrontier::Decode(reader.Raw(reader.left()));
  if (reader.failed() || !log) return std::nullopt;
  tip.id = BlockId::FromBytes(id);
  tip.log = *log;
  return tip;
}

Bytes EncodeStoredHeader(const Header& header, const FinalityProof& proof, size_t set_size) {
  ByteWriter writer;
  writer.Short(header.Encode());
  writer.Raw(proof.Encode(set_size));
  return writer.Take();
}

std::optional<StoredHeader> DecodeStoredHeader(BytesView encoded) {
  ByteReader reader(encoded);
  const auto header = Header::Decode(reader.Short());
  auto proof = FinalityProof::Decode(reader.Raw(reader.left()));
  if (reader.failed() || !header || !proof) return std::nullopt;
  return StoredHeader{*header, *std::move(proof)};
}

Bytes EncodeVoted(const OwnVotes& voted) {
  ByteWriter writer;
  writer.U16(voted.validator.value());
  writer.U64(voted.highest.first.value());
  writer.U64(voted.highest.second.value());
  return writer.Take();
}

std::optional<OwnVotes> DecodeVoted(BytesView encoded) {
  ByteReader reader(encoded);
  const ValidatorIndex validator(reader.U16());
  const Epoch epoch(reader.U64());
  const View view(reader.U64());
  if (!reader.Finished()) return std::nullopt;
  return OwnVotes{validator, {epoch, view}};
}

Bytes EncodePlace(const TransactionPlace& place) {
  ByteWriter writer;
  writer.U64(place.height.value());
  writer.U32(place.index);
  writer.U64(place.log_index.value());
  return writer.Take();
}

std::optional<TransactionPlace> DecodePlace(BytesView encoded) {
  ByteReader reader(encoded);
  TransactionPlace place;
  place.height = Height(reader.U64());
  place.index = reader.U32();
  place.log_index = LogIndex(reader.U64());
  if (!reader.Finished()) return std::nullopt;
  return place;
}

Bytes EncodeHeight(Height height) {
  return NumberKey(height.value());
}

std::optional<Height> DecodeHeight(BytesView encoded) {
  ByteReader reader(encoded);
  const Height height(reader.U64());
  if (!reader.Finished()) return std::nullopt;
  return height;
}

rocksdb::DBOptions DatabaseOptions() {
  rocksdb::DBOptions options;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.recycle_log_file_num = 0;
  options.track_and_verify_wals_in_manifest = true;
  options.verify_sst_unique_id_in_manifest = true;
  options.paranoid_checks = true;
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  // All families are flushed together, so that a lost manifest edit takes the tip with it.
  options.atomic_flush = true;
  options.db_write_buffer_size = kWriteBuffersBytes;
  options.max_total_wal_size = kWalBytesMax;
  options.max_open_files = kOpenFilesMax;
  options.max_background_jobs = 2;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors() {
  const auto cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (size_t i = 0; i < kFamilies; ++i) {
    descriptors.emplace_back(std::string(kFamilyNames[i]),
                             FamilyOptions(static_cast<Family>(i), cache));
  }
  return descriptors;
}

Database::Database(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> family_handles)
    : db_(db), families_(std::move(family_handles)) {
  CHECK(families_.size() == kFamilies);
}

Database::~Database() {
  for (rocksdb::ColumnFamilyHandle* handle : families_) db_->DestroyColumnFamilyHandle(handle);
  const rocksdb::Status closed = db_->Close();
  if (!closed.ok()) std::fprintf(stderr, "store: close: %s\n", closed.ToString().c_str());
}

std::expected<std::optional<Bytes>, std::string> Database::TryGet(const rocksdb::Snapshot* snapshot,
                                                                  Family which,
                                                                  BytesView key) const {
  CountNothing();
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  Bytes value;
  const rocksdb::Status status = db_->Get(options, family(which), rocksdb::Slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) {
    return std::unexpected("reading " + RowName(which, key) + ": " + status.ToString());
  }
  return value;
}

std::optional<Bytes> Database::Get(const rocksdb::Snapshot* snapshot, Family which,
                                   BytesView key) const {
  auto value = TryGet(snapshot, which, key);
  if (!value) StoreFailure(value.error());
  return *std::move(value);
}

std::unique_ptr<rocksdb::Iterator> Database::Iterate(const rocksdb::Snapshot* snapshot,
                                                     Family which) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(options, family(which)));
}

void CountNothing() {
  rocksdb::SetPerfLevel(rocksdb::kDisable);
}

void StoreFailure(const std::string& message) {
  std::fprintf(stderr,
               "store.failure: %s\nThe database is damaged or its disk fails; the process ends, "
               "because an answer from it could be wrong.\n",
               message.c_str());
  std::fflush(stderr);
  std::abort();
}

void RowFailure(Family family, BytesView key, std::string_view what) {
  StoreFailure(RowName(family, key) + " " + std::string(what));
}

}  // namespace beian::rocks
