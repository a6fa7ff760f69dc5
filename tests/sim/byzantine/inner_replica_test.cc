#include "sim/byzantine/inner_replica.h"

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(InnerReplica, SpeaksThroughItsOwnerAndKeepsWhatItVoted) {
  Stage stage;
  InnerReplica replica(stage.scene());
  std::vector<Message> said;
  const auto say = [&](ValidatorIndex, const Message& message) { said.push_back(message); };
  stage.wall = Root().time + 1'000;
  for (int turn = 0; turn < 40; ++turn) {
    replica.Tick(stage.scene(), say);
    stage.wall = stage.wall + 50;
  }
  EXPECT_FALSE(said.empty());
  EXPECT_TRUE(stage.sent.empty()) << "nothing passes its owner by";
  size_t votes = 0;
  for (const Message& message : said) votes += OwnVotesIn(message, Stage::kSelf).size();
  EXPECT_GT(votes, 0u) << "a new chain wants a block";
}

TEST(InnerReplica, WithoutItsLogItVotesAgainInTheSameView) {
  Stage stage;
  InnerReplica replica(stage.scene());
  std::vector<Statement> made;
  const auto say = [&](ValidatorIndex to, const Message& message) {
    if (to != ValidatorIndex(0)) return;
    for (const Statement& one : OwnVotesIn(message, Stage::kSelf)) made.push_back(one);
  };
  const auto live = [&] {
    for (int turn = 0; turn < 60; ++turn) {
      replica.Tick(stage.scene(), say);
      stage.wall = stage.wall + 50;
    }
  };
  live();
  ASSERT_FALSE(made.empty());
  const Statement first = made.front();
  made.clear();
  replica.Forget(stage.scene(), say);
  EXPECT_FALSE(replica.status().muted) << "it knows nothing of re-entry";
  live();
  ASSERT_FALSE(made.empty());
  EXPECT_EQ(made.front().view, first.view);
}

}  // namespace
}  // namespace beian::sim
