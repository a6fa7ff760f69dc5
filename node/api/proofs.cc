#include "node/api/proofs.h"

#include "ledger/base/check.h"
#include "ledger/merkle/log.h"
#include "ledger/merkle/map.h"

namespace beian {
namespace {

/// Of the tip, with which every proof of a snapshot ends; the store holds one for each block.
std::optional<FinalityProof> TipProof(const BlockReader& reader, const Header& tip) {
  if (tip.height == Height(0)) {
    return std::nullopt;
  }
  auto proof = reader.ProofAt(tip.height);
  CHECK(proof.has_value());
  return proof;
}

}  // namespace

std::optional<Receipt> MakeReceipt(const BlockReader& reader, const TransactionPlace& place) {
  const Header tip = reader.Tip();
  auto proof = TipProof(reader, tip);
  if (!proof) {
    return std::nullopt;
  }
  auto entry = reader.EntryAt(place.log_index);
  auto path =
      MakeLogInclusion(place.log_index.value(), tip.log_size,
                       [&reader](TileId tile, uint64_t width) { return reader.Tile(tile, width); });
  CHECK(entry.has_value() && path.has_value());
  return Receipt{std::move(*entry), place.log_index, std::move(*path), tip, std::move(*proof)};
}

std::optional<RecordProof> MakeRecordProof(const BlockReader& reader, const MapKey& key) {
  const Header tip = reader.Tip();
  auto proof = TipProof(reader, tip);
  if (!proof) {
    return std::nullopt;
  }
  auto lookup = ProveMapKey(reader, key);
  CHECK(lookup.has_value());
  auto record = reader.Record(key);
  CHECK(record.has_value() == lookup->value_hash.has_value());
  return RecordProof{key, std::move(record), std::move(lookup->proof), tip, std::move(*proof)};
}

std::optional<StoredBlock> MakeStoredBlock(const BlockReader& reader, Height height,
                                           size_t set_size) {
  const auto header = reader.HeaderAt(height);
  const auto proof = reader.ProofAt(height);
  if (height == Height(0) || !header || !proof) {
    return std::nullopt;
  }
  StoredBlock block{header->Encode(), proof->Encode(set_size), {}};
  const uint64_t first = header->log_size - header->tx_count;
  for (uint64_t index = first; index < header->log_size; ++index) {
    auto entry = reader.EntryAt(LogIndex(index));
    CHECK(entry.has_value());
    block.entries.push_back(std::move(*entry));
  }
  return block;
}

}  // namespace beian
