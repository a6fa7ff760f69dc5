#include "client/cli/session.h"

#include <gtest/gtest.h>

namespace beian::client {
namespace {

TEST(SessionTest, NamesWhatIsMissing) {
  Session session({}, Connection());
  EXPECT_EQ(session.genesis().error().id, "config.no_genesis");
  EXPECT_EQ(session.client().error().id, "config.no_genesis");
  EXPECT_EQ(session.key().error().id, "config.no_key");
}

TEST(SessionTest, ShowsNoProgressAndNoColourWithoutATerminal) {
  GlobalFlags flags;
  flags.quiet = true;
  flags.no_colour = true;
  const Session session(flags, Connection());
  EXPECT_FALSE(session.shows_progress());
  EXPECT_FALSE(session.out_style().colour);
  EXPECT_FALSE(session.error_style().colour);
}

}  // namespace
}  // namespace beian::client
