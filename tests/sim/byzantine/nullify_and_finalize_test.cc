#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(NullifyAndFinalize, TellsSomeThisAndOthersThat) {
  Stage stage;
  const auto puppet = MakeNullifyAndFinalize();
  puppet->Act(stage.scene());
  EXPECT_TRUE(stage.sent.empty()) << "nothing is notarized";
  const BlockPtr block = stage.NotarizedOne();
  for (int turn = 0; turn < 10; ++turn) puppet->Act(stage.scene());
  std::set<VoteKind> kinds;
  for (const auto& [to, vote] : stage.Only<beian::Vote>()) {
    EXPECT_TRUE(stage.Verifies(vote));
    EXPECT_EQ(vote.statement.view, View(1));
    kinds.insert(vote.statement.kind);
  }
  EXPECT_EQ(kinds, (std::set{VoteKind::kNullify, VoteKind::kFinalize}));
}

}  // namespace
}  // namespace beian::sim
