#include "sim/report/story.h"

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::HasSubstr;

TEST(TellFailure, SaysAllThatIsNeededToLookIntoIt) {
  Options options = DrawOptions(7, 4);
  options.canary = Canary::kSendBeforeSync;
  const Outcome outcome = RunSeed(FourValidators(), {options});
  ASSERT_FALSE(outcome.findings.empty());
  const std::string story = TellFailure(FourValidators(), options, outcome.findings.front());
  EXPECT_THAT(story, HasSubstr("FAILED seed 7\n"));
  EXPECT_THAT(story, HasSubstr("I6: "));
  EXPECT_THAT(story, HasSubstr("options: seed=7 nodes=4"));
  EXPECT_THAT(story, HasSubstr("\n  | "));
  EXPECT_THAT(story, HasSubstr("node 0  node 1  node 2  node 3"));
  EXPECT_THAT(story, HasSubstr("send all: ")) << "the send that came too early is its last row";
  EXPECT_THAT(story, HasSubstr("replay: beian-sim run --nodes 4 --seeds 7:8 --canary "
                               "send_before_sync --trace"));
}

TEST(ReplayCommand, RunsTwiceWhatFailedTheSecondTime) {
  EXPECT_EQ(ReplayCommand(DrawOptions(7, 4), "I13"),
            "beian-sim run --nodes 4 --seeds 7:8 --check-determinism 1");
  EXPECT_EQ(ReplayCommand(DrawOptions(7, 4), "I1"), "beian-sim run --nodes 4 --seeds 7:8");
}

}  // namespace
}  // namespace beian::sim
