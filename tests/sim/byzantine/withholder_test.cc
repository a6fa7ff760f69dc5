#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Withholder, ProposesWhatOnlySomeCanGet) {
  Stage stage;
  const auto puppet = MakeWithholder();
  size_t served = 0;
  for (uint64_t i = 0; i < 40; ++i) {
    stage.sent.clear();
    stage.EnterOwnView(i * 4);
    stage.transactions = {Stage::SomeTransaction(i)};
    puppet->Act(stage.scene());
    const auto proposals = stage.Only<Proposal>();
    if (proposals.empty()) continue;
    const BlockId id = proposals.front().second.header.id();
    for (const ValidatorIndex asker : stage.honest) {
      puppet->OnMessage(stage.scene(), asker, GetBody{id});
    }
    served += stage.Only<Body>().size();
  }
  EXPECT_GT(served, 0u);
  EXPECT_LT(served, 120u);
}

}  // namespace
}  // namespace beian::sim
