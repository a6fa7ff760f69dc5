#include <map>
#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

/// Each half hears of filings that the other does not know.
void TellEachSomethingElse(Stage& stage, Puppet& twins) {
  for (const ValidatorIndex from : stage.honest) {
    const TransactionBatch batch{{Stage::SomeTransaction(from.value())}};
    twins.OnMessage(stage.scene(), from, batch);
  }
}

TEST(Twins, ProposeTwoBlocksInOneViewToDifferentHalves) {
  Stage stage;
  const View own = stage.EnterOwnView();
  const auto twins = MakeTwins();
  twins->Act(stage.scene());
  TellEachSomethingElse(stage, *twins);
  for (View view(1); view < own; view = view.Next()) {
    stage.Certify(Nullify(view.value()));
    Certificate empty = *stage.scene().Nullification(view);
    empty.signatures.pop_back();   // its own: it has made none
    for (const ValidatorIndex from : stage.honest) twins->OnMessage(stage.scene(), from, empty);
  }
  std::map<ValidatorIndex, BlockId> first;   // that each of the others was shown
  for (int turn = 0; turn < 20; ++turn) {
    twins->Act(stage.scene());
    stage.wall = stage.wall + 50;
  }
  for (const auto& [to, proposal] : stage.Only<Proposal>()) {
    if (proposal.view != own) continue;
    EXPECT_TRUE(stage.Verifies(proposal.leader_vote));
    first.emplace(to, proposal.header.id());
  }
  std::set<BlockId> shown;
  for (const auto& [to, block] : first) shown.insert(block);
  EXPECT_EQ(first.size(), stage.honest.size());
  EXPECT_EQ(shown.size(), 2u);
}

}  // namespace
}  // namespace beian::sim
