#include "sim/chain.h"

#include <gtest/gtest.h>

#include "ledger/filing/province.h"

namespace beian::sim {
namespace {

TEST(MakeChain, GivesTheSameChainForTheSameSize) {
  EXPECT_EQ(MakeChain(4).genesis.chain_id, MakeChain(4).genesis.chain_id);
  EXPECT_NE(MakeChain(4).genesis.chain_id, MakeChain(5).genesis.chain_id);
  EXPECT_EQ(MakeChain(5).genesis.validators.size(), 5u);
  EXPECT_EQ(MakeChain(1).offices.size(), Provinces().size());
}

TEST(MakeTransaction, FollowsFromItsDraftAndNothingElse) {
  const Chain chain = MakeChain(1);
  TransactionDraft draft{ClientKey(3), 8, TimeMs(77), {}};
  draft.action.mutable_take_up()->set_filing_id(Bytes(32, 'f'));
  const auto transaction = MakeTransaction(chain.genesis.chain_id, draft);
  EXPECT_EQ(transaction->wire(), MakeTransaction(chain.genesis.chain_id, draft)->wire());
  EXPECT_EQ(transaction->signer(), ClientKey(3));
  EXPECT_EQ(transaction->expiry(), TimeMs(77));
  ++draft.nonce;
  EXPECT_NE(transaction->id(), MakeTransaction(chain.genesis.chain_id, draft)->id());
}

}  // namespace
}  // namespace beian::sim
