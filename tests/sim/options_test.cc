#include "sim/options.h"

#include <gtest/gtest.h>

#include <set>

namespace beian::sim {
namespace {

TEST(Options, FollowFromTheSeed) {
  EXPECT_EQ(DrawOptions(5, 4).Describe(), DrawOptions(5, 4).Describe());
  EXPECT_NE(DrawOptions(5, 4).Describe(), DrawOptions(6, 4).Describe());
}

TEST(Options, StayInsideWhatTheProtocolPromisesToBear) {
  bool loses_logs = false;
  bool prunes_often = false;
  bool heals_silently = false;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    const Options options = DrawOptions(seed, 4);
    EXPECT_LE(options.loss_per_mille, 300u);
    EXPECT_LE(options.duplicate_per_mille, 500u);
    EXPECT_LE(options.dead, 1u);
    EXPECT_LE(options.clock_offset_ms, 500u);
    EXPECT_GE(options.providers, 1u);
    prunes_often = prunes_often || options.prune_every == 1;
    heals_silently = heals_silently || options.heal_silently;
    loses_logs = loses_logs || options.lose_log_every_ms > 0;
    EXPECT_EQ(DrawOptions(seed, 3).lose_log_every_ms, 0u) << "three tolerate no fault";
    EXPECT_EQ(DrawOptions(seed, 3).dead, 0u);
  }
  EXPECT_TRUE(loses_logs);
  EXPECT_TRUE(prunes_often);
  EXPECT_TRUE(heals_silently);
}

TEST(Options, EveryCanaryHasItsOwnName) {
  std::set<std::string> names;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastCanary); ++i) {
    names.insert(CanaryName(static_cast<Canary>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(kLastCanary) + 1);
}

}  // namespace
}  // namespace beian::sim
