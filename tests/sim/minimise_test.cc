#include "sim/minimise.h"

#include "sim/run.h"
#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

Options Stormy() {
  Options options = DrawOptions(7, 4);
  options.faulty_ms = 20'000;
  options.filings = 60;
  options.loss_per_mille = 100;
  options.crash_every_ms = 2'000;
  options.partition_every_ms = 3'000;
  options.dishonest = 1;
  options.tear_steps = true;
  return options;
}

TEST(Minimise, KeepsOnlyWhatTheFailureNeeds) {
  const auto found = Minimise(Stormy(), [](const Options& options) {
    const bool fails = options.crash_every_ms > 0 && options.filings >= 5;
    return fails ? std::optional(Finding{"I6", "too early"}) : std::nullopt;
  });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->options.crash_every_ms, 2'000u);
  EXPECT_EQ(found->options.filings, 7u) << "60, 30, 15, 7";
  EXPECT_EQ(found->options.loss_per_mille, 0u);
  EXPECT_EQ(found->options.partition_every_ms, 0u);
  EXPECT_EQ(found->options.dishonest, 0u);
  EXPECT_FALSE(found->options.tear_steps);
  EXPECT_LT(found->options.faulty_ms, 200u);
  EXPECT_EQ(found->options.seed, 7u);
}

TEST(Minimise, DoesNotTakeAnotherFailureForThisOne) {
  const auto found = Minimise(Stormy(), [](const Options& options) {
    return std::optional(options.loss_per_mille > 0 ? Finding{"I1", "two certificates"}
                                                    : Finding{"I14", "too slow"});
  });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->finding.invariant, "I1");
  EXPECT_EQ(found->options.loss_per_mille, 100u);
}

TEST(Minimise, LeavesAloneWhatDoesNotFail) {
  EXPECT_FALSE(Minimise(Stormy(), [](const Options&) { return std::nullopt; }).has_value());
}

TEST(Minimise, ComesToAnEnd) {
  size_t runs = 0;
  const auto found = Minimise(Stormy(), [&](const Options&) {
    ++runs;
    return std::optional(Finding{"I6", "always"});
  });
  EXPECT_EQ(found->runs, runs);
  EXPECT_LT(runs, 100u);
}

TEST(Minimise, ShortensAFailureOfTheHarness) {
  Options options = Stormy();
  options.canary = Canary::kSendBeforeSync;
  const auto found = Minimise(options, [](const Options& tried) {
    const auto findings = RunSeed(FourValidators(), {tried}).findings;
    return findings.empty() ? std::nullopt : std::optional(findings.front());
  });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->finding.invariant, "I6");
  EXPECT_EQ(found->options.filings, 1u);
  EXPECT_EQ(found->options.crash_every_ms, 0u);
  EXPECT_EQ(found->options.dishonest, 0u);
}

}  // namespace
}  // namespace beian::sim
