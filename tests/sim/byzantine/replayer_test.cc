#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Replayer, SendsAgainWhatItHeard) {
  Stage stage;
  const auto puppet = MakeReplayer();
  puppet->Act(stage.scene());
  EXPECT_TRUE(stage.sent.empty());
  const beian::Vote vote{Nullify(7), ValidatorIndex(1), {}};
  puppet->OnMessage(stage.scene(), ValidatorIndex(1), vote);
  for (int turn = 0; turn < 10; ++turn) puppet->Act(stage.scene());
  ASSERT_FALSE(stage.Only<beian::Vote>().empty());
  EXPECT_EQ(stage.Only<beian::Vote>().front().second, vote);
}

}  // namespace
}  // namespace beian::sim
