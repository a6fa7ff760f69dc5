#include "sim/report/summary.h"

#include <gtest/gtest.h>

namespace beian::sim {
namespace {

SeedRecord Record(size_t nodes, size_t dishonest, Strategy strategy) {
  SeedRecord record;
  record.nodes = nodes;
  record.dishonest = dishonest;
  record.strategy = strategy;
  record.counts.filings = 100;
  record.counts.puppet_turns = 3;
  record.counts.puppet_messages = 7;
  record.counts.virtual_ms = 50'000;
  record.counts.real_us = 100'000;
  record.counts.core_us = 200'000;
  record.faults.Add(FaultKind::kCrash, 4);
  return record;
}

TEST(Summary, AddsUpBySizeAndOverAll) {
  Summary summary;
  summary.Add(Record(4, 0, Strategy::kMute));
  summary.Add(Record(7, 0, Strategy::kMute));
  summary.Add(Record(7, 0, Strategy::kMute));
  EXPECT_EQ(summary.all().seeds, 3u);
  EXPECT_EQ(summary.all().counts.filings, 300u);
  EXPECT_EQ(summary.by_nodes().at(4).seeds, 1u);
  EXPECT_EQ(summary.by_nodes().at(7).counts.filings, 200u);
  EXPECT_DOUBLE_EQ(summary.all().Factor(), 500);
  EXPECT_DOUBLE_EQ(summary.all().SeedsPerCoreHour(), 18'000);
  EXPECT_DOUBLE_EQ(summary.all().PerSeed(summary.all().counts.filings), 100);
}

TEST(Summary, SaysHowOftenAFaultStruckAndInHowManySeeds) {
  Summary summary;
  summary.Add(Record(4, 0, Strategy::kMute));
  SeedRecord calm = Record(4, 0, Strategy::kMute);
  calm.faults = {};
  summary.Add(calm);
  EXPECT_EQ(summary.fired(FaultKind::kCrash).times, 4u);
  EXPECT_EQ(summary.fired(FaultKind::kCrash).seeds, 1u);
  EXPECT_EQ(summary.fired(FaultKind::kLoss).times, 0u);
}

TEST(Summary, CountsAStrategyOnlyWhereSomebodyPlayedIt) {
  Summary summary;
  summary.Add(Record(7, 2, Strategy::kTwins));
  summary.Add(Record(7, 1, Strategy::kTwins));
  summary.Add(Record(7, 0, Strategy::kFlooder));
  EXPECT_EQ(summary.played(Strategy::kTwins).seeds, 2u);
  EXPECT_EQ(summary.played(Strategy::kTwins).at_limit, 1u);
  EXPECT_EQ(summary.played(Strategy::kTwins).messages, 14u);
  EXPECT_EQ(summary.played(Strategy::kFlooder).seeds, 0u);
}

TEST(Summary, KeepsFailuresAndCountsThem) {
  Summary summary;
  SeedRecord bad = Record(4, 0, Strategy::kMute);
  bad.seed = 17;
  bad.failure = Failure{"I1", "two certificates", "beian-sim run"};
  summary.Add(bad);
  EXPECT_EQ(summary.all().failed, 1u);
  ASSERT_EQ(summary.failed().size(), 1u);
  EXPECT_EQ(summary.failed().front().seed, 17u);
  EXPECT_EQ(summary.failed().front().failure.invariant, "I1");
}

TEST(Totals, OfNothingAreZero) {
  EXPECT_EQ(Totals{}.Factor(), 0);
  EXPECT_EQ(Totals{}.SeedsPerCoreHour(), 0);
}

}  // namespace
}  // namespace beian::sim
