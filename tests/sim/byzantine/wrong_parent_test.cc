#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(WrongParent, SkipsCertifiedBlocksNowAndThen) {
  bool skipped = false;
  for (uint64_t i = 0; i < 30 && !skipped; ++i) {
    Stage stage;
    stage.NotarizedOne();
    const View view = stage.EnterOwnView(1 + i * 4);
    const auto puppet = MakeWrongParent();
    for (uint64_t draw = 0; draw < i; ++draw) stage.scene().random.Next();
    puppet->Act(stage.scene());
    for (const auto& [to, proposal] : stage.Only<Proposal>()) {
      EXPECT_EQ(proposal.view, view);
      skipped = skipped || proposal.parent_view == View(0);
    }
  }
  EXPECT_TRUE(skipped);
}

TEST(WrongParent, SaysOfAnOlderBlockThatItIsTheNewestOne) {
  bool confused = false;
  for (uint64_t i = 0; i < 60 && !confused; ++i) {
    Stage stage;
    const BlockPtr newest = stage.NotarizedOne();
    stage.EnterOwnView(1 + i * 4);
    const auto puppet = MakeWrongParent();
    for (uint64_t draw = 0; draw < i; ++draw) stage.scene().random.Next();
    puppet->Act(stage.scene());
    for (const auto& [to, proposal] : stage.Only<Proposal>()) {
      const bool names_newest = proposal.parent_view == newest->header.view;
      confused = confused || (names_newest && proposal.header.parent != newest->id);
    }
  }
  EXPECT_TRUE(confused);
}

}  // namespace
}  // namespace beian::sim
