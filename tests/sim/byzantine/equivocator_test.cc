#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Equivocator, ShowsTwoValidBlocksInOneView) {
  Stage stage;
  const View view = stage.EnterOwnView();
  const auto puppet = MakeEquivocator();
  puppet->Act(stage.scene());
  puppet->Act(stage.scene());   // once in a view
  std::set<BlockId> shown;
  for (const auto& [to, proposal] : stage.Only<Proposal>()) {
    EXPECT_EQ(proposal.view, view);
    EXPECT_TRUE(stage.Verifies(proposal.leader_vote));
    EXPECT_TRUE(stage.book.After(proposal.header.id())) << "it executes";
    shown.insert(proposal.header.id());
  }
  EXPECT_GE(stage.Only<Proposal>().size(), 3u);
  EXPECT_LE(shown.size(), 2u);
  // With other luck each half sees another one.
  std::set<size_t> counts;
  for (uint64_t i = 1; i < 30; ++i) {
    stage.sent.clear();
    stage.EnterOwnView(i * 4);
    puppet->Act(stage.scene());
    std::set<BlockId> blocks;
    for (const auto& [to, proposal] : stage.Only<Proposal>()) blocks.insert(proposal.header.id());
    counts.insert(blocks.size());
  }
  EXPECT_TRUE(counts.contains(2));
}

}  // namespace
}  // namespace beian::sim
