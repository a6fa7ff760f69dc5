#include "client/cli/verdict.h"

#include <gtest/gtest.h>

#include "client/cli/actions.h"

namespace beian::client {
namespace {

TEST(Verdict, SaysHowOldTheProofIs) {
  EXPECT_EQ(AgeOf(TimeMs(NowMs() - 5'500)), "5 s ago");
  EXPECT_EQ(AgeOf(TimeMs(NowMs() - 300'500)), "5 min ago");
  EXPECT_EQ(AgeOf(TimeMs(NowMs() - 3 * 3'600'500)), "3 h ago");
  EXPECT_EQ(AgeOf(TimeMs(NowMs() - 5 * 86'400'500ull)), "5 days ago");
  EXPECT_EQ(AgeOf(TimeMs(NowMs() + 60'000)), "in the future, by this machine's clock");
}

}  // namespace
}  // namespace beian::client
