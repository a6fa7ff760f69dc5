#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Tardy, ProposesWhenTheOthersAreAboutToGiveUp) {
  Stage stage;
  stage.EnterOwnView();
  const auto puppet = MakeTardy();
  const TimeMs entered = stage.wall;
  while (stage.Only<Proposal>().empty() && stage.wall < entered + 2'000) {
    puppet->Act(stage.scene());
    stage.wall = stage.wall + 50;
  }
  ASSERT_FALSE(stage.Only<Proposal>().empty());
  EXPECT_GE(stage.wall, entered + 600);
  EXPECT_LE(stage.wall, entered + 1'100);
}

}  // namespace
}  // namespace beian::sim
