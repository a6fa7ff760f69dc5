#include "sim/network.h"

#include <gtest/gtest.h>

namespace beian::sim {
namespace {

const ValidatorIndex kA{0}, kB{1};

size_t Arrivals(Network& network, size_t sent) {
  size_t arrived = 0;
  for (size_t i = 0; i < sent; ++i) arrived += network.Send(kA, kB).size();
  return arrived;
}

TEST(Network, DeliversEverythingOnceAndInTimeWithoutFaults) {
  Options options;
  FaultCounts faults;
  options.delay_min_ms = 5;
  options.delay_max_ms = 9;
  Network network(options, Random(1), faults);
  for (int i = 0; i < 200; ++i) {
    const auto arrivals = network.Send(kA, kB);
    ASSERT_EQ(arrivals.size(), 1u);
    EXPECT_GE(arrivals.front(), 5u);
    EXPECT_LE(arrivals.front(), 9u);
  }
}

TEST(Network, LosesAndDoublesAsOftenAsItIsTold) {
  Options options;
  FaultCounts faults;
  options.loss_per_mille = 300;
  Network lossy(options, Random(1), faults);
  EXPECT_NEAR(static_cast<double>(Arrivals(lossy, 10'000)), 7'000, 300);
  options.loss_per_mille = 0;
  options.duplicate_per_mille = 500;
  Network doubling(options, Random(1), faults);
  EXPECT_NEAR(static_cast<double>(Arrivals(doubling, 10'000)), 15'000, 300);
  EXPECT_NEAR(static_cast<double>(faults.Of(FaultKind::kLoss)), 3'000, 300);
  EXPECT_NEAR(static_cast<double>(faults.Of(FaultKind::kDuplicate)), 5'000, 300);
}

TEST(Network, APartitionCutsLinksUntilItIsMended) {
  FaultCounts faults;
  Network network(Options{}, Random(3), faults);
  bool cut = false;
  bool one_way = false;
  for (int i = 0; i < 100; ++i) {
    network.Partition();
    cut = cut || network.IsCut(kA, kB);
    one_way = one_way || network.IsCut(kA, kB) != network.IsCut(kB, kA);
    if (network.IsCut(kA, kB)) {
      EXPECT_TRUE(network.Send(kA, kB).empty());
    }
  }
  EXPECT_TRUE(cut);
  EXPECT_TRUE(one_way);
  for (FaultKind kind : {FaultKind::kCut, FaultKind::kPartition, FaultKind::kPartitionOneWay,
                         FaultKind::kPartitionBridge, FaultKind::kPartitionOneWayBridge}) {
    EXPECT_GT(faults.Of(kind), 0u) << FaultName(kind);
  }
  network.Mend();
  EXPECT_EQ(network.Send(kA, kB).size(), 1u);
}

TEST(Network, HealsForGood) {
  Options options;
  FaultCounts faults;
  options.loss_per_mille = 300;
  options.duplicate_per_mille = 500;
  options.delay_max_ms = 5'000;
  options.tail_per_mille = 500;
  options.tail_ms = 9'000;
  Network network(options, Random(1), faults);
  network.Partition();
  network.Heal();
  for (int i = 0; i < 200; ++i) {
    const auto arrivals = network.Send(kA, kB);
    ASSERT_EQ(arrivals.size(), 1u);
    EXPECT_LE(arrivals.front(), 50u);
  }
}

}  // namespace
}  // namespace beian::sim
