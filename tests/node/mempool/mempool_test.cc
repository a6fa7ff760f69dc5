#include "node/mempool/mempool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/node/mempool/pool_transactions.h"

namespace beian {
namespace {

using pool_test::IdOf;
using pool_test::kNow;
using pool_test::Make;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kPlenty = 1'000'000;

TEST(Mempool, HoldsWhatWasAddedUntilItIsRemoved) {
  Mempool pool({});
  const auto transaction = Make({.signer = 1, .number = 1});
  EXPECT_EQ(pool.Add(transaction, true, kNow), MempoolVerdict::kAdded);
  EXPECT_EQ(pool.Add(transaction, true, kNow), MempoolVerdict::kAlreadyPending);
  EXPECT_EQ(pool.Find(transaction->wire_id()), transaction);
  EXPECT_TRUE(pool.HasId(transaction->id()));
  EXPECT_EQ(pool.bytes(), transaction->cost());
  pool.CheckInvariants();
  pool.Remove(transaction->id());
  EXPECT_TRUE(pool.empty());
  EXPECT_EQ(pool.bytes(), 0u);
  EXPECT_EQ(pool.Find(transaction->wire_id()), nullptr);
  EXPECT_FALSE(pool.HasId(transaction->id()));
  pool.CheckInvariants();
}

TEST(Mempool, RefusesWhatHasExpiredAndWhatExpiresTooLate) {
  Mempool pool({});
  const TimeMs last = kNow + kExpiryWindowMs + kExpirySlackMs;
  EXPECT_EQ(pool.Add(Make({.expiry = kNow - 1}), true, kNow), MempoolVerdict::kExpired);
  EXPECT_EQ(pool.Add(Make({.expiry = last + 1}), true, kNow), MempoolVerdict::kExpiryTooFar);
  EXPECT_EQ(pool.Add(Make({.expiry = kNow}), true, kNow), MempoolVerdict::kAdded);
  EXPECT_EQ(pool.Add(Make({.expiry = last}), true, kNow), MempoolVerdict::kAdded);
}

TEST(Mempool, DropsWhatExpiredBeforeAFinalizedBlock) {
  Mempool pool({});
  const auto early = Make({.number = 1, .expiry = kNow + 10});
  const auto late = Make({.number = 2, .expiry = kNow + 11});
  pool.Add(early, true, kNow);
  pool.Add(late, true, kNow);
  pool.RemoveExpired(kNow + 11);
  EXPECT_FALSE(pool.HasId(early->id()));
  EXPECT_TRUE(pool.HasId(late->id()));
  pool.CheckInvariants();
}

TEST(Mempool, FindsEveryVariantButPicksOnlyTheFirst) {
  Mempool pool({});
  std::vector<TransactionPtr> variants;
  for (uint8_t i = 0; i < kVariantsMax + 1; ++i) variants.push_back(Make({.variant = i}));
  EXPECT_EQ(pool.Add(variants[0], true, kNow), MempoolVerdict::kAdded);
  for (size_t i = 1; i < variants.size(); ++i) {
    EXPECT_EQ(pool.Add(variants[i], true, kNow), MempoolVerdict::kAlreadyPending);
  }
  EXPECT_EQ(pool.size(), 1u);
  for (size_t i = 0; i < kVariantsMax; ++i) {
    EXPECT_EQ(pool.Find(variants[i]->wire_id()), variants[i]);
  }
  EXPECT_EQ(pool.Find(variants[kVariantsMax]->wire_id()), nullptr);
  EXPECT_THAT(pool.Pick(10, kPlenty, {}), ElementsAre(variants[0]));
  pool.CheckInvariants();
  pool.Remove(variants[0]->id());
  EXPECT_EQ(pool.Find(variants[1]->wire_id()), nullptr);
  pool.CheckInvariants();
}

TEST(Mempool, PicksRoundRobinOverSignersAndFirstInFirstOutInsideOne) {
  Mempool pool({});
  const auto a1 = Make({.signer = 1, .number = 1});
  const auto a2 = Make({.signer = 1, .number = 2});
  const auto a3 = Make({.signer = 1, .number = 3});
  const auto b1 = Make({.signer = 2, .number = 1});
  for (const auto& transaction : {a1, a2, a3, b1}) pool.Add(transaction, true, kNow);
  EXPECT_THAT(pool.Pick(3, kPlenty, {}), ElementsAre(a1, b1, a2));
  EXPECT_THAT(pool.Pick(9, kPlenty, {}), ElementsAre(a1, b1, a2, a3));
  EXPECT_EQ(pool.size(), 4u) << "picking takes nothing away";
}

TEST(Mempool, ServesNextThoseWhoWaitedLongest) {
  Mempool pool({});
  const auto a1 = Make({.signer = 1, .number = 1});
  const auto a2 = Make({.signer = 1, .number = 2});
  const auto b1 = Make({.signer = 2, .number = 1});
  for (const auto& transaction : {a1, a2, b1}) pool.Add(transaction, true, kNow);
  EXPECT_THAT(pool.Pick(1, kPlenty, {}), ElementsAre(a1));
  EXPECT_THAT(pool.Pick(1, kPlenty, {a1->id()}), ElementsAre(b1)) << "an ancestor counts as a turn";
  pool.Remove(a1->id());
  EXPECT_THAT(pool.Pick(1, kPlenty, {}), ElementsAre(b1));
}

TEST(Mempool, KeepsToTheCostOfABlock) {
  Mempool pool({});
  const auto small = Make({.signer = 1, .number = 1});
  const auto large = Make({.signer = 2, .number = 1, .padding = 5'000});
  const auto behind = Make({.signer = 2, .number = 2});
  const auto other = Make({.signer = 3, .number = 1});
  for (const auto& transaction : {small, large, behind, other}) pool.Add(transaction, true, kNow);
  EXPECT_THAT(pool.Pick(9, 4'000, {}), ElementsAre(small, other)) << "no overtaking";
  EXPECT_THAT(pool.Pick(9, 0, {}), IsEmpty());
}

TEST(Mempool, GivesUnconfirmedKeysAQuarterOfABlock) {
  Mempool pool({});
  for (uint32_t signer = 0; signer < 20; ++signer) pool.Add(Make({.signer = signer}), false, kNow);
  EXPECT_EQ(pool.Pick(20, kPlenty, {}).size(), 5u);
  EXPECT_EQ(pool.Pick(2, kPlenty, {}).size(), 1u) << "one slot if there is room";
  for (uint32_t i = 100; i < 120; ++i) pool.Add(Make({.signer = i}), true, kNow);
  const auto picked = pool.Pick(20, kPlenty, {});
  EXPECT_EQ(picked.size(), 20u);
  EXPECT_EQ(std::ranges::count_if(picked, [](const auto& t) {
    return t->signer() < pool_test::KeyOf(100);
  }), 1) << "the lane is one client among twenty";
}

TEST(Mempool, BoundsOneSignerAndTheUnconfirmedLane) {
  Mempool pool({.transactions_max = 8, .per_signer_max = 3});
  for (uint64_t i = 0; i < 3; ++i) pool.Add(Make({.signer = 1, .number = i}), true, kNow);
  EXPECT_EQ(pool.Add(Make({.signer = 1, .number = 9}), true, kNow), MempoolVerdict::kSignerFull);
  pool.Add(Make({.signer = 2}), false, kNow);
  pool.Add(Make({.signer = 3}), false, kNow);
  EXPECT_EQ(pool.Add(Make({.signer = 4}), false, kNow), MempoolVerdict::kUnconfirmedFull);
  EXPECT_TRUE(IsRetryable(MempoolVerdict::kUnconfirmedFull));
  pool.CheckInvariants();
}

TEST(Mempool, AFullPoolDropsTheNewestOfTheLargestClient) {
  Mempool pool({.transactions_max = 4});
  std::vector<TransactionPtr> greedy;
  for (uint64_t i = 0; i < 4; ++i) {
    greedy.push_back(Make({.signer = 1, .number = i}));
    pool.Add(greedy.back(), true, kNow);
  }
  EXPECT_EQ(pool.Add(Make({.signer = 1, .number = 9}), true, kNow), MempoolVerdict::kPoolFull);
  EXPECT_EQ(pool.Add(Make({.signer = 2, .number = 1}), true, kNow), MempoolVerdict::kAdded);
  EXPECT_FALSE(pool.HasId(greedy[3]->id()));
  EXPECT_TRUE(pool.HasId(greedy[2]->id()));
  EXPECT_EQ(pool.Add(Make({.signer = 2, .number = 2}), true, kNow), MempoolVerdict::kAdded);
  EXPECT_EQ(pool.Add(Make({.signer = 2, .number = 3}), true, kNow), MempoolVerdict::kPoolFull)
      << "it would be the largest itself";
  EXPECT_EQ(pool.size(), 4u);
  pool.CheckInvariants();
}

TEST(Mempool, BoundsItsBytesVariantsIncluded) {
  const size_t cost = Make({})->cost();
  Mempool pool({.bytes_max = 2 * cost});
  const auto variant = Make({.signer = 1, .variant = 1});
  pool.Add(Make({.signer = 1}), true, kNow);
  EXPECT_EQ(pool.Add(variant, true, kNow), MempoolVerdict::kAlreadyPending);
  EXPECT_EQ(pool.bytes(), 2 * cost);
  EXPECT_EQ(pool.Add(Make({.signer = 1, .variant = 2}), true, kNow),
            MempoolVerdict::kAlreadyPending);
  EXPECT_EQ(pool.bytes(), 2 * cost);
  EXPECT_EQ(pool.Add(Make({.signer = 2}), true, kNow), MempoolVerdict::kAdded);
  EXPECT_EQ(pool.bytes(), cost) << "the two variants went together";
  pool.CheckInvariants();
}

TEST(Mempool, AConfirmedSignerLeavesTheLaneWithAllItHas) {
  Mempool pool({});
  for (uint64_t i = 0; i < 8; ++i) pool.Add(Make({.signer = 1, .number = i}), false, kNow);
  EXPECT_EQ(pool.Pick(8, kPlenty, {}).size(), 2u);
  pool.SetConfirmed(IdOf(1), true);
  EXPECT_EQ(pool.Pick(8, kPlenty, {}).size(), 8u);
  pool.CheckInvariants();
  pool.SetConfirmed(IdOf(1), false);
  EXPECT_EQ(pool.Pick(8, kPlenty, {}).size(), 2u);
  pool.CheckInvariants();
}

TEST(Mempool, AnUnconfirmedSignerDoesNotOverfillTheLane) {
  Mempool pool({.transactions_max = 8});
  for (uint64_t i = 0; i < 5; ++i) pool.Add(Make({.signer = 1, .number = i}), true, kNow);
  pool.SetConfirmed(IdOf(1), false);
  EXPECT_EQ(pool.size(), 2u);
  pool.CheckInvariants();
}

TEST(Mempool, NamesStaleTransactionsOldestFirstAndOnlyOnceAnAge) {
  Mempool pool({});
  const auto a = Make({.signer = 1});
  const auto b = Make({.signer = 2});
  const auto c = Make({.signer = 3});
  pool.Add(a, true, kNow);
  pool.Add(b, true, kNow);
  pool.MarkAnnounced(b->id(), SteadyMs(1'000));
  pool.MarkAnnounced(a->id(), SteadyMs(1'500));
  pool.Add(c, true, kNow);
  EXPECT_THAT(pool.Stale(SteadyMs(2'000), 5'000, 9), IsEmpty()) << "the age of c counts from here";
  EXPECT_THAT(pool.Stale(SteadyMs(6'500), 5'000, 1), ElementsAre(b));
  EXPECT_THAT(pool.Stale(SteadyMs(6'500), 5'000, 9), ElementsAre(a));
  EXPECT_THAT(pool.Stale(SteadyMs(7'000), 5'000, 9), ElementsAre(c));
  EXPECT_THAT(pool.Stale(SteadyMs(11'499), 5'000, 9), IsEmpty());
  EXPECT_THAT(pool.Stale(SteadyMs(11'500), 5'000, 9), ElementsAre(a, b)) << "one age: by arrival";
  pool.CheckInvariants();
}

}  // namespace
}  // namespace beian
