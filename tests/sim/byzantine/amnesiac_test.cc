#include <map>
#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

/// The others stand by; the puppet hears of work and acts for a while.
void LetLive(Stage& stage, Puppet& puppet, int turns) {
  for (int turn = 0; turn < turns; ++turn) {
    puppet.Act(stage.scene());
    if (turn == 2) {
      const TransactionBatch batch{{Stage::SomeTransaction(1)}};
      puppet.OnMessage(stage.scene(), ValidatorIndex(0), batch);
    }
    stage.wall = stage.wall + 50;
  }
}

TEST(Amnesiac, VotesAgainWhereItHasVoted) {
  Stage stage;
  const auto puppet = MakeAmnesiac();
  LetLive(stage, *puppet, 600);
  std::map<View, std::set<BlockId>> proposed;   // its blocks, a new one after each loss
  size_t votes = 0;
  for (const Stage::Sent& sent : stage.sent) {
    if (const auto* proposal = std::get_if<Proposal>(&sent.message)) {
      proposed[proposal->view].insert(proposal->header.id());
    }
    votes += std::holds_alternative<beian::Vote>(sent.message) ? 1 : 0;
  }
  bool twice = votes > 30;   // of view 1 again and again: nobody answers
  for (const auto& [view, blocks] : proposed) twice = twice || blocks.size() > 1;
  EXPECT_TRUE(twice);
}

}  // namespace
}  // namespace beian::sim
