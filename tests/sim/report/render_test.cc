#include "sim/report/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace beian::sim {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

Summary OneSeed() {
  SeedRecord record;
  record.nodes = 4;
  record.seed = 17;
  record.counts.filings = 40;
  record.faults.Add(FaultKind::kLoss, 123);
  record.failure = Failure{"I6", "too early", "beian-sim run --seeds 17:18"};
  Summary summary;
  summary.Add(record);
  return summary;
}

TEST(SummaryText, ShowsWhatNeverFiredAsZero) {
  const std::string text = SummaryText(OneSeed());
  EXPECT_THAT(text, HasSubstr("seeds 1 failed 1"));
  EXPECT_THAT(text, ContainsRegex("\\| loss +\\| +123 \\| +1 \\|"));
  for (const FaultKind kind : AllFaultKinds()) {
    if (kind == FaultKind::kLoss) continue;
    EXPECT_THAT(text, ContainsRegex("\\| " + std::string(FaultName(kind)) + " +\\| +0 \\| +0 \\|"));
  }
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastStrategy); ++i) {
    const std::string name = StrategyName(static_cast<Strategy>(i));
    EXPECT_THAT(text, ContainsRegex("\\| " + name + " +\\| +0 \\| +0 \\| +0 \\| +0 \\|"));
  }
}

TEST(SummaryText, ItsTablesHaveRowsOfOneWidth) {
  std::istringstream lines(SummaryText(OneSeed()));
  size_t width = 0;
  size_t rows = 0;
  for (std::string line; std::getline(lines, line); width = line.size()) {
    if (!line.starts_with("|") || width == 0) continue;
    EXPECT_EQ(line.size(), width) << line;
    ++rows;
  }
  EXPECT_GT(rows, kFaultKinds);
}

TEST(SummaryJson, HasTheSameNumbers) {
  const Json json = SummaryJson(OneSeed());
  EXPECT_EQ(json["seeds"], 1);
  EXPECT_EQ(json["by_nodes"]["4"]["filings"], 40);
  EXPECT_EQ(json["faults"]["loss"]["times"], 123);
  EXPECT_EQ(json["faults"]["torn_write"]["times"], 0);
  EXPECT_EQ(json["strategies"]["twins"]["seeds"], 0);
  EXPECT_EQ(json["failures"][0]["command"], "beian-sim run --seeds 17:18");
}

}  // namespace
}  // namespace beian::sim
