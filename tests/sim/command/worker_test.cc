#include "sim/command/worker.h"

#include <csignal>

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::HasSubstr;

TEST(StartSeed, BringsBackTheSameRecordThatARunHereMakes) {
  const Options options = DrawOptions(3, 4);
  SeedRecord record = RecordOf(options, StartSeed(FourValidators(), {options}).Wait());
  EXPECT_GT(record.counts.core_us, 0u);
  EXPECT_GT(record.counts.real_us, 0u);
  record.counts.core_us = record.counts.real_us = 0;
  EXPECT_EQ(record, MakeRecord(options, RunSeed(FourValidators(), {options})));
}

TEST(StartSeed, TwiceComparesTheRuns) {
  Options options = DrawOptions(1, 4);
  options.canary = Canary::kCoin;
  const auto once = RecordOf(options, StartSeed(FourValidators(), {options}).Wait());
  EXPECT_FALSE(once.failure.has_value());
  const auto twice = RecordOf(options, StartSeed(FourValidators(), {options, true}).Wait());
  ASSERT_TRUE(twice.failure.has_value());
  EXPECT_EQ(twice.failure->invariant, "I13");
}

TEST(RecordOf, AProcessThatDiedHasFailed) {
  const Options options = DrawOptions(3, 4);
  for (const Apart::End& end : {Apart::End{"", SIGABRT}, Apart::End{"{\"nodes\":4", 0}}) {
    const SeedRecord record = RecordOf(options, end);
    EXPECT_EQ(record.seed, 3u);
    ASSERT_TRUE(record.failure.has_value());
    EXPECT_EQ(record.failure->invariant, "abort");
    EXPECT_THAT(record.failure->command, HasSubstr("--seeds 3:4"));
  }
}

TEST(TellApart, TellsOfADeathToo) {
  const Options options = DrawOptions(3, 4);
  const SeedRecord record = RecordOf(options, {"", SIGABRT});
  const std::string story = TellApart(FourValidators(), options, *record.failure);
  EXPECT_THAT(story, HasSubstr("FAILED seed 3"));
  EXPECT_THAT(story, HasSubstr("abort: the process ended by signal 6"));
  EXPECT_THAT(story, HasSubstr("replay: beian-sim run --nodes 4 --seeds 3:4 --trace"));
}

}  // namespace
}  // namespace beian::sim
