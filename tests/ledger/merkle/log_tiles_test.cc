#include <gtest/gtest.h>

#include <map>
#include <set>

#include "ledger/merkle/log.h"
#include "tests/ledger/merkle/naive_log.h"

namespace beian {
namespace {

/// The newest version of every tile, as a store keeps them.
class TileStore {
 public:
  /// Appends in batches of the given sizes, the last one as often as needed to take all leaves.
  TileStore(naive::Leaves leaves, std::vector<size_t> batches) {
    for (size_t i = 0; !leaves.empty(); ++i) {
      const size_t count = std::min(leaves.size(), batches[std::min(i, batches.size() - 1)]);
      Append(leaves.first(count));
      leaves = leaves.subspan(count);
    }
  }

  void Append(naive::Leaves leaves) {
    for (auto& [id, tile] : AppendToTiles(size_, leaves, Reader())) tiles_[id] = tile;
    size_ += leaves.size();
  }

  TileReader Reader() {
    return [this](TileId id, uint64_t width) -> std::optional<Bytes> {
      asked_[id] = width;
      const auto tile = tiles_.find(id);
      if (tile == tiles_.end()) return std::nullopt;
      EXPECT_GE(tile->second.size(), 32 * width);
      EXPECT_GT(width, 0u);
      return tile->second;
    };
  }

  std::map<TileId, Bytes>& tiles() { return tiles_; }
  std::map<TileId, uint64_t>& asked() { return asked_; }

