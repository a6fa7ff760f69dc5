#pragma once

#include <map>
#include <random>
#include <unordered_map>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/merkle/map.h"

// The definition of the map, written down as it stands there: all leaves in memory, no pages.
namespace beian::naive {

using MapLeaves = std::map<MapKey, Sha256Digest>;

inline bool Bit(const MapKey& key, size_t i) {
  return (key.octets[i / 8] >> (7 - i % 8) & 1) != 0;
}

inline Sha256Digest MapLeaf(const MapKey& key, const Sha256Digest& value) {
  return Sha256({BytesView("\x02", 1), key.view(), value.view()});
}
inline Sha256Digest MapNode(const Sha256Digest& left, const Sha256Digest& right) {
  return Sha256({BytesView("\x03", 1), left.view(), right.view()});
}

/// The leaves whose bit `depth` is `bit`.
inline MapLeaves Half(const MapLeaves& leaves, size_t depth, bool bit) {
  MapLeaves half;
  for (const auto& leaf : leaves) {
    if (Bit(leaf.first, depth) == bit) half.insert(leaf);
  }
  return half;
}

inline Sha256Digest MapHash(const MapLeaves& leaves, size_t depth = 0) {
  if (leaves.empty()) return {};
  if (leaves.size() == 1) return MapLeaf(leaves.begin()->first, leaves.begin()->second);
  return MapNode(MapHash(Half(leaves, depth, false), depth + 1),
                 MapHash(Half(leaves, depth, true), depth + 1));
}

inline MapLookup Prove(MapLeaves leaves, const MapKey& key) {
  MapLookup lookup;
  for (size_t depth = 0; leaves.size() > 1; ++depth) {
    lookup.proof.siblings.push_back(MapHash(Half(leaves, depth, !Bit(key, depth)), depth + 1));
    leaves = Half(leaves, depth, Bit(key, depth));
  }
  if (leaves.empty()) return lookup;
  const auto& [found, value] = *leaves.begin();
  if (found == key) {
    lookup.value_hash = value;
  } else {
    lookup.proof.other = {found, value};
  }
  return lookup;
}

/// Pages in memory.
class Pages : public PageReader {
 public:
  std::optional<Bytes> Page(const PagePath& path) const override {
    ++reads[path];
    const auto page = stored.find(path);
    if (page == stored.end()) return std::nullopt;
    return page->second;
  }
  /// Applies a batch and returns the new root.
  MerkleRoot Update(const MapLeaves& updates) {
    auto batch = UpdateMap(*this, updates).value();
    for (auto& [path, page] : batch.pages) stored[path] = page;
    return batch.root;
  }

  std::map<PagePath, Bytes> stored;
  mutable std::map<PagePath, int> reads;
};

inline MapKey KeyOf(std::string_view text) {
  return DigestCast<MapKey>(Sha256(text));
}
inline Sha256Digest ValueOf(uint64_t i) {
  return Sha256("value " + std::to_string(i));
}

/// `base` with one bit turned: shares exactly the first `bit` bits with it.
inline MapKey Flip(MapKey base, size_t bit) {
  base.octets[bit / 8] ^= static_cast<uint8_t>(0x80 >> bit % 8);
  return base;
}

/// Keys that are hard on a trie: `count` random ones, and clusters with long common prefixes.
inline std::vector<MapKey> HardKeys(uint64_t seed, size_t count) {
  std::mt19937_64 random(seed);
  std::vector<MapKey> keys;
  while (keys.size() < count) {
    MapKey key = KeyOf(std::to_string(random()));
    if (!keys.empty() && random() % 3 != 0) {
      const MapKey& near = keys[random() % keys.size()];
      const size_t shared = random() % 4 == 0 ? 255 - random() % 6 : random() % 256;
      MapKey mixed = Flip(near, shared);
      for (size_t bit = shared + 1; bit < 256; ++bit) {
        if (Bit(key, bit) != Bit(mixed, bit)) mixed = Flip(mixed, bit);
      }
      key = mixed;
    }
    keys.push_back(key);
  }
  return keys;
}

}  // namespace beian::naive
