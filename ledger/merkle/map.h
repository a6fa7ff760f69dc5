#pragma once

#include <expected>
#include <map>
#include <optional>
#include <vector>

#include "ledger/base/types.h"

namespace beian {

/// The sparse Merkle map of VERIFICATION.md, "Three commitments": 256-bit keys, most significant
/// bit first; an empty subtree is 32 zero octets; a leaf is SHA-256(02 ‖ key ‖ SHA-256(value)) at
/// the shallowest depth where its path is its own; an inner node is SHA-256(03 ‖ left ‖ right).
/// Leaves are never removed.
Sha256Digest MapLeafHash(const MapKey& key, const Sha256Digest& value_hash);
Sha256Digest MapNodeHash(const Sha256Digest& left, const Sha256Digest& right);

/// Where a page stands: its path from the root, one octet (0 to 15) for each 4 bits; the root page
/// has the empty path. A page covers 4 levels: 16 slots, each empty, a leaf or a deeper page.
using PagePath = Bytes;

/// Pages of one version of the map.
class PageReader {
 public:
  virtual ~PageReader() = default;
  /// Octets of a page, or nothing when no leaf pair meets below it.
  virtual std::optional<Bytes> Page(const PagePath& path) const = 0;
};

struct MapBatch {
  MerkleRoot root;
  std::map<PagePath, Bytes> pages;  ///< every page that changed
};

enum class MapError {
  kBadPage,  ///< a stored page does not decode: the store is damaged
};

/// The map after setting every key of `updates` to the value with that hash. Pure.
std::expected<MapBatch, MapError> UpdateMap(const PageReader& pages,
                                            const std::map<MapKey, Sha256Digest>& updates);

/// Root of the stored map; zero when it is empty.
std::expected<MerkleRoot, MapError> MapRootOf(const PageReader& pages);

/// Shows what stands at a key's place.
///   siblings   from the root down to the slot, at most 256
///   other      the leaf in that slot when it has another key; with it the proof shows absence
struct MapProof {
  struct Leaf {
    MapKey key;
    Sha256Digest value_hash;
    bool operator==(const Leaf&) const = default;
  };
  std::vector<Sha256Digest> siblings;
  std::optional<Leaf> other;
  bool operator==(const MapProof&) const = default;

  /// Bitmap of 32 octets, bit i (from the most significant) set when sibling i is not empty ‖ u16
  /// number of siblings ‖ those that are not empty ‖ flag 0, or 1 ‖ other key ‖ other value hash.
  Bytes Encode() const;
  static std::optional<MapProof> Decode(BytesView encoded);  ///< strict
};

struct MapLookup {
  std::optional<Sha256Digest> value_hash;  ///< nothing: the key is absent
  MapProof proof;
};
std::expected<MapLookup, MapError> ProveMapKey(const PageReader& pages, const MapKey& key);

/// Both are false when the proof shows anything else. Pure; any thread.
bool VerifyMapPresence(const MapProof& proof, const MapKey& key, const Sha256Digest& value_hash,
                       const MerkleRoot& root);
bool VerifyMapAbsence(const MapProof& proof, const MapKey& key, const MerkleRoot& root);

}  // namespace beian
