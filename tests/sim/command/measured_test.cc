#include "sim/command/measured.h"

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

TEST(RunMeasured, TakesTheTimeOfTheRun) {
  const Measured measured = RunMeasured(FourValidators(), {DrawOptions(3, 4)}, false);
  EXPECT_GT(measured.record.counts.core_us, 0u);
  EXPECT_GT(measured.record.counts.real_us, 0u);
  EXPECT_EQ(measured.record.counts.virtual_ms, measured.outcome.virtual_ms);
  EXPECT_TRUE(measured.outcome.fingerprint.IsZero());
}

TEST(RunMeasured, TwiceComparesTheRuns) {
  Options options = DrawOptions(1, 4);
  options.canary = Canary::kCoin;
  EXPECT_FALSE(RunMeasured(FourValidators(), {options}, false).record.failure.has_value());
  const auto failure = RunMeasured(FourValidators(), {options}, true).record.failure;
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->invariant, "I13");
}

}  // namespace
}  // namespace beian::sim
