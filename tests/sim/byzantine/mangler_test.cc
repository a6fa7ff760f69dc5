#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Mangler, ChangesWhatTheLeadersVoteDoesNotSignByItself) {
  Stage stage;
  stage.transactions = {Stage::SomeTransaction(1), Stage::SomeTransaction(2)};
  const Scene scene = stage.scene();
  const Scene::Draft draft{View(1), View(0), 0, scene.Youngest(2)};
  const BlockPtr block = scene.Build(draft);
  const Proposal good = scene.Propose(draft, block);
  const auto puppet = MakeMangler();
  size_t changed = 0;
  for (int i = 0; i < 20; ++i) puppet->OnMessage(stage.scene(), ValidatorIndex(0), good);
  for (const auto& [to, proposal] : stage.Only<Proposal>()) {
    EXPECT_EQ(proposal.leader_vote, good.leader_vote);
    EXPECT_EQ(proposal.header, good.header);
    changed += proposal == good ? 0 : 1;
  }
  EXPECT_GT(changed, 10u);
}

TEST(Mangler, HelpsItsOwnBlocksToBecomeFinal) {
  Stage stage;
  stage.transactions = {Stage::SomeTransaction(1)};
  const View view = stage.EnterOwnView();
  MakeMangler()->Act(stage.scene());
  const auto proposals = stage.Only<Proposal>();
  const auto votes = stage.Only<beian::Vote>();
  ASSERT_FALSE(proposals.empty());
  ASSERT_FALSE(votes.empty());
  EXPECT_EQ(votes.front().second.statement,
            Finalize(view.value(), 0, proposals.front().second.header.id()));
}

}  // namespace
}  // namespace beian::sim
