#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Flooder, NamesFarViewsAndManyBlocks) {
  Stage stage;
  const View view = stage.EnterOwnView();
  const auto puppet = MakeFlooder();
  bool far = false;
  std::set<BlockId> of_one_view;
  for (int turn = 0; turn < 10; ++turn) puppet->Act(stage.scene());
  for (const auto& [to, vote] : stage.Only<beian::Vote>()) {
    EXPECT_LE(vote.statement.view.value(), kWireNumberMax) << "the codec lets no more in";
    far = far || vote.statement.view > View(uint64_t{1} << 60);
  }
  for (const auto& [to, proposal] : stage.Only<Proposal>()) {
    if (proposal.view == view) of_one_view.insert(proposal.header.id());
  }
  EXPECT_TRUE(far);
  EXPECT_GT(of_one_view.size(), 20u);
}

}  // namespace
}  // namespace beian::sim