 private:
  uint64_t size_ = 0;
  std::map<TileId, Bytes> tiles_;
  std::map<TileId, uint64_t> asked_;
};

const std::vector<Sha256Digest>& ManyLeaves() {
  static const std::vector<Sha256Digest> kLeaves = naive::MakeLeaves(65'600);
  return kLeaves;
}
naive::Leaves FirstLeaves(size_t size) {
  return {ManyLeaves().data(), size};
}

/// The tiles of the definition: hash i of tile (level, index) is the root of 256^level leaves.
std::map<TileId, Bytes> NaiveTiles(naive::Leaves leaves) {
  std::map<TileId, Bytes> tiles;
  size_t span = 1;
  for (uint8_t level = 0; span <= leaves.size(); ++level, span *= kTileWidth) {
    for (size_t i = 0; (i + 1) * span <= leaves.size(); ++i) {
      const Sha256Digest hash = naive::Root(leaves.subspan(i * span, span));
      tiles[{level, i / kTileWidth}].append(hash.view());
    }
  }
  return tiles;
}

TEST(AppendToTiles, MakesTheTilesOfTheDefinition) {
  for (size_t size : {0, 1, 2, 255, 256, 257, 511, 512, 513, 1000, 65535, 65536, 65537}) {
    EXPECT_EQ(TileStore(FirstLeaves(size), {size + 1}).tiles(), NaiveTiles(FirstLeaves(size)))
        << size;
  }
}

TEST(AppendToTiles, DoesNotDependOnHowTheLeavesAreBatched) {
  const naive::Leaves leaves = FirstLeaves(2000);
  const auto expected = NaiveTiles(leaves);
  for (const std::vector<size_t>& batches : std::vector<std::vector<size_t>>{
           {1}, {3}, {255}, {256}, {257}, {1999, 1}, {1, 255, 1, 511}, {700}}) {
    EXPECT_EQ(TileStore(leaves, batches).tiles(), expected);
  }
  const naive::Leaves many = FirstLeaves(65'600);
  EXPECT_EQ(TileStore(many, {65'530, 5, 1, 1, 7}).tiles(), NaiveTiles(many));
}

TEST(AppendToTiles, ReturnsEveryChangedTileAndNoOther) {
  TileStore store(FirstLeaves(65'535), {65'535});
  const auto changed =
      AppendToTiles(65'535, naive::Leaves(ManyLeaves()).subspan(65'535, 2), store.Reader());
  std::map<TileId, size_t> widths;
  for (const auto& [id, tile] : changed) widths[id] = tile.size() / 32;
  const std::map<TileId, size_t> expected = {
      {{0, 255}, 256}, {{0, 256}, 1}, {{1, 0}, 256}, {{2, 0}, 1}};
  EXPECT_EQ(widths, expected);
  EXPECT_EQ(changed.size(), expected.size());
}

TEST(AppendToTiles, ReadsNothingButTheOldRightEdge) {
  TileStore store(FirstLeaves(600), {600});
  store.asked().clear();
  store.Append(naive::Leaves(ManyLeaves()).subspan(600, 1));
  EXPECT_EQ(store.asked(), (std::map<TileId, uint64_t>{{{0, 2}, 88}}));
  store.asked().clear();
  store.Append(naive::Leaves(ManyLeaves()).subspan(601, 200));
  EXPECT_EQ(store.asked(), (std::map<TileId, uint64_t>{{{0, 2}, 89}, {{1, 0}, 2}}));
  TileStore whole(FirstLeaves(512), {512});
  whole.asked().clear();
  whole.Append(naive::Leaves(ManyLeaves()).subspan(512, 10));
  EXPECT_TRUE(whole.asked().empty());
}

TEST(AppendToTiles, ChangesNothingForNoLeaves) {
  TileStore store(FirstLeaves(300), {300});
  EXPECT_TRUE(AppendToTiles(300, {}, store.Reader()).empty());
}

TEST(AppendToTiles, TakesOnlyTheAskedHashesOfATileThatIsNewer) {
  TileStore newer(FirstLeaves(400), {400});
  std::map<TileId, Bytes> tiles;
  for (auto& [id, tile] :
       AppendToTiles(300, naive::Leaves(ManyLeaves()).subspan(300, 10), newer.Reader())) {
    tiles[id] = tile;
  }
  EXPECT_EQ(tiles, (std::map<TileId, Bytes>{{{0, 1}, NaiveTiles(FirstLeaves(310))[{0, 1}]}}));
}

void ExpectNaiveInclusion(size_t index, size_t size, TileStore& store) {
  const naive::Leaves leaves = FirstLeaves(size);
  EXPECT_EQ(MakeLogInclusion(index, size, store.Reader()), naive::Path(index, leaves))
      << index << " of " << size;
}

TEST(MakeLogInclusion, IsTheProofOfTheDefinitionForSmallLogs) {
  TileStore store(FirstLeaves(65), {65});
  for (size_t size = 1; size <= 65; ++size) {
    for (size_t i = 0; i < size; ++i) ExpectNaiveInclusion(i, size, store);
  }
}

TEST(MakeLogInclusion, IsTheProofOfTheDefinitionAcrossTileBorders) {
  TileStore store(FirstLeaves(65'600), {65'600});
  for (size_t size : {255, 256, 257, 511, 512, 513, 767, 1000}) {
    for (size_t i : {0, 1, 127, 128, 254, 255, 256, 257, 510, 511, 512, 999}) {
      if (i < size) ExpectNaiveInclusion(i, size, store);
    }
    ExpectNaiveInclusion(size - 1, size, store);
  }
  for (size_t size : {65'279, 65'280, 65'281, 65'535, 65'536, 65'537, 65'600}) {
    for (size_t i : {size_t{0}, size_t{255}, size_t{256}, size_t{40'000}, size - 2, size - 1}) {
      ExpectNaiveInclusion(i, size, store);
    }
  }
}

TEST(MakeLogConsistency, IsTheProofOfTheDefinitionForSmallLogs) {
  TileStore store(FirstLeaves(65), {65});
  for (size_t size = 1; size <= 65; ++size) {
    for (size_t old = 1; old <= size; ++old) {
      EXPECT_EQ(MakeLogConsistency(old, size, store.Reader()),
                naive::Consistency(old, FirstLeaves(size)));
    }
  }
}

TEST(MakeLogConsistency, IsTheProofOfTheDefinitionAcrossTileBorders) {
  TileStore store(FirstLeaves(65'600), {65'600});
  const size_t sizes[] = {1,   255,    256,    257,    511,    512,   513,
                          768, 65'280, 65'535, 65'536, 65'537, 65'600};
  for (size_t size : sizes) {
    for (size_t old : sizes) {
      if (old > size) continue;
      EXPECT_EQ(MakeLogConsistency(old, size, store.Reader()),
                naive::Consistency(old, FirstLeaves(size)))
          << old << " in " << size;
    }
  }
}

TEST(MakeLogInclusion, IsNothingBeyondTheLog) {
  TileStore store(FirstLeaves(300), {300});
  EXPECT_EQ(MakeLogInclusion(300, 300, store.Reader()), std::nullopt);
  EXPECT_EQ(MakeLogInclusion(0, 0, store.Reader()), std::nullopt);
  EXPECT_EQ(MakeLogInclusion(~uint64_t{0}, 300, store.Reader()), std::nullopt);
}

TEST(MakeLogConsistency, IsEmptyForTheSameSizeAndForNothing) {
  TileStore store(FirstLeaves(300), {300});
  EXPECT_EQ(MakeLogConsistency(0, 300, store.Reader()), LogPath{});
  EXPECT_EQ(MakeLogConsistency(300, 300, store.Reader()), LogPath{});
  EXPECT_EQ(MakeLogConsistency(301, 300, store.Reader()), std::nullopt);
  EXPECT_TRUE(store.asked().empty());
}

TEST(LogProofs, AreNothingWhenATileIsMissingOrTooShort) {
  const size_t size = 1000;
  const TileStore complete(FirstLeaves(size), {size});
  for (const bool remove : {true, false}) {
    TileStore store = complete;
    store.asked().clear();
    ASSERT_TRUE(MakeLogInclusion(300, size, store.Reader()));
    const auto needed = store.asked();
    EXPECT_GE(needed.size(), 3u);
    for (const auto& entry : needed) {
      const TileId id = entry.first;
      const uint64_t width = entry.second;
      const Bytes tile = store.tiles()[id];
      const TileReader damaged = [&](TileId asked, uint64_t) {
        if (asked != id) return std::optional<Bytes>(store.tiles()[asked]);
        if (remove) return std::optional<Bytes>();
        return std::optional<Bytes>(tile.substr(0, 32 * width - 1));
      };
      EXPECT_EQ(MakeLogInclusion(300, size, damaged), std::nullopt);
    }
  }
}

TEST(LogProofs, AskForEachTileOnceAndNeverForMoreThanTheLogHolds) {
  TileStore store(FirstLeaves(1000), {1000});
  std::multiset<TileId> asked;
  const TileReader reader = [&](TileId id, uint64_t width) -> std::optional<Bytes> {
    asked.insert(id);
    const uint64_t in_level = id.level == 0 ? 700 : 700 / kTileWidth;
    EXPECT_EQ(width, std::min(kTileWidth, in_level - id.index * kTileWidth));
    return store.tiles().at(id).substr(0, 32 * width);
  };
  ASSERT_EQ(MakeLogInclusion(300, 700, reader), naive::Path(300, FirstLeaves(700)));
  for (const TileId& id : asked) EXPECT_EQ(asked.count(id), 1u);
}

TEST(LogProofs, FromTilesThatLieDoNotVerify) {
  const size_t size = 700;
  const MerkleRoot root = LogRootOf(FirstLeaves(size));
  TileStore store(FirstLeaves(size), {size});
  const auto honest = MakeLogInclusion(300, size, store.Reader());
  ASSERT_TRUE(honest);
  ASSERT_TRUE(VerifyLogInclusion(ManyLeaves()[300], 300, size, *honest, root));
  store.tiles()[{0, 1}][32 * 45] ^= 1;  // leaf 301, the sibling
  const auto lying = MakeLogInclusion(300, size, store.Reader());
  ASSERT_TRUE(lying);
  EXPECT_FALSE(VerifyLogInclusion(ManyLeaves()[300], 300, size, *lying, root));
}

}  // namespace
}  // namespace beian
