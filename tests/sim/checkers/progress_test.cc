#include "sim/checkers/progress.h"

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const ValidatorIndex kNode{1};
const SteadyMs kNow{1'000};

ReplicaStatus At(uint64_t view, uint64_t final_view, uint64_t height) {
  ReplicaStatus status;
  status.view = View(view);
  status.final_view = View(final_view);
  status.final_height = status.committed_height = Height(height);
  return status;
}

TEST(ProgressChecker, AcceptsWhatRises) {
  Findings findings;
  ProgressChecker checker(4, findings);
  checker.OnStep(kNode, kNow, kNow + 500, At(3, 1, 1));
  checker.OnStep(kNode, kNow, kNow + 500, At(4, 3, 2));
  EXPECT_THAT(Broken(findings), IsEmpty());
}

TEST(ProgressChecker, FindsAFallOfEachFigure) {
  for (const ReplicaStatus& lower : {At(4, 3, 2), At(5, 2, 2), At(5, 3, 1)}) {
    Findings findings;
    ProgressChecker checker(4, findings);
    checker.OnStep(kNode, kNow, kNow + 500, At(5, 3, 2));
    checker.OnStep(kNode, kNow, kNow + 500, lower);
    EXPECT_FALSE(Broken(findings).empty());
    EXPECT_EQ(Broken(findings).front(), "I7");
  }
}

TEST(ProgressChecker, FindsARestartThatForgot) {
  Findings findings;
  ProgressChecker checker(4, findings);
  checker.OnStart(kNode, {View(3), View(6), Height(2)}, At(6, 3, 2));
  EXPECT_THAT(Broken(findings), IsEmpty());
  checker.OnStart(kNode, {View(4), View(6), Height(2)}, At(6, 3, 2));
  checker.OnStart(kNode, {View(3), View(7), Height(2)}, At(6, 3, 2));
  checker.OnStart(kNode, {View(3), View(6), Height(3)}, At(6, 3, 2));
  EXPECT_THAT(Broken(findings), ElementsAre("I7", "I7", "I7"));
}

TEST(ProgressChecker, FindsAReplicaThatStaysInAFinalView) {
  Findings findings;
  ProgressChecker checker(4, findings);
  checker.OnStep(kNode, kNow, kNow + 500, At(3, 3, 2));
  EXPECT_THAT(Broken(findings), ElementsAre("I7"));
}

TEST(ProgressChecker, FindsTooLongASleepAndNone) {
  Findings findings;
  ProgressChecker checker(4, findings);
  checker.OnStep(kNode, kNow, kNow + 100'000, At(3, 1, 1));
  EXPECT_THAT(Broken(findings), ElementsAre("I10"));
  for (int i = 0; i < 20; ++i) checker.OnTick(kNode, kNow);
  EXPECT_THAT(Broken(findings), ElementsAre("I10"));
  checker.OnTick(kNode, kNow);
  EXPECT_THAT(Broken(findings), ElementsAre("I10", "I10"));
}

}  // namespace
}  // namespace beian::sim
