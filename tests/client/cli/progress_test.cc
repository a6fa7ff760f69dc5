#include "client/cli/progress.h"

#include <gtest/gtest.h>

namespace beian::client {
namespace {

TEST(ProgressTest, SaysNothingWhereThereIsNoTerminal) {
  GlobalFlags flags;
  flags.quiet = true;
  const Session session(flags, Connection());
  testing::internal::CaptureStderr();
  {
    Progress progress(session, "blocks", 10);
    progress.Set(5);
    progress.SetTotal(20);
    progress.Set(20);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace beian::client
