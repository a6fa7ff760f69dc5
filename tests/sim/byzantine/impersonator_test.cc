#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Impersonator, SignsForOthersInVain) {
  Stage stage;
  const auto puppet = MakeImpersonator();
  for (int turn = 0; turn < 10; ++turn) puppet->Act(stage.scene());
  ASSERT_FALSE(stage.Only<beian::Vote>().empty());
  for (const auto& [to, vote] : stage.Only<beian::Vote>()) EXPECT_FALSE(stage.Verifies(vote));
}

TEST(Impersonator, AnswersReentryWithWhateverViewItCanProve) {
  Stage stage;
  stage.NotarizedOne();
  stage.top = View(3);
  const auto puppet = MakeImpersonator();
  std::set<View> answered;
  for (int i = 0; i < 60; ++i) puppet->OnMessage(stage.scene(), ValidatorIndex(0), ReentryAsk{});
  for (const auto& [to, answer] : stage.Only<ReentryAnswer>()) answered.insert(answer.view);
  EXPECT_EQ(answered, (std::set<View>{View(1), View(2)}));
}

}  // namespace
}  // namespace beian::sim
