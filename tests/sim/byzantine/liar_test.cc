#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Liar, SignsHeadersThatAreNotWhatTheyShouldBe) {
  Stage stage;
  const auto puppet = MakeLiar();
  size_t lies = 0;
  for (uint64_t i = 0; i < 60; ++i) {
    stage.sent.clear();
    stage.EnterOwnView(i * 4);
    puppet->Act(stage.scene());
    for (const auto& [to, proposal] : stage.Only<Proposal>()) {
      EXPECT_TRUE(stage.Verifies(proposal.leader_vote));
      EXPECT_EQ(proposal.leader_vote.statement.id, proposal.header.id());
      const BlockPtr honest = stage.scene().Build({proposal.view, proposal.parent_view, 0, {}});
      lies += honest->header == proposal.header ? 0 : 1;
    }
  }
  EXPECT_GT(lies, 60u);
}

TEST(Liar, DatesABlockBeforeItsParentByLessThanClocksMayDiffer) {
  Stage stage;
  const BlockPtr parent = stage.NotarizedOne();
  const auto puppet = MakeLiar();
  bool before = false;
  for (uint64_t i = 0; i < 60; ++i) {
    stage.EnterOwnView(1 + i * 4);
    puppet->Act(stage.scene());
  }
  for (const auto& [to, proposal] : stage.Only<Proposal>()) {
    const TimeMs time = proposal.header.time;
    before = before || (time <= parent->header.time && time + 30'000 > stage.wall);
  }
  EXPECT_TRUE(before);
}

}  // namespace
}  // namespace beian::sim
