#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(FutureView, VotesAndProposesBeforeItsTime) {
  Stage stage;
  const auto puppet = MakeFutureView();
  for (int turn = 0; turn < 60; ++turn) puppet->Act(stage.scene());
  ASSERT_FALSE(stage.Only<beian::Vote>().empty());
  for (const auto& [to, vote] : stage.Only<beian::Vote>()) {
    EXPECT_GT(vote.statement.view, stage.top);
  }
  ASSERT_FALSE(stage.Only<Proposal>().empty());
  for (const auto& [to, proposal] : stage.Only<Proposal>()) {
    EXPECT_GT(proposal.view, stage.top);
    EXPECT_TRUE(stage.Verifies(proposal.leader_vote));
  }
}

}  // namespace
}  // namespace beian::sim
