#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(DoubleVoter, SignsVotesThatNoHonestValidatorSignsTogether) {
  Stage stage;
  const BlockPtr block = stage.NotarizedOne();
  const auto puppet = MakeDoubleVoter();
  for (int turn = 0; turn < 40; ++turn) puppet->Act(stage.scene());
  std::set<VoteKind> kinds;
  for (const auto& [to, vote] : stage.Only<beian::Vote>()) {
    EXPECT_TRUE(stage.Verifies(vote));
    EXPECT_EQ(vote.signer, Stage::kSelf);
    kinds.insert(vote.statement.kind);
  }
  EXPECT_EQ(kinds.size(), 3u);
}

}  // namespace
}  // namespace beian::sim
