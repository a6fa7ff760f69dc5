#include "sim/command/run.h"

#include <gtest/gtest.h>

namespace beian::sim {
namespace {

TEST(MakeOptions, SettingsStandOverWhatTheSeedDraws) {
  const auto options = MakeOptions(3, 7, {"filings=500", "strategy=twins"});
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ(options->filings, 500u);
  EXPECT_EQ(options->strategy, Strategy::kTwins);
  EXPECT_EQ(options->faulty_ms, DrawOptions(3, 7).faulty_ms);
}

TEST(MakeOptions, RefusesSettingsThatContradictEachOther) {
  EXPECT_FALSE(MakeOptions(3, 4, {"delay_min_ms=9", "delay_max_ms=8"}).has_value());
}

}  // namespace
}  // namespace beian::sim
