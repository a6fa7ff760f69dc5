#include "sim/canaries/hunt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "ledger/base/check.h"

namespace beian::sim {
namespace {

using ::testing::HasSubstr;

const Bug& Named(const std::vector<Bug>& bugs, std::string_view name) {
  return *std::ranges::find(bugs, name, &Bug::name);
}

TEST(Hunt, EndsAtTheFirstSeedThatFindsSomething) {
  const Catch caught = Hunt({2, 9}, [](uint64_t seed) {
    return seed < 5 ? std::vector<Finding>{} : std::vector<Finding>{{"I1", "a fork"}};
  });
  EXPECT_TRUE(caught.found);
  EXPECT_EQ(caught.seed, 5u);
  EXPECT_EQ(caught.finding, (Finding{"I1", "a fork"}));
}

TEST(Hunt, TriesEverySeedWhenNothingIsFound) {
  const Catch caught = Hunt({2, 9}, [](uint64_t) { return std::vector<Finding>{}; });
  EXPECT_FALSE(caught.found);
  EXPECT_EQ(caught.seed, 8u);
}

TEST(Hunt, ACheckThatEndsTheProcessIsAFindingInItsOwnWords) {
  const Catch caught = Hunt({0, 9}, [](uint64_t seed) {
    CHECK(seed != 3);
    return std::vector<Finding>{};
  });
  EXPECT_TRUE(caught.found);
  EXPECT_EQ(caught.seed, 3u);
  EXPECT_EQ(caught.finding.invariant, "CHECK");
  EXPECT_THAT(caught.finding.what, HasSubstr("seed != 3"));
}

TEST(Hunt, FindsWhatIsBrokenAndNothingWhereNothingIs) {
  const std::vector<Bug> bugs = AllBugs({});
  const Catch caught = Hunt({0, 4}, Named(bugs, "send_before_sync"));
  EXPECT_TRUE(caught.found);
  EXPECT_EQ(caught.finding.invariant, "I6");
  EXPECT_FALSE(Hunt({0, 4}, Named(bugs, kControl)).found);
}

TEST(AllBugs, TheControlThenTheCodesThenTheHarness) {
  constexpr PlantedBug kPlanted[] = {{"one", "first"}, {"two", "second"}};
  const std::vector<Bug> bugs = AllBugs(kPlanted);
  ASSERT_EQ(bugs.size(), 3 + static_cast<size_t>(kLastCanary));
  EXPECT_EQ(bugs[0].name, kControl);
  EXPECT_EQ(bugs[0].planted, -1);
  EXPECT_EQ(bugs[2].name, "two");
  EXPECT_EQ(bugs[2].what, "second");
  EXPECT_EQ(bugs[2].planted, 1);
  std::set<std::string> names;
  for (const Bug& bug : bugs) names.insert(bug.name);
  EXPECT_EQ(names.size(), bugs.size());
}

TEST(HuntOptions, EveryStrategyHasItsTurnInBothSizesAndEveryOtherSeedDrawsForItself) {
  std::set<std::pair<size_t, Strategy>> seen;
  for (uint64_t seed = 0; seed < 220; ++seed) {
    const Options options = HuntOptions(seed);
    if (seed % 2 == 0) {
      EXPECT_EQ(options.Describe(), DrawOptions(seed, options.nodes).Describe());
    } else {
      EXPECT_GE(options.dishonest, 1u);
      seen.emplace(options.nodes, options.strategy);
    }
  }
  EXPECT_EQ(seen.size(), 2 * (static_cast<size_t>(kLastStrategy) + 1));
}

}  // namespace
}  // namespace beian::sim
