#include <map>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

/// The others stand by; the puppet hears of work and acts for a while.
void LiveOn(Stage& stage, Puppet& puppet, int turns) {
  for (int turn = 0; turn < turns; ++turn) {
    puppet.Act(stage.scene());
    if (turn == 2) {
      const TransactionBatch batch{{Stage::SomeTransaction(1)}};
      puppet.OnMessage(stage.scene(), ValidatorIndex(0), batch);
    }
    stage.wall = stage.wall + 50;
  }
}

TEST(SelectiveSender, LeavesSomeOutAndNotAlwaysTheSame) {
  Stage stage;
  const auto puppet = MakeSelectiveSender();
  LiveOn(stage, *puppet, 400);
  std::map<ValidatorIndex, size_t> heard;
  for (const Stage::Sent& sent : stage.sent) ++heard[sent.to];
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_NE(heard[ValidatorIndex(0)], heard[ValidatorIndex(1)]);
}

}  // namespace
}  // namespace beian::sim
