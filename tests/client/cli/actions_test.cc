#include "client/cli/actions.h"

#include <gtest/gtest.h>

#include "client/sdk/connection.h"
#include "tests/client/support/desk.h"
#include "tests/support/fixture.h"

namespace beian::client {
namespace {

std::vector<NamedAction> TakeUps(size_t count) {
  std::vector<NamedAction> actions;
  for (size_t i = 0; i < count; ++i) {
    FilingId id;
    id.octets[0] = static_cast<uint8_t>(i);
    id.octets[1] = static_cast<uint8_t>(i >> 8);
    actions.push_back({id.hex(), TakeUpAction(id)});
  }
  return actions;
}

TEST(SignActions, UsesAsFewTransactionsAsTheLimitsAllow) {
  const GenesisFixture chain = MakeGenesis(4);
  const auto sent = SignActions(chain.genesis.chain_id, TakeUps(kActionsMax + 1), chain.cac);
  ASSERT_TRUE(sent.has_value());
  ASSERT_EQ(sent->size(), 2u);
  EXPECT_EQ(sent->at(0).actions.size(), kActionsMax);
  EXPECT_TRUE(sent->at(1).transaction->VerifySignature());
  EXPECT_NE(sent->at(0).transaction->id(), sent->at(1).transaction->id());
}

TEST(SignActions, SplitsBySizeAndRefusesWhatNeverFits) {
  const GenesisFixture chain = MakeGenesis(4);
  std::vector<NamedAction> large;
  for (int i = 0; i < 3; ++i) {
    NamedAction action{"large", {}};
    action.action.mutable_refuse()->set_filing_id(Bytes(32, 'f'));
    action.action.mutable_refuse()->set_reason(std::string(30'000, 'r'));
    large.push_back(std::move(action));
  }
  EXPECT_EQ(SignActions(chain.genesis.chain_id, large, chain.cac)->size(), 2u);
  large[1].action.mutable_refuse()->set_reason(std::string(70'000, 'r'));
  EXPECT_EQ(SignActions(chain.genesis.chain_id, large, chain.cac).error().id,
            "transaction.too_large");
}

TEST(SignActions, LeavesRoomForAClockThatIsAhead) {
  const v1::TransactionBody body = NewBody();
  EXPECT_LT(body.expiry_ms(), NowMs() + kExpiryWindowMs - 60'000);
  EXPECT_EQ(body.nonce().size(), kNonceBytes);
  EXPECT_NE(body.nonce(), NewBody().nonce());
}

TEST(ResolveFilings, TakesIdsCodesAndLists) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string code = desk.Approve(filing);
  ConnectionFlags flags;
  flags.config = desk.path("beian.toml");
  Session session({flags, Format::kText, true, true}, *LoadConnection(flags));
  const std::string list = desk.folder().Write("list", code + "\n" + filing + "\n");
  const auto ids = ResolveFilings(session, {filing, code, "@" + list});
  ASSERT_TRUE(ids.has_value());
  ASSERT_EQ(ids->size(), 4u);
  for (const FilingId& id : *ids) EXPECT_EQ(id.hex(), filing);
  EXPECT_EQ(ResolveFilings(session, {"11010519864491550014"}).error().exit, Exit::kNotFound);
  EXPECT_EQ(ResolveFilings(session, {"x"}).error().exit, Exit::kUsage);
}

}  // namespace
}  // namespace beian::client
