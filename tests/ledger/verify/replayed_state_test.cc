#include "ledger/verify/replayed_state.h"

#include <gtest/gtest.h>

#include "ledger/chain/transaction.h"
#include "ledger/crypto/hash.h"

namespace beian {
namespace {

MapKey Key(uint8_t first) {
  MapKey key;
  key.octets[0] = first;
  return key;
}

TransactionId Id(uint8_t first) {
  TransactionId id;
  id.octets[0] = first;
  return id;
}

TEST(ReplayedState, HoldsTheLastValueOfEveryRecordAndPage) {
  ReplayedState state;
  StateDelta first;
  first.records[Key(1)] = "old";
  first.pages["\x01"] = "page";
  first.log.Append(Sha256("leaf"));
  state.Apply(first, TimeMs(1));
  StateDelta second;
  second.records[Key(1)] = "new";
  second.log = first.log;
  state.Apply(second, TimeMs(2));
  EXPECT_EQ(state.Record(Key(1)), "new");
  EXPECT_EQ(state.Record(Key(2)), std::nullopt);
  EXPECT_EQ(state.Page("\x01"), "page");
  EXPECT_EQ(state.Page("\x02"), std::nullopt);
  EXPECT_EQ(state.Log().size(), 1u);
}

TEST(ReplayedState, RemembersATransactionForAsLongAsItCouldBeRepeated) {
  ReplayedState state;
  StateDelta delta;
  delta.transactions.insert(Id(1));
  state.Apply(delta, TimeMs(1'000));
  state.Apply({}, TimeMs(1'000 + kExpiryWindowMs));
  EXPECT_TRUE(state.HasTransaction(Id(1)));
  state.Apply({}, TimeMs(1'001 + kExpiryWindowMs));
  EXPECT_FALSE(state.HasTransaction(Id(1)));
}

TEST(ReplayedState, ListsRecordsInTheOrderOfTheirKeys) {
  ReplayedState state;
  StateDelta delta;
  for (const uint8_t first : {9, 3, 200, 1}) delta.records[Key(first)] = Bytes(1, 'r');
  state.Apply(delta, TimeMs(1));
  std::vector<uint8_t> order;
  state.ForEachRecord([&](const MapKey& key, BytesView record) {
    EXPECT_EQ(record, "r");
    order.push_back(key.octets[0]);
  });
  EXPECT_EQ(order, (std::vector<uint8_t>{1, 3, 9, 200}));
}

}  // namespace
}  // namespace beian
