#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(LyingHeight, BoastsAndCannotShow) {
  Stage stage;
  const auto puppet = MakeLyingHeight();
  bool boast = false;
  for (int turn = 0; turn < 10; ++turn) puppet->Act(stage.scene());
  for (const auto& [to, status] : stage.Only<Status>()) {
    boast = boast || status.committed > Height(uint64_t{1} << 60);
  }
  EXPECT_TRUE(boast);
  for (int i = 0; i < 10; ++i) {
    puppet->OnMessage(stage.scene(), ValidatorIndex(0), GetBlocks{Height(1), 5});
  }
  for (const auto& [to, blocks] : stage.Only<Blocks>()) EXPECT_TRUE(blocks.blocks.empty());
}

}  // namespace
}  // namespace beian::sim
