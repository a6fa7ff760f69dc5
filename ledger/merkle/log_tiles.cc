// A node of the log tree has a level (0 for leaves) and an index in it; it is complete when all of
// its 2^level leaves exist. The hash of a complete node at level 8L + s, index i, is recomputed
// from the 2^s neighbouring hashes of tile (L, (i << s) / 256): a tile is the bottom row of a
// subtree of eight levels, and nothing between its rows is stored.

#include <algorithm>
#include <bit>
#include <map>

#include "ledger/merkle/log.h"

namespace beian {
namespace {

constexpr int kTileHeight = 8;  // tree levels to a tile level
static_assert(kTileWidth == uint64_t{1} << kTileHeight);
constexpr int kTileLevels = 64 / kTileHeight;

/// Leaves [begin, end); `begin` is a multiple of the largest power of two that fits in the length.
struct LeafRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

Sha256Digest HashAt(BytesView tile, uint64_t position) {
  return Sha256Digest::FromBytes(tile.substr(position * Sha256Digest::kSize, Sha256Digest::kSize));
}

/// Root of the perfect subtree over `count` hashes of a tile from `first`; `count` is a power of
/// two.
Sha256Digest RootInTile(BytesView tile, uint64_t first, uint64_t count) {
  std::array<Sha256Digest, kTileWidth> row;
  for (uint64_t i = 0; i < count; ++i) row[i] = HashAt(tile, first + i);
  for (; count > 1; count /= 2) {
    for (uint64_t i = 0; i < count / 2; ++i) row[i] = LogNodeHash(row[2 * i], row[2 * i + 1]);
  }
  return row[0];
}

/// Where a tree of `length` > 1 leaves splits: the largest power of two below it.
uint64_t SplitOf(uint64_t length) {
  return std::bit_floor(length - 1);
}

/// Hashes of the log of `size` leaves; reads each tile once.
class TiledLog {
 public:
  TiledLog(uint64_t size, const TileReader& read) : size_(size), read_(read) {}

  std::optional<Sha256Digest> HashOf(LeafRange range) {
    // A range at the right edge is a row of ever smaller perfect subtrees, folded from the right.
    std::vector<Sha256Digest> peaks;
    while (range.begin < range.end) {
      const uint64_t width = std::bit_floor(range.end - range.begin);
      const auto peak = Node(std::countr_zero(width), range.begin / width);
      if (!peak) return std::nullopt;
      peaks.push_back(*peak);
      range.begin += width;
    }
    Sha256Digest hash = peaks.back();
    for (size_t i = peaks.size() - 1; i > 0; --i) hash = LogNodeHash(peaks[i - 1], hash);
    return hash;
  }

  /// The hashes of `ranges` in reverse: proofs are found from the root down and told from the leaf.
  std::optional<LogPath> PathOf(const std::vector<LeafRange>& ranges) {
    LogPath path;
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
      const auto hash = HashOf(*range);
      if (!hash) return std::nullopt;
      path.push_back(*hash);
    }
    return path;
  }

 private:
  std::optional<Sha256Digest> Node(int level, uint64_t index) {
    const int tile_level = level / kTileHeight;
    const int rows = level % kTileHeight;
    const uint64_t first = index << rows;
    const Bytes* tile = Tile({static_cast<uint8_t>(tile_level), first / kTileWidth});
    if (tile == nullptr) return std::nullopt;
    return RootInTile(*tile, first % kTileWidth, uint64_t{1} << rows);
  }

  const Bytes* Tile(TileId id) {
    const auto known = tiles_.find(id);
    if (known != tiles_.end()) return &known->second;
    const uint64_t in_level = size_ >> (kTileHeight * id.level);
    const uint64_t width = std::min(kTileWidth, in_level - id.index * kTileWidth);
    auto tile = read_(id, width);
    if (!tile || tile->size() < width * Sha256Digest::kSize) return nullptr;
    return &tiles_.emplace(id, std::move(*tile)).first->second;
  }

  const uint64_t size_;
  const TileReader& read_;
  std::map<TileId, Bytes> tiles_;
};

/// Reads the hashes of the partial tile that `id` was, `width` of them.
Bytes ReadEdge(TileId id, uint64_t width, const TileReader& read) {
  if (width == 0) return {};
  auto tile = read(id, width);
  CHECK(tile && tile->size() >= width * Sha256Digest::kSize);
  tile->resize(width * Sha256Digest::kSize);
  return std::move(*tile);
}

}  // namespace

std::vector<std::pair<TileId, Bytes>> AppendToTiles(uint64_t old_size,
                                                    std::span<const Sha256Digest> leaf_hashes,
                                                    const TileReader& read) {
  CHECK(leaf_hashes.size() <= std::numeric_limits<uint64_t>::max() - old_size);
  std::vector<std::pair<TileId, Bytes>> changed;
  std::vector<Sha256Digest> added(leaf_hashes.begin(), leaf_hashes.end());
  for (int level = 0; level < kTileLevels && !added.empty(); ++level) {
    const uint64_t old_count = old_size >> (kTileHeight * level);
    TileId id{static_cast<uint8_t>(level), old_count / kTileWidth};
    Bytes tile = ReadEdge(id, old_count % kTileWidth, read);
    std::vector<Sha256Digest> completed;
    for (const Sha256Digest& hash : added) {
      tile.append(hash.view());
      if (tile.size() < kTileWidth * Sha256Digest::kSize) continue;
      completed.push_back(RootInTile(tile, 0, kTileWidth));
      changed.emplace_back(id, std::move(tile));
      tile.clear();
      ++id.index;
    }
    if (!tile.empty()) changed.emplace_back(id, std::move(tile));
    added = std::move(completed);
  }
  return changed;
}

std::optional<LogPath> MakeLogInclusion(uint64_t index, uint64_t size, const TileReader& read) {
  if (index >= size) return std::nullopt;
  std::vector<LeafRange> siblings;
  LeafRange tree{0, size};
  while (tree.end - tree.begin > 1) {
    const uint64_t middle = tree.begin + SplitOf(tree.end - tree.begin);
    if (index < middle) {
      siblings.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      siblings.push_back({tree.begin, middle});
      tree.begin = middle;
    }
  }
  return TiledLog(size, read).PathOf(siblings);
}

std::optional<LogPath> MakeLogConsistency(uint64_t old_size, uint64_t new_size,
                                          const TileReader& read) {
  if (old_size > new_size) return std::nullopt;
  if (old_size == 0 || old_size == new_size) return LogPath{};
  std::vector<LeafRange> nodes;
  LeafRange tree{0, new_size};
  while (tree.end != old_size) {
    const uint64_t middle = tree.begin + SplitOf(tree.end - tree.begin);
    if (old_size <= middle) {
      nodes.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      nodes.push_back({tree.begin, middle});
      tree.begin = middle;
    }
  }
  // Unless the whole old tree is left, whose root the verifier has.
  if (tree.begin != 0) nodes.push_back(tree);
  return TiledLog(new_size, read).PathOf(nodes);
}

}  // namespace beian
