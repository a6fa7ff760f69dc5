#include <algorithm>

#include "ledger/merkle/map.h"
#include "ledger/merkle/map_page.h"

namespace beian {
namespace {

constexpr size_t kBitmapSize = kKeyBits / 8;
constexpr uint8_t kNoLeaf = 0;
constexpr uint8_t kOtherLeaf = 1;

/// A node with an empty sibling is no leaf and not empty itself, because a leaf stands at the
/// shallowest place where it is alone: no proof that we make ends in an empty sibling.
bool HasShapeOfProof(const MapProof& proof) {
  return proof.siblings.size() <= kKeyBits &&
         (proof.siblings.empty() || !proof.siblings.back().IsZero());
}

/// The root over `node` standing on the way to `key` below all of `siblings`.
MerkleRoot Climb(Sha256Digest node, const MapKey& key, const std::vector<Sha256Digest>& siblings) {
  for (size_t depth = siblings.size(); depth > 0; --depth) {
    const Sha256Digest& sibling = siblings[depth - 1];
    node = BitOf(key, depth - 1) ? MapNodeHash(sibling, node) : MapNodeHash(node, sibling);
  }
  return DigestCast<MerkleRoot>(node);
}

bool SharePrefix(const MapKey& a, const MapKey& b, size_t bits) {
  for (size_t i = 0; i < bits; ++i) {
    if (BitOf(a, i) != BitOf(b, i)) return false;
  }
  return true;
}

/// Reads the siblings that follow their bitmap; false when they are not in the one form allowed.
bool ReadSiblings(ByteReader& reader, std::vector<Sha256Digest>& siblings) {
  const BytesView bitmap = reader.Raw(kBitmapSize);
  const size_t count = reader.U16();
  if (reader.failed() || count > kKeyBits) return false;
  const MapKey present = MapKey::FromBytes(bitmap);
  siblings.resize(count);
  for (size_t i = 0; i < kKeyBits; ++i) {
    if (!BitOf(present, i)) continue;
    if (i >= count) return false;
    const BytesView octets = reader.Raw(Sha256Digest::kSize);
    if (reader.failed()) return false;
    siblings[i] = Sha256Digest::FromBytes(octets);
    if (siblings[i].IsZero()) return false;
  }
  return true;
}

}  // namespace

Bytes MapProof::Encode() const {
  CHECK(siblings.size() <= kKeyBits);
  MapKey present;
  for (size_t i = 0; i < siblings.size(); ++i) {
    if (!siblings[i].IsZero()) present.octets[i / 8] |= static_cast<uint8_t>(0x80 >> i % 8);
  }
  ByteWriter writer;
  writer.Raw(present.view());
  writer.U16(static_cast<uint16_t>(siblings.size()));
  for (const Sha256Digest& sibling : siblings) {
    if (!sibling.IsZero()) writer.Raw(sibling.view());
  }
  writer.U8(other ? kOtherLeaf : kNoLeaf);
  if (other) {
    writer.Raw(other->key.view());
    writer.Raw(other->value_hash.view());
  }
  return writer.Take();
}

std::optional<MapProof> MapProof::Decode(BytesView encoded) {
  ByteReader reader(encoded);
  MapProof proof;
  if (!ReadSiblings(reader, proof.siblings)) return std::nullopt;
  const uint8_t flag = reader.U8();
  if (flag == kOtherLeaf) {
    const BytesView key = reader.Raw(MapKey::kSize);
    const BytesView value_hash = reader.Raw(Sha256Digest::kSize);
    if (reader.failed()) return std::nullopt;
    proof.other = {MapKey::FromBytes(key), Sha256Digest::FromBytes(value_hash)};
  }
  if (flag > kOtherLeaf || !reader.Finished()) return std::nullopt;
  return proof;
}

bool VerifyMapPresence(const MapProof& proof, const MapKey& key, const Sha256Digest& value_hash,
                       const MerkleRoot& root) {
  if (!HasShapeOfProof(proof) || proof.other) return false;
  return Climb(MapLeafHash(key, value_hash), key, proof.siblings) == root;
}

bool VerifyMapAbsence(const MapProof& proof, const MapKey& key, const MerkleRoot& root) {
  if (!HasShapeOfProof(proof)) return false;
  if (!proof.other) return Climb(Sha256Digest{}, key, proof.siblings) == root;
  const MapProof::Leaf& other = *proof.other;
  if (other.key == key || !SharePrefix(other.key, key, proof.siblings.size())) return false;
  return Climb(MapLeafHash(other.key, other.value_hash), key, proof.siblings) == root;
}

}  // namespace beian
