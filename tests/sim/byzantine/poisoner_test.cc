#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Poisoner, AnswersWithBodiesThatWereNotAskedFor) {
  Stage stage;
  const auto puppet = MakePoisoner();
  for (int turn = 0; turn < 30; ++turn) puppet->Act(stage.scene());
  EXPECT_FALSE(stage.Only<Status>().empty()) << "so that it is asked";
  const BlockPtr block = stage.NotarizedOne();
  for (int i = 0; i < 30; ++i) {
    puppet->OnMessage(stage.scene(), ValidatorIndex(1), GetTransactions{block->id, {}});
    puppet->OnMessage(stage.scene(), ValidatorIndex(1), GetBlocks{Height(1), 1});
  }
  EXPECT_FALSE(stage.Only<Transactions>().empty());
  EXPECT_FALSE(stage.Only<Blocks>().empty());
}

}  // namespace
}  // namespace beian::sim
