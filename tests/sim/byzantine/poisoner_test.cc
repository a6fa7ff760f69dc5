#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Poisoner, AnswersWithBlocksThatWereNotAskedForAndProofsThatDoNotFit) {
  Stage stage;
  const auto puppet = MakePoisoner();
  for (int turn = 0; turn < 30; ++turn) puppet->Act(stage.scene());
  bool far_ahead = false;   // so that it is asked
  for (const auto& [to, status] : stage.Only<Status>()) {
    far_ahead = far_ahead || status.committed > Height(kBlocksPerReply);
  }
  EXPECT_TRUE(far_ahead);
  const BlockPtr one = stage.NotarizedOne();
  const auto state = stage.book.After(Root().id());
  const auto execution = Execute(FourValidators().genesis, *state->view, one->header.time,
                                 one->header.height, one->transactions);
  stage.book.OnFirstCommit({one, std::make_shared<Execution>(*execution), {}});
  stage.Certify(Finalize(1, 0, one->id));
  stage.transactions = {Stage::SomeTransaction(1)};
  const BlockId other{{9}};
  for (int i = 0; i < 30; ++i) {
    puppet->OnMessage(stage.scene(), ValidatorIndex(1), GetBody{other});
    puppet->OnMessage(stage.scene(), ValidatorIndex(1), GetBlocks{Height(1), 1});
  }
  ASSERT_FALSE(stage.Only<Body>().empty());
  EXPECT_NE(stage.Only<Body>().front().second.block->id, other);
  bool poisoned = false;   // a good header over other transactions, or a proof too long
  for (const auto& [to, reply] : stage.Only<Blocks>()) {
    for (const BlockPtr& block : reply.blocks) {
      poisoned = poisoned || block->transactions.size() != block->header.tx_count;
    }
    poisoned = poisoned || (reply.proof && !reply.proof->descendants.empty());
  }
  EXPECT_TRUE(poisoned);
}

}  // namespace
}  // namespace beian::sim
