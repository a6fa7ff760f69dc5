#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

/// Where it leads, with something to propose that it had not before.
void BringToItsView(Stage& stage, Puppet& puppet, View own, uint64_t number) {
  for (View view(1); view < own; view = view.Next()) {
    stage.Certify(Nullify(view.value()));
    Certificate empty = *stage.scene().Nullification(view);
    empty.signatures.pop_back();   // its own: it has made none
    puppet.OnMessage(stage.scene(), ValidatorIndex(0), empty);
  }
  const TransactionBatch batch{{Stage::SomeTransaction(number)}};
  puppet.OnMessage(stage.scene(), ValidatorIndex(0), batch);
}

TEST(Amnesiac, ProposesAnotherBlockWhereItHasProposedBefore) {
  Stage stage;
  const View own = stage.EnterOwnView();
  const auto puppet = MakeAmnesiac();
  puppet->Act(stage.scene());
  for (uint64_t turn = 0; turn < 400; ++turn) {
    BringToItsView(stage, *puppet, own, turn);
    puppet->Act(stage.scene());
    stage.wall = stage.wall + 20;
  }
  std::set<BlockId> blocks;
  for (const auto& [to, proposal] : stage.Only<Proposal>()) {
    if (proposal.view == own) blocks.insert(proposal.header.id());
  }
  EXPECT_GT(blocks.size(), 1u);
}

}  // namespace
}  // namespace beian::sim
