#include <algorithm>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(SignedTwice, PassesOnOneBodyWithAnotherSignature) {
  Stage stage;
  stage.transactions = {Stage::SomeTransaction(1), Stage::SomeTransaction(2)};
  const auto puppet = MakeSignedTwice();
  bool proposed = false;
  for (uint64_t i = 0; i < 20; ++i) {
    stage.EnterOwnView(i * 4);
    puppet->Act(stage.scene());
  }
  ASSERT_FALSE(stage.Only<TransactionBatch>().empty());
  const TransactionPtr again = stage.Only<TransactionBatch>().front().second.transactions.front();
  EXPECT_EQ(again->id(), stage.transactions.front()->id());
  EXPECT_NE(again->wire_id(), stage.transactions.front()->wire_id());
  for (const auto& [to, proposal] : stage.Only<Proposal>()) {
    EXPECT_EQ(TransactionRoot(proposal.wire_ids), proposal.header.tx_root);
    proposed = proposed || std::ranges::count(proposal.wire_ids, again->wire_id()) > 0;
  }
  EXPECT_TRUE(proposed);
}

}  // namespace
}  // namespace beian::sim
