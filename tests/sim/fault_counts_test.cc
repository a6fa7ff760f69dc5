#include "sim/fault_counts.h"

#include <gtest/gtest.h>

#include <set>

namespace beian::sim {
namespace {

TEST(FaultCounts, CountEachKindApart) {
  FaultCounts counts;
  counts.Add(FaultKind::kCrash);
  counts.Add(FaultKind::kCrash, 2);
  counts.Add(FaultKind::kStayedDown);
  EXPECT_EQ(counts.Of(FaultKind::kCrash), 3u);
  EXPECT_EQ(counts.Of(FaultKind::kStayedDown), 1u);
  EXPECT_EQ(counts.Of(FaultKind::kLoss), 0u);
}

TEST(FaultName, EveryKindHasItsOwn) {
  std::set<std::string_view> names;
  for (const FaultKind kind : AllFaultKinds()) names.insert(FaultName(kind));
  EXPECT_EQ(names.size(), kFaultKinds);
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace beian::sim
