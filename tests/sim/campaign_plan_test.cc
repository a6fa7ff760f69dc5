#include "sim/campaign_plan.h"

#include <gtest/gtest.h>

namespace beian::sim {
namespace {

TEST(CampaignPlan, GivesEverySizeEverySeedOnce) {
  CampaignPlan plan({4, 7}, 10, 12);
  EXPECT_EQ(plan.Next(), (Unit{10, 4}));
  EXPECT_EQ(plan.Next(), (Unit{10, 7}));
  EXPECT_EQ(plan.Next(), (Unit{11, 4}));
  EXPECT_EQ(plan.Next(), (Unit{11, 7}));
  EXPECT_EQ(plan.Next(), std::nullopt);
}

TEST(CampaignPlan, ASizeThatIsNamedTwiceIsRunOnce) {
  CampaignPlan plan({4, 4}, 0, 1);
  EXPECT_EQ(plan.Next(), (Unit{0, 4}));
  EXPECT_EQ(plan.Next(), std::nullopt);
}

TEST(CampaignPlan, LeavesOutWhatWasDoneBefore) {
  CampaignPlan plan({4, 7}, 0, 2);
  EXPECT_TRUE(plan.Leave({0, 7}));
  EXPECT_TRUE(plan.Leave({1, 4}));
  EXPECT_FALSE(plan.Leave({1, 4})) << "it counts once";
  EXPECT_EQ(plan.Next(), (Unit{0, 4}));
  EXPECT_EQ(plan.Next(), (Unit{1, 7}));
  EXPECT_EQ(plan.Next(), std::nullopt);
}

TEST(CampaignOptions, GiveEveryStrategyItsTurnWithAsManyAsAreBorne) {
  for (const auto& [nodes, faulty] : {std::pair<size_t, size_t>{4, 1}, {7, 2}, {10, 3}}) {
    std::set<Strategy> played;
    bool honest = false;
    bool loses_logs = false;
    for (uint64_t seed = 0; seed < 60; ++seed) {
      const Options options = CampaignOptions({seed, nodes});
      honest = honest || options.dishonest == 0;
      loses_logs = loses_logs || (options.dishonest == 0 && options.lose_log_every_ms > 0);
      if (options.dishonest == faulty) played.insert(options.strategy);
    }
    EXPECT_EQ(played.size(), static_cast<size_t>(kLastStrategy) + 1);
    EXPECT_TRUE(honest);
    EXPECT_TRUE(loses_logs);
  }
}

TEST(CampaignOptions, OfTooFewValidatorsAreHonest) {
  EXPECT_EQ(CampaignOptions({3, 1}).dishonest, 0u);
}

}  // namespace
}  // namespace beian::sim
