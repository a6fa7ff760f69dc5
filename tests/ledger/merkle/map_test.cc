#include "ledger/merkle/map.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/ledger/merkle/naive_map.h"

namespace beian {
namespace {

using naive::Flip;
using naive::KeyOf;
using naive::MapLeaves;
using naive::Pages;
using naive::ValueOf;

MerkleRoot RootOf(const MapLeaves& leaves) {
  return DigestCast<MerkleRoot>(naive::MapHash(leaves));
}

/// The map says of `key` what the definition says, and the proof of it verifies.
void ExpectLookup(const Pages& pages, const MapLeaves& leaves, const MapKey& key) {
  const MerkleRoot root = MapRootOf(pages).value();
  const auto lookup = ProveMapKey(pages, key);
  ASSERT_TRUE(lookup);
  const MapLookup expected = naive::Prove(leaves, key);
  EXPECT_EQ(lookup->value_hash, expected.value_hash);
  EXPECT_EQ(lookup->proof, expected.proof);
  if (lookup->value_hash) {
    EXPECT_TRUE(VerifyMapPresence(lookup->proof, key, *lookup->value_hash, root));
    EXPECT_FALSE(VerifyMapAbsence(lookup->proof, key, root));
  } else {
    EXPECT_TRUE(VerifyMapAbsence(lookup->proof, key, root));
    EXPECT_FALSE(VerifyMapPresence(lookup->proof, key, ValueOf(0), root));
  }
}

TEST(MapHash, HasItsPrefixes) {
  const MapKey key = KeyOf("key");
  const Sha256Digest value = ValueOf(1);
  EXPECT_EQ(MapLeafHash(key, value), Sha256("\x02" + Bytes(key.view()) + Bytes(value.view())));
  EXPECT_EQ(MapNodeHash(value, ValueOf(2)),
            Sha256("\x03" + Bytes(value.view()) + Bytes(ValueOf(2).view())));
}

TEST(Map, IsZeroWhenEmpty) {
  const Pages pages;
  EXPECT_TRUE(MapRootOf(pages)->IsZero());
  const auto batch = UpdateMap(pages, {});
  ASSERT_TRUE(batch);
  EXPECT_TRUE(batch->root.IsZero());
  EXPECT_TRUE(batch->pages.empty());
  ExpectLookup(pages, {}, KeyOf("any"));
}

TEST(Map, IsTheLeafItselfWhenThereIsOne) {
  Pages pages;
  const MapKey key = KeyOf("key");
  EXPECT_EQ(pages.Update({{key, ValueOf(1)}}).view(), MapLeafHash(key, ValueOf(1)).view());
  ExpectLookup(pages, {{key, ValueOf(1)}}, key);
  ExpectLookup(pages, {{key, ValueOf(1)}}, Flip(key, 0));
  ExpectLookup(pages, {{key, ValueOf(1)}}, Flip(key, 255));
}

TEST(Map, HasTheRootOfTheDefinitionWhereverTwoKeysPart) {
  const MapKey key = KeyOf("key");
  for (size_t bit = 0; bit < 256; ++bit) {
    const MapLeaves leaves = {{key, ValueOf(1)}, {Flip(key, bit), ValueOf(2)}};
    Pages at_once;
    EXPECT_EQ(at_once.Update(leaves), RootOf(leaves)) << bit;
    EXPECT_EQ(at_once.stored.size(), bit / 4 + 1);
    Pages one_by_one;
    for (const auto& [k, value] : leaves) one_by_one.Update({{k, value}});
    EXPECT_EQ(one_by_one.stored, at_once.stored) << bit;
    for (const auto& [k, value] : leaves) ExpectLookup(at_once, leaves, k);
    ExpectLookup(at_once, leaves, Flip(key, (bit + 1) % 256));
    ExpectLookup(at_once, leaves, Flip(key, bit / 2));
  }
}

TEST(Map, DoesNotDependOnOrderOrBatching) {
  std::mt19937_64 random(7);
  for (uint64_t seed = 0; seed < 12; ++seed) {
    const auto keys = naive::HardKeys(seed, 120);
    MapLeaves leaves;
    for (size_t i = 0; i < keys.size(); ++i) leaves[keys[i]] = ValueOf(i);
    Pages at_once;
    ASSERT_EQ(at_once.Update(leaves), RootOf(leaves));
    for (size_t batch_max : {1, 2, 7, 50}) {
      std::vector<std::pair<MapKey, Sha256Digest>> order(leaves.begin(), leaves.end());
      std::ranges::shuffle(order, random);
      Pages pages;
      for (size_t first = 0; first < order.size();) {
        const size_t count = std::min(order.size() - first, 1 + random() % batch_max);
        pages.Update(MapLeaves(order.begin() + static_cast<std::ptrdiff_t>(first),
                               order.begin() + static_cast<std::ptrdiff_t>(first + count)));
        first += count;
      }
      ASSERT_EQ(pages.stored, at_once.stored) << "seed " << seed << " batches of " << batch_max;
    }
  }
}

TEST(Map, AgreesWithTheDefinitionAfterEveryBatchOfAHistory) {
  for (uint64_t seed = 100; seed < 103; ++seed) {
    std::mt19937_64 random(seed);
    const auto keys = naive::HardKeys(seed, 90);
    MapLeaves leaves;
    Pages pages;
    for (int round = 0; round < 25; ++round) {
      MapLeaves updates;
      for (size_t i = random() % 15; i > 0; --i) {
        updates[keys[random() % keys.size()]] = ValueOf(random() % 50);
      }
      for (const auto& [key, value] : updates) leaves[key] = value;
      ASSERT_EQ(pages.Update(updates), RootOf(leaves));
      ASSERT_EQ(MapRootOf(pages), RootOf(leaves));
    }
    for (const MapKey& key : keys) {
      ExpectLookup(pages, leaves, key);
      ExpectLookup(pages, leaves, Flip(key, random() % 256));
    }
    for (int i = 0; i < 20; ++i) ExpectLookup(pages, leaves, KeyOf(std::to_string(random())));
  }
}

TEST(Map, HoldsThousandsOfKeys) {
  MapLeaves leaves;
  for (uint64_t i = 0; i < 5000; ++i) leaves[KeyOf(std::to_string(i))] = ValueOf(i);
  Pages pages;
  EXPECT_EQ(pages.Update(leaves), RootOf(leaves));
  for (uint64_t i = 0; i < 5000; i += 500) ExpectLookup(pages, leaves, KeyOf(std::to_string(i)));
}

TEST(UpdateMap, ReturnsThePagesThatChangedAndNoOther) {
  Pages pages;
  MapLeaves leaves;
  for (uint64_t i = 0; i < 1000; ++i) leaves[KeyOf(std::to_string(i))] = ValueOf(i);
  pages.Update(leaves);
  const auto unchanged = UpdateMap(pages, {*leaves.begin(), *leaves.rbegin()});
  ASSERT_TRUE(unchanged);
  EXPECT_TRUE(unchanged->pages.empty());
  EXPECT_EQ(unchanged->root, RootOf(leaves));

  const MapLeaves updates = {
      {leaves.begin()->first, ValueOf(7777)}, {KeyOf("new"), ValueOf(1)}, *leaves.rbegin()};
  const auto batch = UpdateMap(pages, updates);
  ASSERT_TRUE(batch);
  EXPECT_GE(batch->pages.size(), 3u);
  for (const auto& [path, page] : batch->pages) {
    const auto before = pages.stored.find(path);
    EXPECT_TRUE(before == pages.stored.end() || before->second != page) << ToHex(path);
  }
}

TEST(UpdateMap, ReadsEachPageOnceAndOnlyThoseOnTheWay) {
  Pages pages;
  MapLeaves leaves;
  for (uint64_t i = 0; i < 3000; ++i) leaves[KeyOf(std::to_string(i))] = ValueOf(i);
  pages.Update(leaves);
  pages.reads.clear();
  MapLeaves updates;
  for (uint64_t i = 0; i < 100; ++i) updates[KeyOf(std::to_string(i))] = ValueOf(i + 1);
  const auto batch = UpdateMap(pages, updates);
  ASSERT_TRUE(batch);
  EXPECT_EQ(pages.reads.size(), batch->pages.size());
  for (const auto& [path, count] : pages.reads) {
    EXPECT_EQ(count, 1) << ToHex(path);
    EXPECT_TRUE(batch->pages.contains(path));
  }
}

TEST(Map, SaysThatTheStoreIsDamagedWhenAPageIsMissingOrDoesNotDecode) {
  const MapKey key = KeyOf("key");
  const MapKey near = Flip(key, 40);
  for (const bool remove : {true, false}) {
    for (size_t depth = 0; depth <= 10; ++depth) {
      Pages pages;
      pages.Update({{key, ValueOf(1)}, {near, ValueOf(2)}});
      const auto page = std::ranges::find_if(
          pages.stored, [&](const auto& entry) { return entry.first.size() == depth; });
      ASSERT_NE(page, pages.stored.end());
      if (remove) {
        if (depth == 0) continue;  // that is the empty map
        pages.stored.erase(page);
      } else {
        page->second.pop_back();
      }
      EXPECT_EQ(ProveMapKey(pages, key).error(), MapError::kBadPage);
      EXPECT_EQ(UpdateMap(pages, {{key, ValueOf(3)}}).error(), MapError::kBadPage);
      EXPECT_EQ(UpdateMap(pages, {{Flip(key, 60), ValueOf(3)}}).error(), MapError::kBadPage);
      EXPECT_EQ(MapRootOf(pages).has_value(), depth > 0);
    }
  }
}

TEST(Map, HasAGoldenRoot) {
  Pages pages;
  MapLeaves leaves;
  for (uint64_t i = 0; i < 10; ++i) leaves[KeyOf("golden " + std::to_string(i))] = ValueOf(i);
  EXPECT_EQ(pages.Update(leaves).hex(),
            "fc3608b10a6b680f9862ab62e3d0bd0e6993578f3c67d0c246b12aa0d71717c7");
}

}  // namespace
}  // namespace beian
