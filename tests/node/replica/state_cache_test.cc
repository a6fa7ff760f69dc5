#include "node/replica/state_cache.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/support/filled_digest.h"
#include "tests/support/memory_state.h"

namespace beian {
namespace {

constexpr size_t kGeneration = 10'000;

Bytes KeyOf(size_t i) {
  return "key " + std::to_string(i);
}

TEST(StateCache, TellsWhatItWasToldLast) {
  StateCache cache(kGeneration);
  EXPECT_EQ(cache.Find("a"), nullptr);
  cache.Put("a", "1");
  cache.Put("a", "2");
  ASSERT_NE(cache.Find("a"), nullptr);
  EXPECT_EQ(*cache.Find("a"), "2");
}

TEST(StateCache, KnowsAbsenceFromNotKnowing) {
  StateCache cache(kGeneration);
  cache.Put("absent", std::nullopt);
  ASSERT_NE(cache.Find("absent"), nullptr);
  EXPECT_EQ(*cache.Find("absent"), std::nullopt);
  cache.Put("absent", "there now");
  EXPECT_EQ(*cache.Find("absent"), "there now");
}

TEST(StateCache, HoldsNoMoreThanTwoGenerations) {
  StateCache cache(kGeneration);
  for (size_t i = 0; i < 1'000; ++i) {
    cache.Put(KeyOf(i), Bytes(i % 900, 'x'));
    ASSERT_LE(cache.bytes(), 2 * kGeneration);
  }
  EXPECT_EQ(cache.Find(KeyOf(0)), nullptr);
  EXPECT_NE(cache.Find(KeyOf(999)), nullptr);
}

TEST(StateCache, KeepsWhatIsUsed) {
  StateCache cache(kGeneration);
  cache.Put("used", "always");
  for (size_t i = 0; i < 1'000; ++i) {
    cache.Put(KeyOf(i), Bytes(100, 'x'));
    ASSERT_NE(cache.Find("used"), nullptr) << "after " << i;
    ASSERT_EQ(*cache.Find("used"), "always");
  }
}

TEST(StateCache, NeverReturnsAValueThatWasReplaced) {
  StateCache cache(kGeneration);
  size_t hits = 0;
  for (size_t version = 0; version < 300; ++version) {
    cache.Put("replaced", std::to_string(version));
    for (size_t i = 0; i < version % 150; ++i) cache.Put(KeyOf(i), Bytes(100, 'x'));
    const StateCache::Value* found = cache.Find("replaced");
    if (found == nullptr) continue;
    ++hits;
    ASSERT_EQ(*found, std::to_string(version));
  }
  EXPECT_GT(hits, 50U);
}

TEST(StateCache, RefreshesOnlyWhatItKnows) {
  StateCache cache(kGeneration);
  cache.Put("known", "1");
  cache.Refresh("known", "2");
  cache.Refresh("unknown", "2");
  EXPECT_EQ(*cache.Find("known"), "2");
  EXPECT_EQ(cache.Find("unknown"), nullptr);
}

TEST(StateCache, CountsAReplacedValueOnce) {
  StateCache cache(kGeneration);
  cache.Put("a", Bytes(1'000, 'x'));
  const size_t once = cache.bytes();
  for (int i = 0; i < 100; ++i) cache.Put("a", Bytes(1'000, 'y'));
  EXPECT_EQ(cache.bytes(), once);
}

/// A store that counts what is read from it.
class CountingState : public MemoryState {
 public:
  std::optional<Bytes> Record(const MapKey& key) const override {
    ++reads;
    return MemoryState::Record(key);
  }
  std::optional<Bytes> Page(const PagePath& path) const override {
    ++reads;
    return MemoryState::Page(path);
  }
  mutable size_t reads = 0;
};

const MapKey kKey = FilledDigest<MapKey>(1);
const PagePath kPath(2, 3);

StateDelta DeltaOf(const Bytes& value) {
  StateDelta delta;
  delta.records[kKey] = value;
  delta.pages[kPath] = value;
  delta.log.Append(Sha256(value));
  return delta;
}

TEST(CommittedState, ReadsARecordAndAPageOnce) {
  CountingState store;
  store.Apply(DeltaOf("1"));
  const CommittedState state(store);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(state.Record(kKey), "1");
    EXPECT_EQ(state.Page(kPath), "1");
  }
  EXPECT_EQ(store.reads, 2U);
}

TEST(CommittedState, ReadsAnAbsentRecordOnce) {
  CountingState store;
  const CommittedState state(store);
  EXPECT_EQ(state.Record(kKey), std::nullopt);
  EXPECT_EQ(state.Record(kKey), std::nullopt);
  EXPECT_EQ(store.reads, 1U);
}

TEST(CommittedState, ShowsABlocksChangesOnceTheyAreApplied) {
  CountingState store;
  CommittedState state(store);
  EXPECT_EQ(state.Record(kKey), std::nullopt);
  EXPECT_EQ(state.Page(kPath), std::nullopt);
  const StateDelta delta = DeltaOf("1");
  store.Apply(delta);
  state.Apply(delta);
  EXPECT_EQ(state.Record(kKey), "1");
  EXPECT_EQ(state.Page(kPath), "1");
  EXPECT_EQ(state.Log(), delta.log);
}

TEST(CommittedState, ApplyPutsRightWhatAStoreAheadHasShown) {
  CountingState store;
  CommittedState state(store);
  const StateDelta first = DeltaOf("1");
  const StateDelta second = DeltaOf("2");
  store.Apply(first);
  store.Apply(second);
  EXPECT_EQ(state.Record(kKey), "2") << "read before either is applied";
  state.Apply(first);
  EXPECT_EQ(state.Record(kKey), "1");
  state.Apply(second);
  EXPECT_EQ(state.Record(kKey), "2");
  EXPECT_EQ(state.Page(kPath), "2");
}

TEST(CommittedState, KeepsItsLogUntilTheStoresBlockIsApplied) {
  CountingState store;
  CommittedState state(store);
  store.Apply(DeltaOf("1"));
  EXPECT_EQ(state.Log().size(), 0U);
}

}  // namespace
}  // namespace beian
