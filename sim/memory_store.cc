#include "sim/memory_store.h"

#include "ledger/base/check.h"
#include "ledger/filing/record.h"

namespace beian::sim {

MemoryStore::MemoryStore(const Genesis& genesis) : root_(RootHeader(genesis)) {
  heights_.emplace(root_.id(), Height(0));
}

std::optional<Bytes> MemoryStore::Record(const MapKey& key) const {
  const auto found = records_.find(key);
  return found == records_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Bytes> MemoryStore::Page(const PagePath& path) const {
  const auto found = pages_.find(path);
  return found == pages_.end() ? std::nullopt : std::optional(found->second);
}

bool MemoryStore::HasTransaction(const TransactionId& id) const { return places_.contains(id); }

const MemoryStore::Stored* MemoryStore::At(Height height) const {
  const uint64_t number = height.value();
  return number >= 1 && number <= blocks_.size() ? &blocks_[number - 1] : nullptr;
}

Header MemoryStore::Tip() const { return blocks_.empty() ? root_ : blocks_.back().block->header; }

std::optional<Header> MemoryStore::HeaderAt(Height height) const {
  if (height == Height(0)) return root_;
  const Stored* stored = At(height);
  return stored == nullptr ? std::nullopt : std::optional(stored->block->header);
}

std::optional<Height> MemoryStore::HeightOf(const BlockId& id) const {
  const auto found = heights_.find(id);
  return found == heights_.end() ? std::nullopt : std::optional(found->second);
}

BlockPtr MemoryStore::BlockAt(Height height) const {
  const Stored* stored = At(height);
  return stored == nullptr ? nullptr : stored->block;
}

std::optional<FinalityProof> MemoryStore::ProofAt(Height height) const {
  const Stored* stored = At(height);
  return stored == nullptr ? std::nullopt : std::optional(stored->proof);
}

std::optional<TransactionPlace> MemoryStore::Find(const TransactionId& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

const TransactionResult* MemoryStore::ResultOf(const TransactionId& id) const {
  const auto place = Find(id);
  return place ? &At(place->height)->execution->results.at(place->index) : nullptr;
}

std::optional<Bytes> MemoryStore::EntryAt(LogIndex index) const {
  for (const Stored& stored : blocks_) {
    const Header& header = stored.block->header;
    if (index.value() >= header.log_size) continue;
    const uint64_t first = header.log_size - header.tx_count;
    const size_t place = index.value() - first;
    return EncodeLogEntry(*stored.block->transactions.at(place),
                          stored.execution->results.at(place));
  }
  return std::nullopt;
}

std::optional<Bytes> MemoryStore::Tile(TileId tile, uint64_t width) const {
  const auto found = tiles_.find(tile);
  if (found == tiles_.end() || found->second.size() < width * Sha256Digest::kSize) {
    return std::nullopt;
  }
  return found->second;
}

/// Filings only, newest first; the cursor is the number of those already seen.
BlockReader::Listing MemoryStore::List(uint8_t kind, BytesView cursor, size_t count_max) const {
  Listing listing;
  if (kind != 1) return listing;
  ByteReader reader(cursor);
  uint64_t skip = cursor.empty() ? 0 : reader.U64();
  uint64_t seen = 0;
  for (auto stored = blocks_.rbegin(); stored != blocks_.rend(); ++stored) {
    const auto& transactions = stored->block->transactions;
    for (auto transaction = transactions.rbegin(); transaction != transactions.rend();
         ++transaction) {
      for (int i = (*transaction)->body().actions_size(); i-- > 0;) {
        const FilingId id = MakeFilingId((*transaction)->id(), static_cast<uint16_t>(i));
        auto record = Record(FilingKey(id));
        if (!record || seen++ < skip) continue;
        if (listing.records.size() == count_max) {
          ByteWriter next;
          next.U64(seen - 1);
          listing.next = next.Take();
          return listing;
        }
        listing.records.push_back(*std::move(record));
      }
    }
  }
  return listing;
}

std::expected<void, std::string> MemoryStore::Commit(const CommitBlock& commit) {
  const Header& header = commit.block->header;
  if (header.height.value() <= blocks_.size()) return {};
  if (header.height.value() != blocks_.size() + 1) return std::unexpected("a height was left out");
  const StateDelta& delta = commit.execution->delta;
  const uint64_t old_size = log_.size();
  const auto read = [this](TileId tile, uint64_t width) { return Tile(tile, width); };
  for (auto& [tile, octets] : AppendToTiles(old_size, commit.execution->leaf_hashes, read)) {
    tiles_.insert_or_assign(tile, std::move(octets));
  }
  for (const auto& [key, value] : delta.records) records_.insert_or_assign(key, value);
  for (const auto& [path, page] : delta.pages) pages_.insert_or_assign(path, page);
  for (uint32_t i = 0; i < commit.block->transactions.size(); ++i) {
    places_.emplace(commit.block->transactions[i]->id(),
                    TransactionPlace{header.height, i, LogIndex(old_size + i)});
  }
  log_ = delta.log;
  heights_.emplace(commit.block->id, header.height);
  blocks_.push_back({commit.block, commit.proof, commit.execution});
  return {};
}

std::unique_ptr<BlockReader> MemoryStore::Snapshot() const {
  return std::make_unique<MemoryStore>(*this);
}

void MemoryStore::Damage() {
  for (auto& [key, value] : records_) {
    auto record = FilingRecord::Decode(value);
    if (!record) continue;
    record->changed = record->changed + 1;   // it still decodes: a lie, not rubbish
    value = record->Encode();
    return;
  }
}

}  // namespace beian::sim
