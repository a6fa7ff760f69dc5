#include "sim/checkers/register.h"

#include "sim/chain.h"
#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const FilingId kFiling{{1}};

TransactionPtr Approval(uint64_t nonce, const FilingId& filing) {
  v1::Action action;
  action.mutable_approve()->set_filing_id(Bytes(filing.view()));
  return MakeTransaction(FourValidators().genesis.chain_id,
                         {FourValidators().cac, nonce, TimeMs(1), action});
}

/// A block in which every transaction issues the code with that sequence.
CommitBlock Issue(std::vector<TransactionPtr> transactions, uint32_t sequence) {
  auto execution = std::make_shared<Execution>();
  for (size_t i = 0; i < transactions.size(); ++i) {
    const auto code = RegistrationCode::Make("110105", 2019, 12'345'678, sequence);
    execution->results.push_back({{{FilingReject::kAccepted, code}}});
  }
  return {Block::Make(Child(Root(), 1), std::move(transactions)), execution, {}};
}

TEST(RegisterChecker, FindsATransactionThatStandsInTheChainTwice) {
  Findings findings;
  RegisterChecker checker(findings);
  const auto approval = Approval(1, kFiling);
  checker.OnFirstCommit(Issue({approval}, 1));
  EXPECT_THAT(Broken(findings), IsEmpty());
  checker.OnFirstCommit(Issue({approval}, 2));
  EXPECT_THAT(Broken(findings), Contains("durability"));
}

TEST(RegisterChecker, FindsACodeOfTwoFilingsAndAFilingOfTwoCodes) {
  Findings findings;
  RegisterChecker checker(findings);
  checker.OnFirstCommit(Issue({Approval(1, kFiling)}, 1));
  checker.OnFirstCommit(Issue({Approval(2, FilingId{{2}})}, 1));
  EXPECT_THAT(Broken(findings), ElementsAre("codes"));
  checker.OnFirstCommit(Issue({Approval(3, kFiling)}, 3));
  EXPECT_THAT(Broken(findings), ElementsAre("codes", "codes"));
}

TEST(RegisterChecker, FindsATransactionThatHadExpiredForItsClient) {
  Findings findings;
  RegisterChecker checker(findings);
  const auto approval = Approval(1, kFiling);
  checker.OnDeclaredExpired(approval->id());
  checker.OnFirstCommit(Issue({approval}, 1));
  EXPECT_THAT(Broken(findings), ElementsAre("durability"));
}

TEST(RegisterChecker, FindsAStoreThatLostWhatWasAcknowledged) {
  Findings findings;
  RegisterChecker checker(findings);
  const MemoryStore store(FourValidators().genesis);
  checker.CheckStore("a", store, Root());
  EXPECT_THAT(Broken(findings), IsEmpty());
  checker.OnAcknowledged(Approval(1, kFiling)->id());
  checker.CheckStore("a", store, Root());
  EXPECT_THAT(Broken(findings), ElementsAre("durability"));
}

TEST(RegisterChecker, FindsAStoreWithoutTheCodeAndOneAtAnotherBlock) {
  Findings findings;
  RegisterChecker checker(findings);
  const MemoryStore store(FourValidators().genesis);
  checker.OnFirstCommit(Issue({Approval(1, kFiling)}, 1));
  checker.CheckStore("a", store, Child(Root(), 1));
  EXPECT_THAT(Broken(findings), ElementsAre("state", "codes"));
}

}  // namespace
}  // namespace beian::sim
