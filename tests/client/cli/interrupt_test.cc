#include "client/cli/interrupt.h"

#include <gtest/gtest.h>

#include <csignal>

namespace beian::client {
namespace {

TEST(InterruptDeathTest, TheFirstSignalIsRememberedAndTheSecondEnds) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        CatchInterrupts();
        if (Interrupted()) _exit(1);
        std::raise(SIGINT);
        if (!Interrupted()) _exit(2);
        std::raise(SIGINT);
        _exit(3);
      },
      testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace beian::client
