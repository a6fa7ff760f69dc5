#include "sim/random.h"

#include <gtest/gtest.h>

#include <set>

namespace beian::sim {
namespace {

TEST(Random, GivesTheSameNumbersOnEveryMachine) {
  Random random(0);   // the first three of SplitMix64 from 0, as published
  EXPECT_EQ(random.Next(), 0xe220a8397b1dcdafu);
  EXPECT_EQ(random.Next(), 0x6e789e6aa1b965f4u);
  EXPECT_EQ(random.Next(), 0x06c45d188009454fu);
}

TEST(Random, KeepsToItsBoundsAndReachesThem) {
  Random random(7);
  std::set<uint64_t> seen;
  for (int i = 0; i < 1'000; ++i) seen.insert(random.Between(3, 6));
  EXPECT_EQ(seen, (std::set<uint64_t>{3, 4, 5, 6}));
  EXPECT_FALSE(random.Chance(0));
  EXPECT_TRUE(random.Chance(1000));
}

TEST(Random, AForkLeavesTheLaterDrawsAsTheyAre) {
  Random a(1);
  Random b(1);
  Random fork = a.Fork();
  b.Fork();
  for (int i = 0; i < 10; ++i) fork.Next();
  EXPECT_EQ(a.Next(), b.Next());
}

}  // namespace
}  // namespace beian::sim
