#include "node/replica/fetcher.h"

#include <gtest/gtest.h>

#include "tests/support/fixture.h"

namespace beian {
namespace {

Now At(uint64_t ms) { return {SteadyMs(ms), TimeMs(1'600'000'000'000 + ms)}; }

struct Wanted {
  GenesisFixture fixture = MakeGenesis(4);
  Mempool mempool{MempoolLimits{}};
  Fetcher fetcher{4, ValidatorIndex(0)};
  std::vector<TransactionPtr> transactions;
  Proposal proposal;
  std::vector<Send> sends;

  Wanted() {
    for (uint64_t i = 0; i < 3; ++i) {
      transactions.push_back(
          MakeSubmit(fixture.genesis, MakeClientKey(i), At(60'000).wall, i));
      proposal.wire_ids.push_back(transactions.back()->wire_id());
    }
    proposal.view = proposal.header.view = View(5);
    proposal.header.proposer = ValidatorIndex(2);
    proposal.header.tx_count = 3;
  }
  BlockPtr Want(uint64_t ms) { return fetcher.WantProposal(At(ms), proposal, mempool, sends); }
};

TEST(Fetcher, AProposalWhoseTransactionsAreHereIsCompleteAtOnce) {
  Wanted w;
  for (const auto& transaction : w.transactions) w.mempool.Add(transaction, true, At(0).wall);
  const BlockPtr block = w.Want(0);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(block->transactions, w.transactions);
  EXPECT_TRUE(w.sends.empty());
}

TEST(Fetcher, AsksTheLeaderForWhatIsMissingAfterALittlePatience) {
  Wanted w;
  w.mempool.Add(w.transactions[0], true, At(0).wall);
  EXPECT_EQ(w.Want(0), nullptr);
  EXPECT_TRUE(w.sends.empty());
  w.fetcher.Retry(At(kFetchPatienceMs), w.sends);
  ASSERT_EQ(w.sends.size(), 1u);
  EXPECT_EQ(w.sends[0].to, ValidatorIndex(2));
  EXPECT_EQ(std::get<GetTransactions>(w.sends[0].message).wire_ids.size(), 2u);
}

TEST(Fetcher, AsksOthersWhenTheLeaderIsSilentAndNeverItself) {
  Wanted w;
  w.Want(0);
  std::set<ValidatorIndex> asked;
  for (uint64_t ms = kFetchPatienceMs; ms < 10 * kFetchRetryMs; ms += kFetchRetryMs) {
    w.fetcher.Retry(At(ms), w.sends);
  }
  for (const Send& send : w.sends) asked.insert(*send.to);
  EXPECT_EQ(asked, (std::set{ValidatorIndex(1), ValidatorIndex(2), ValidatorIndex(3)}));
}

TEST(Fetcher, TransactionsCompleteAProposalInItsOrder) {
  Wanted w;
  w.Want(0);
  EXPECT_TRUE(w.fetcher.OnTransactions({w.transactions[2], w.transactions[0]}).empty());
  const auto complete = w.fetcher.OnTransactions({w.transactions[1]});
  ASSERT_EQ(complete.size(), 1u);
  EXPECT_EQ(complete[0]->transactions, w.transactions);
}

TEST(Fetcher, AProposalOfAViewThatIsOverIsDropped) {
  Wanted w;
  w.Want(0);
  w.fetcher.DropProposalsBelow(View(6));
  EXPECT_TRUE(w.fetcher.OnTransactions(w.transactions).empty());
  EXPECT_FALSE(w.fetcher.NextDeadline());
}

TEST(Fetcher, ABodyIsAskedFromItsHoldersFirst) {
  Wanted w;
  const BlockId id = w.proposal.header.id();
  w.fetcher.WantBody(At(0), id, View(4), {ValidatorIndex(3)}, w.sends);
  ASSERT_EQ(w.sends.size(), 1u);
  EXPECT_EQ(w.sends[0].to, ValidatorIndex(3));
  EXPECT_TRUE(w.fetcher.WantsBody(id));
  w.fetcher.OnBody(id);
  EXPECT_FALSE(w.fetcher.WantsBody(id));
}

TEST(Fetcher, ABodyIsNotAskedForWhenALaterBlockIsCommitted) {
  Wanted w;
  const BlockId id = w.proposal.header.id();
  w.fetcher.WantBody(At(0), id, View(4), {}, w.sends);
  w.fetcher.DropBodiesUpTo(View(3));
  EXPECT_TRUE(w.fetcher.WantsBody(id));
  w.fetcher.DropBodiesUpTo(View(4));
  EXPECT_FALSE(w.fetcher.WantsBody(id));
  EXPECT_EQ(w.fetcher.NextDeadline(), std::nullopt);
}

TEST(Fetcher, IsBounded) {
  Wanted w;
  for (uint64_t i = 0; i < 2 * kFetchesMax; ++i) {
    BlockId id;
    id.octets[0] = static_cast<uint8_t>(i);
    id.octets[1] = static_cast<uint8_t>(i >> 8);
    w.fetcher.WantBody(At(0), id, View(4), {}, w.sends);
  }
  EXPECT_EQ(w.sends.size(), kFetchesMax);
}

}  // namespace
}  // namespace beian
