#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ledger/base/types.h"

namespace beian {

/// RFC 9162 section 2.1 hashes: leaf SHA-256(00 ‖ data), node SHA-256(01 ‖ left ‖ right).
Sha256Digest LogLeafHash(BytesView data);
Sha256Digest LogNodeHash(const Sha256Digest& left, const Sha256Digest& right);

/// Root over all of `leaf_hashes`; SHA-256("") when empty.
MerkleRoot LogRootOf(std::span<const Sha256Digest> leaf_hashes);

/// The right edge of an append-only log: all that is needed to append and to know the root.
///   peaks   roots of the perfect subtrees that make up the log, largest first; popcount(size) many
class LogFrontier {
 public:
  uint64_t size() const { return size_; }
  void Append(const Sha256Digest& leaf_hash);
  MerkleRoot Root() const;
  Bytes Encode() const;  ///< u64 size ‖ peaks
  static std::optional<LogFrontier> Decode(BytesView encoded);
  bool operator==(const LogFrontier&) const = default;

 private:
  uint64_t size_ = 0;
  std::vector<Sha256Digest> peaks_;
};

/// Hashes of a path from a leaf to the root, leaf side first; at most 64.
using LogPath = std::vector<Sha256Digest>;

/// RFC 9162 2.1.3.2. False for index >= size and for every path of the wrong length.
bool VerifyLogInclusion(const Sha256Digest& leaf_hash, uint64_t index, uint64_t size,
                        const LogPath& path, const MerkleRoot& root);
/// RFC 9162 2.1.4.2. Size 0, with the root of nothing and an empty path, is consistent with
/// everything.
bool VerifyLogConsistency(uint64_t old_size, const MerkleRoot& old_root, uint64_t new_size,
                          const MerkleRoot& new_root, const LogPath& path);

/// Tile geometry of C2SP tlog-tiles: a tile at level L, index N holds the hashes of 256 nodes, each
/// the root of 256^L leaves; the last one of a level may hold fewer.
struct TileId {
  uint8_t level = 0;
  uint64_t index = 0;
  auto operator<=>(const TileId&) const = default;
};
inline constexpr uint64_t kTileWidth = 256;

/// Octets of a tile (32 per hash, at least `width` hashes), or nothing when the store lacks it.
using TileReader = std::function<std::optional<Bytes>(TileId, uint64_t width)>;

/// Tiles of the log after appending `leaf_hashes` at `old_size`, complete or partial, every one
/// that changed. `read` is asked for the partial tiles on the old right edge only; they must exist.
std::vector<std::pair<TileId, Bytes>> AppendToTiles(uint64_t old_size,
                                                    std::span<const Sha256Digest> leaf_hashes,
                                                    const TileReader& read);

/// Proofs for the log of `size` leaves, computed from tiles; nothing when a tile is missing or the
/// index or old size lies beyond the log. A proof from tiles that lie does not verify.
std::optional<LogPath> MakeLogInclusion(uint64_t index, uint64_t size, const TileReader& read);
std::optional<LogPath> MakeLogConsistency(uint64_t old_size, uint64_t new_size,
                                          const TileReader& read);

}  // namespace beian
