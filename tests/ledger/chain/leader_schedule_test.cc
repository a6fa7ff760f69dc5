#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "ledger/chain/execute.h"
#include "ledger/crypto/hash.h"
#include "tests/support/filled_digest.h"

namespace beian {
namespace {

std::vector<uint16_t> OrderOf(const LeaderSchedule& schedule, size_t n) {
  std::vector<uint16_t> order;
  for (size_t view = 0; view < n; ++view) order.push_back(schedule.At(View(view)).value());
  return order;
}

TEST(LeaderSchedule, IsGolden) {
  const LeaderSchedule schedule(FilledDigest<ChainId>(1), Epoch(2), FilledDigest<BlockId>(3), 10);
  const std::vector<uint16_t> expected = {0, 4, 3, 8, 1, 7, 5, 6, 2, 9};
  EXPECT_EQ(OrderOf(schedule, 10), expected);
}

TEST(LeaderSchedule, GivesEveryMemberOneViewInEachRound) {
  for (size_t n = 1; n <= 35; ++n) {
    const LeaderSchedule schedule(FilledDigest<ChainId>(1), Epoch(0), FilledDigest<BlockId>(2), n);
    std::set<uint16_t> leaders;
    for (size_t view = 7; view < 7 + n; ++view) {
      leaders.insert(schedule.At(View(view)).value());
      EXPECT_EQ(schedule.At(View(view)), schedule.At(View(view + n)));
    }
    EXPECT_EQ(leaders.size(), n);
    EXPECT_EQ(*leaders.rbegin(), n - 1);
  }
}

TEST(LeaderSchedule, DependsOnChainEpochAndRoot) {
  const auto order = [](uint8_t chain, uint64_t epoch, uint8_t root) {
    return OrderOf(
        LeaderSchedule(FilledDigest<ChainId>(chain), Epoch(epoch), FilledDigest<BlockId>(root), 35),
        35);
  };
  const std::set<std::vector<uint16_t>> orders = {order(1, 2, 3), order(2, 2, 3), order(1, 3, 3),
                                                  order(1, 2, 4)};
  EXPECT_EQ(orders.size(), 4u);
}

TEST(LeaderSchedule, IsUniformOverAllOrders) {
  std::map<std::vector<uint16_t>, int> counts;
  for (uint64_t epoch = 0; epoch < 6'000; ++epoch) {
    ++counts[OrderOf(
        LeaderSchedule(FilledDigest<ChainId>(1), Epoch(epoch), FilledDigest<BlockId>(2), 3), 3)];
  }
  ASSERT_EQ(counts.size(), 6u);
  for (const auto& [order, count] : counts) EXPECT_NEAR(count, 1'000, 150);  // five deviations
}

}  // namespace
}  // namespace beian
