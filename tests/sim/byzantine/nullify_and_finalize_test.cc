#include <map>
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
  bool parted = false;   // in one turn some got this and others that, and nobody both
  for (int turn = 0; turn < 10; ++turn) {
    stage.sent.clear();
    puppet->Act(stage.scene());
    std::map<VoteKind, std::set<ValidatorIndex>> told;
    for (const auto& [to, vote] : stage.Only<beian::Vote>()) {
      EXPECT_TRUE(stage.Verifies(vote));
      EXPECT_EQ(vote.statement.view, View(1));
      told[vote.statement.kind].insert(to);
    }
    parted = parted || (told[VoteKind::kNullify].size() + told[VoteKind::kFinalize].size() == 3 &&
                        !told[VoteKind::kNullify].empty() && !told[VoteKind::kFinalize].empty());
  }
  EXPECT_TRUE(parted);
}

}  // namespace
}  // namespace beian::sim
