#include "node/runtime/descriptor_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>

namespace beian {
namespace {

constexpr rlim_t kHard = 300;

/// In a process of its own: a hard limit never rises again. Exits with 0 when all is as it says.
[[noreturn]] void RaiseIn(uint64_t needed, bool enough) {
  const rlimit limit{64, kHard};
  bool good = ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
  const auto finding = RaiseDescriptorLimit(needed);
  rlimit now{};
  good = good && ::getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == kHard;
  good = good && finding.has_value() != enough;
  if (finding) good = good && finding->find("300 files") != std::string::npos;
  std::_Exit(good ? 0 : 1);
}

TEST(DescriptorLimit, RaisesTheSoftLimitToTheHardOne) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(RaiseIn(kHard, true), testing::ExitedWithCode(0), "");
}

TEST(DescriptorLimit, SaysWhenTheHardLimitIsTooLow) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(RaiseIn(kHard + 1, false), testing::ExitedWithCode(0), "");
}

TEST(DescriptorLimit, CoversEveryConnectionAndPeer) {
  EXPECT_GE(DescriptorsNeeded(512, 4), 512u + 4 + 256);
  EXPECT_GT(DescriptorsNeeded(512, 5), DescriptorsNeeded(512, 4));
  EXPECT_EQ(DescriptorsNeeded(600, 4) - DescriptorsNeeded(512, 4), 88u);
}

}  // namespace
}  // namespace beian
