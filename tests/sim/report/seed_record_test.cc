#include "sim/report/seed_record.h"

#include <gtest/gtest.h>

namespace beian::sim {
namespace {

SeedRecord Example() {
  Outcome outcome;
  outcome.blocks = 11;
  outcome.filings = 5;
  outcome.virtual_ms = 90'000;
  outcome.settled_ms = 321;
  outcome.statistics.events = 1234;
  outcome.statistics.puppet_messages = 56;
  outcome.statistics.faults.Add(FaultKind::kTornWrite, 2);
  outcome.findings = {{"I6", "sends a vote that is not synced"}, {"I2", "later"}};
  Options options = DrawOptions(9, 7);
  options.dishonest = 5;
  options.strategy = Strategy::kTwins;
  return MakeRecord(options, outcome);
}

TEST(SeedRecord, KeepsWhatTheRunWas) {
  const SeedRecord record = Example();
  EXPECT_EQ(record.nodes, 7u);
  EXPECT_EQ(record.seed, 9u);
  EXPECT_EQ(record.dishonest, 2u) << "as many as the world lets play, f";
  EXPECT_EQ(record.counts.blocks, 11u);
  EXPECT_EQ(record.counts.puppet_messages, 56u);
  EXPECT_EQ(record.faults.Of(FaultKind::kTornWrite), 2u);
  ASSERT_TRUE(record.failure.has_value());
  EXPECT_EQ(record.failure->invariant, "I6") << "the first finding counts";
}

TEST(SeedRecord, IsTheSameAfterAWayThroughJson) {
  const SeedRecord record = Example();
  EXPECT_EQ(ParseRecord(ParseJson(PrintJson(RecordJson(record)))), record);
  SeedRecord quiet;
  quiet.nodes = 4;
  EXPECT_EQ(ParseRecord(ParseJson(PrintJson(RecordJson(quiet)))), quiet);
}

TEST(SeedRecord, IsNotMadeFromOtherJson) {
  for (const char* other : {"[]", "{}", "7", "{\"nodes\":4}", "{\"nodes\":4,\"seed\":1}",
                            R"({"nodes":4,"seed":1,"faults":{},"dishonest":1,"strategy":"x"})"}) {
    EXPECT_FALSE(ParseRecord(ParseJson(other)).has_value()) << other;
  }
}

}  // namespace
}  // namespace beian::sim
