#include "node/store/rocks_check.h"

#include <fmt/format.h>
#include <rocksdb/file_checksum.h>

#include <algorithm>
#include <fstream>

#include "ledger/merkle/map.h"

namespace beian::rocks {
namespace {

using Checked = std::expected<void, std::string>;

template <class... Arguments>
std::unexpected<std::string> Wrong(fmt::format_string<Arguments...> format,
                                   Arguments&&... arguments) {
  return std::unexpected(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Reads that keep their first failure instead of ending the process.
class CheckedReads : public PageReader {
 public:
  explicit CheckedReads(const Database& database) : database_(database) {}

  std::optional<Bytes> Get(Family family, BytesView key) const {
    auto value = database_.TryGet(nullptr, family, key);
    if (value) return *std::move(value);
    if (failure_.empty()) failure_ = value.error();
    return std::nullopt;
  }
  std::optional<Bytes> Page(const PagePath& path) const override {
    return Get(Family::kPages, path);
  }
  std::optional<Bytes> Tile(TileId tile, uint64_t width) const {
    auto row = Get(Family::kTiles, TileKey(tile));
    if (!row || row->size() < width * Sha256Digest::kSize) return std::nullopt;
    row->resize(width * Sha256Digest::kSize);
    return row;
  }
  std::optional<Header> HeaderAt(Height height) const {
    const auto row = Get(Family::kHeaders, NumberKey(height.value()));
    if (!row) return std::nullopt;
    const auto stored = DecodeStoredHeader(*row);
    if (!stored) return std::nullopt;
    return stored->header;
  }
  const std::string& failure() const { return failure_; }

 private:
  const Database& database_;
  mutable std::string failure_;
};

class ChainCheck {
 public:
  ChainCheck(const CheckedReads& reads, const Genesis& genesis)
      : reads_(reads), root_(RootHeader(genesis)) {}

  Checked Run(const std::optional<AppliedBlock>& applied, uint64_t blocks_max) {
    if (auto checked = LoadTip(); !checked) return checked;
    if (auto checked = CheckFamilies(); !checked) return checked;
    if (auto checked = CheckApplied(applied); !checked) return checked;
    if (auto checked = CheckHeaders(blocks_max); !checked) return checked;
    if (auto checked = CheckLog(); !checked) return checked;
    if (auto checked = CheckEntries(); !checked) return checked;
    return CheckMap();
  }

 private:
  Checked LoadTip() {
    const auto row = reads_.Get(Family::kMeta, kTipKey);
    const auto tip = row ? StoredTip::Decode(*row) : std::nullopt;
    if (!tip) return Wrong("the tip is missing or does not decode");
    tip_ = *tip;
    const auto header = HeaderAt(tip_.height);
    if (!header) return Wrong("the header of the tip, height {}, is missing", tip_.height.value());
    if (header->id() != tip_.id) {
      return Wrong("the tip is block {}, the header at height {} is that of {}", tip_.id.hex(),
                   tip_.height.value(), header->id().hex());
    }
    header_ = *header;
    return {};
  }

  Checked CheckFamilies() const {
    for (const Family family : FamiliesWithHeight()) {
      const auto row = reads_.Get(family, kHeightKey);
      const auto height = row ? DecodeHeight(*row) : std::nullopt;
      if (height == tip_.height) continue;
      return Wrong("the family {} ends at {}, the tip is at height {}", FamilyName(family),
                   height ? fmt::format("height {}", height->value()) : "no height",
                   tip_.height.value());
    }
    return {};
  }

  Checked CheckApplied(const std::optional<AppliedBlock>& applied) const {
    if (!applied || applied->height.value() == 0) return {};
    if (tip_.height < applied->height) {
      return Wrong("the head file knows height {} to be committed, the store ends at {}",
                   applied->height.value(), tip_.height.value());
    }
    const auto header = HeaderAt(applied->height);
    if (!header || header->id() != applied->id) {
      return Wrong("the head file knows block {} at height {}, the store holds {}",
                   applied->id.hex(), applied->height.value(),
                   header ? header->id().hex() : "nothing");
    }
    return {};
  }

  Checked CheckHeaders(uint64_t blocks_max) const {
    Header child = header_;
    for (uint64_t i = 0; i < blocks_max && child.height.value() > 0; ++i) {
      const auto height = reads_.Get(Family::kBlockIds, child.id().view());
      if (!height || DecodeHeight(*height) != child.height) {
        return Wrong("block {} is not found by its id", child.height.value());
      }
      const Height below = child.height.Previous();
      const auto parent = HeaderAt(below);
      if (!parent) return Wrong("the header at height {} is missing", below.value());
      if (parent->id() != child.parent || parent->height != below) {
        return Wrong("block {} names {} as its parent, the store holds {}", child.height.value(),
                     child.parent.hex(), parent->id().hex());
      }
      if (parent->log_size + child.tx_count != child.log_size) {
        return Wrong("block {} does not continue the log of its parent", child.height.value());
      }
      child = *parent;
    }
    return {};
  }

  Checked CheckLog() const {
    if (tip_.log.size() != header_.log_size) {
      return Wrong("the log holds {} entries, the header says {}", tip_.log.size(),
                   header_.log_size);
    }
    if (tip_.log.Root() != header_.log_root) {
      return Wrong("the log's root is {}, the header says {}", tip_.log.Root().hex(),
                   header_.log_root.hex());
    }
    return {};
  }

  /// The last block's entries stand under the log root by way of the tiles.
  Checked CheckEntries() const {
    const TileReader tiles = [this](TileId tile, uint64_t width) {
      return reads_.Tile(tile, width);
    };
    for (uint64_t i = header_.log_size - header_.tx_count; i < header_.log_size; ++i) {
      const auto entry = reads_.Get(Family::kEntries, NumberKey(i));
      if (!entry) return Wrong("log entry {} is missing", i);
      const auto path = MakeLogInclusion(i, header_.log_size, tiles);
      if (!path) return Wrong("the tiles above log entry {} are missing", i);
      if (!VerifyLogInclusion(LogLeafHash(*entry), i, header_.log_size, *path, header_.log_root)) {
        return Wrong("log entry {} does not stand under the log's root {}", i,
                     header_.log_root.hex());
      }
    }
    return {};
  }

  Checked CheckMap() const {
    const auto root = MapRootOf(reads_);
    if (!root) return Wrong("the root page of the map does not decode");
    if (*root != header_.map_root) {
      return Wrong("the map's root is {}, the header says {}", root->hex(), header_.map_root.hex());
    }
    return {};
  }

  std::optional<Header> HeaderAt(Height height) const {
    if (height.value() == 0) return root_;
    return reads_.HeaderAt(height);
  }

  const CheckedReads& reads_;
  const Header root_;
  StoredTip tip_;
  Header header_;
};

constexpr size_t kReadBytes = 256 * 1024;

/// The checksum that RocksDB keeps of a table, made anew of what is on the disk. An error when the
/// file cannot be read, or when `stop` is set.
std::expected<std::string, std::string> ChecksumOf(const std::string& path,
                                                   const std::atomic<bool>& stop) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected("it cannot be opened");
  const auto generator = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator(
      rocksdb::FileChecksumGenContext());
  Bytes buffer(kReadBytes, '\0');
  while (!stop && !file.eof()) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    if (file.bad() || (file.fail() && !file.eof())) return std::unexpected("it cannot be read");
    generator->Update(buffer.data(), static_cast<size_t>(file.gcount()));
  }
  if (stop) return std::unexpected("stopped");
  generator->Finalize();
  return generator->GetChecksum();
}

bool IsLive(const Database& database, uint64_t file_number) {
  std::vector<rocksdb::LiveFileMetaData> files;
  database.db().GetLiveFilesMetaData(&files);
  return std::ranges::any_of(
      files, [&](const auto& file) { return file.file_number == file_number; });
}

}  // namespace

std::optional<std::string> CheckChain(const Database& database, const Genesis& genesis,
                                      const std::optional<AppliedBlock>& applied,
                                      uint64_t blocks_max) {
  const CheckedReads reads(database);
  const auto checked = ChainCheck(reads, genesis).Run(applied, blocks_max);
  if (!reads.failure().empty()) return reads.failure();
  if (!checked) return checked.error();
  return std::nullopt;
}

uint64_t SizeOfTables(const Database& database) {
  std::vector<rocksdb::LiveFileMetaData> files;
  database.db().GetLiveFilesMetaData(&files);
  uint64_t octets = 0;
  for (const auto& file : files) octets += file.size;
  return octets;
}

// RocksDB's own check of all files cannot be stopped.
std::optional<std::string> CheckTables(const Database& database, const std::atomic<bool>& stop) {
  std::vector<rocksdb::LiveFileMetaData> files;
  database.db().GetLiveFilesMetaData(&files);
  for (const auto& file : files) {
    const std::string path = file.directory + "/" + file.relative_filename;
    const auto checksum = ChecksumOf(path, stop);
    if (stop) return std::nullopt;
    if (!checksum) {
      if (IsLive(database, file.file_number)) return path + ": " + checksum.error();
      continue;  // compacted away meanwhile
    }
    if (*checksum != file.file_checksum) {
      return fmt::format("{}: its checksum is {}, {} was written", path, ToHex(*checksum),
                         ToHex(file.file_checksum));
    }
  }
  return std::nullopt;
}

}  // namespace beian::rocks
