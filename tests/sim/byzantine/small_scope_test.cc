#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

/// The others stand by; the puppet hears of work and acts for a while.
void LiveAwhile(Stage& stage, Puppet& puppet, int turns) {
  for (int turn = 0; turn < turns; ++turn) {
    puppet.Act(stage.scene());
    if (turn == 2) {
      const TransactionBatch batch{{Stage::SomeTransaction(1)}};
      puppet.OnMessage(stage.scene(), ValidatorIndex(0), batch);
    }
    stage.wall = stage.wall + 50;
  }
}

TEST(SmallScope, SaysThingsThatAreOffByOneAndSignsThem) {
  Stage stage;
  const auto puppet = MakeSmallScope();
  LiveAwhile(stage, *puppet, 600);
  std::set<View> views;
  for (const auto& [to, vote] : stage.Only<beian::Vote>()) {
    EXPECT_TRUE(stage.Verifies(vote));
    views.insert(vote.statement.view);
  }
  EXPECT_GT(views.size(), 1u) << "nothing but view 1 has come";
  std::set<View> stand;
  for (const auto& [to, status] : stage.Only<Status>()) stand.insert(status.view);
  EXPECT_GT(stand.size(), 1u);
}

}  // namespace
}  // namespace beian::sim
