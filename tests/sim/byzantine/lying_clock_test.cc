#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(LyingClock, DatesItsBlocksAtTheEdgeBeforeAndBehind) {
  Stage stage;
  stage.wall = Root().time + 60'000;
  const auto puppet = MakeLyingClock();
  bool ahead = false;
  bool behind = false;
  for (uint64_t i = 0; i < 20; ++i) {
    stage.EnterOwnView(i * 4);
    puppet->Act(stage.scene());
  }
  ASSERT_FALSE(stage.Only<Proposal>().empty());
  for (const auto& [to, proposal] : stage.Only<Proposal>()) {
    EXPECT_TRUE(stage.book.After(proposal.header.id())) << "apart from the time it is valid";
    ahead = ahead || proposal.header.time > stage.wall + 1'900;
    behind = behind || proposal.header.time + 29'900 < stage.wall;
  }
  EXPECT_TRUE(ahead);
  EXPECT_TRUE(behind);
}

}  // namespace
}  // namespace beian::sim
