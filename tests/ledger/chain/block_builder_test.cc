#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "ledger/chain/execute.h"
#include "ledger/crypto/hash.h"
#include "tests/support/test_chain.h"

namespace beian {
namespace {

using Added = BlockBuilder::Added;

class Building : public testing::Test {
 protected:
  BlockBuilder Builder() const {
    return BlockBuilder(chain_.genesis(), chain_.state(), chain_.NextTime(), NextHeight());
  }
  Height NextHeight() const { return chain_.tip().height.Next(); }
  TransactionPtr SubmitUntil(TimeMs expiry, uint64_t salt) const {
    return MakeSubmit(chain_.genesis(), MakeClientKey(salt), expiry, salt);
  }
  /// Of `count` actions on filings that do not exist.
  TransactionPtr Failing(uint64_t salt, size_t count = 1) const {
    const FilingId filing = DigestCast<FilingId>(Sha256(std::to_string(salt)));
    return chain_.Sign(std::vector<v1::Action>(count, TakeUpAction(filing)),
                       chain_.fixture().office("11"));
  }
  /// What Execute says of the transactions that the builder took, and that it is the same.
  void ExpectExecuteAgrees(BlockBuilder& builder) const {
    const auto transactions = builder.transactions();
    const auto built = builder.Finish();
    const auto executed =
        Execute(chain_.genesis(), chain_.state(), chain_.NextTime(), NextHeight(), transactions);
    ASSERT_TRUE(built.has_value());
    ASSERT_TRUE(executed.has_value());
    EXPECT_EQ(built->results, executed->results);
    EXPECT_EQ(built->leaf_hashes, executed->leaf_hashes);
    EXPECT_EQ(built->delta.records, executed->delta.records);
    EXPECT_EQ(built->delta.pages, executed->delta.pages);
    EXPECT_EQ(built->delta.transactions, executed->delta.transactions);
    EXPECT_EQ(built->delta.log, executed->delta.log);
    EXPECT_EQ(built->tx_root, executed->tx_root);
    EXPECT_EQ(built->tx_count, executed->tx_count);
    EXPECT_EQ(built->log_root, executed->log_root);
    EXPECT_EQ(built->map_root, executed->map_root);
  }

  TestChain chain_;
};

TEST_F(Building, LeavesOutWhatWouldMakeTheBlockInvalid) {
  const TransactionPtr old = chain_.Submit(1);
  chain_.Extend({old});
  const TimeMs time = chain_.NextTime();
  BlockBuilder builder = Builder();
  const TransactionPtr good = chain_.Submit(2);
  EXPECT_EQ(builder.Add(good), Added::kYes);
  EXPECT_EQ(builder.Add(good), Added::kDuplicate);
  EXPECT_EQ(builder.Add(old), Added::kDuplicate);
  EXPECT_EQ(builder.Add(SubmitUntil(time.Previous(), 3)), Added::kExpired);
  EXPECT_EQ(builder.Add(SubmitUntil(time + kExpiryWindowMs + 1, 4)), Added::kNotYetValid);
  EXPECT_EQ(builder.Add(SubmitUntil(time, 5)), Added::kYes);
  EXPECT_EQ(builder.Add(SubmitUntil(time + kExpiryWindowMs, 6)), Added::kYes);
  EXPECT_EQ(builder.transactions().size(), 3u);
  ExpectExecuteAgrees(builder);
}

TEST_F(Building, LeavesNoTraceOfATransactionWhoseEveryActionFails) {
  BlockBuilder with = Builder();
  BlockBuilder without = Builder();
  EXPECT_EQ(with.Add(Failing(1)), Added::kAllActionsFail);
  EXPECT_EQ(with.Add(chain_.Submit(1)), Added::kYes);
  EXPECT_EQ(with.Add(Failing(2, 3)), Added::kAllActionsFail);
  ASSERT_EQ(with.refused().actions.size(), 3u);
  EXPECT_EQ(with.refused().actions[2].reject, FilingReject::kUnknownFiling);
  EXPECT_EQ(with.Add(Failing(1)), Added::kAllActionsFail);  // not a duplicate: it is not in
  EXPECT_EQ(without.Add(chain_.Submit(1)), Added::kYes);
  ASSERT_EQ(with.transactions().size(), 1u);
  const auto a = with.Finish();
  const auto b = without.Finish();
  ASSERT_TRUE(a.has_value());
  ASSERT_TRUE(b.has_value());
  EXPECT_EQ(a->map_root, b->map_root);
  EXPECT_EQ(a->delta.records, b->delta.records);
  EXPECT_EQ(a->delta.log.size(), 1u);
}

TEST_F(Building, KeepsATransactionOfWhichOneActionIsAccepted) {
  const TransactionPtr submit = chain_.Submit(1);
  chain_.Extend({submit});
  const FilingId filing = TestChain::FilingOf(submit);
  const TransactionPtr mixed =
      chain_.Sign({TakeUpAction(filing), TakeUpAction(filing)}, chain_.fixture().office("11"));
  BlockBuilder builder = Builder();
  EXPECT_EQ(builder.Add(mixed), Added::kYes);
  EXPECT_EQ(builder.Add(chain_.Sign({TakeUpAction(filing)}, chain_.fixture().office("11"))),
            Added::kAllActionsFail);
  const auto execution = builder.Finish();
  ASSERT_TRUE(execution.has_value());
  EXPECT_EQ(execution->results[0].actions[0].reject, FilingReject::kAccepted);
  EXPECT_EQ(execution->results[0].actions[1].reject, FilingReject::kWrongState);
}

TEST_F(Building, IsFullAtAMillionOctetsAndStillTakesASmallerOne) {
  BlockBuilder builder = Builder();
  uint64_t salt = 0;
  size_t cost = 0;
  const auto add = [&](size_t actions) {
    std::vector<v1::Action> submits(actions);
    for (v1::Action& action : submits) {
      *action.mutable_submit()->mutable_filing() = ValidFiling(++salt);
    }
    const TransactionPtr transaction = chain_.Sign(std::move(submits), MakeClientKey(1));
    const Added added = builder.Add(transaction);
    if (added == Added::kYes) cost += transaction->cost();
    return added;
  };
  while (cost < 960'000) ASSERT_EQ(add(100), Added::kYes);
  EXPECT_EQ(add(100), Added::kBlockFull);
  EXPECT_EQ(add(1), Added::kYes);
  EXPECT_LE(cost, kBlockBytesMax);
  ExpectExecuteAgrees(builder);
}

TEST_F(Building, IsFullAt4000Records) {
  std::vector<TransactionPtr> submits;
  for (uint64_t i = 0; i < 1'400; ++i) submits.push_back(chain_.Submit(i));
  chain_.Extend(submits);
  BlockBuilder builder = Builder();
  const auto take_up = [&](size_t begin, size_t end) {
    std::vector<v1::Action> actions;
    for (size_t i = begin; i < end; ++i) {
      actions.push_back(TakeUpAction(TestChain::FilingOf(submits[i])));
    }
    return builder.Add(chain_.Sign(std::move(actions), chain_.fixture().office("11")));
  };
  for (size_t i = 0; i < 1'200; i += 200) ASSERT_EQ(take_up(i, i + 200), Added::kYes);
  EXPECT_EQ(take_up(1'200, 1'400), Added::kBlockFull);  // 600 more would be 4,200
  EXPECT_EQ(take_up(1'200, 1'333), Added::kYes);        // 399 more are 3,999
  EXPECT_EQ(take_up(1'333, 1'334), Added::kBlockFull);
  ExpectExecuteAgrees(builder);
}

TEST_F(Building, AgreesWithExecuteOnRandomTransactions) {
  std::mt19937 random(20190215);
  std::vector<FilingId> filings;
  std::vector<TransactionPtr> pool;
  uint64_t salt = 0;
  size_t added = 0;
  size_t left_out = 0;
  for (int block = 0; block < 30; ++block) {
    BlockBuilder builder = Builder();
    for (int i = 0; i < 20; ++i) {
      const auto any_filing = [&] {
        return filings.empty() ? FilingId() : filings[random() % filings.size()];
      };
      const uint32_t choice = random() % 8;
      if (choice < 3 || pool.empty()) {
        pool.push_back(chain_.Submit(++salt));
        filings.push_back(TestChain::FilingOf(pool.back()));
      } else if (choice == 3) {
        pool.push_back(chain_.Sign({ApproveAction(any_filing()), ForwardAction(any_filing())},
                                   chain_.fixture().cac));
      } else if (choice == 4) {
        pool.push_back(SubmitUntil(chain_.NextTime() + random() % 700'000, ++salt));
      } else if (choice < 7) {
        pool.push_back(chain_.Sign({TakeUpAction(any_filing()), ForwardAction(any_filing())},
                                   chain_.fixture().office("11")));
      }
      const TransactionPtr& tried = choice == 7 ? pool[random() % pool.size()] : pool.back();
      ++(builder.Add(tried) == Added::kYes ? added : left_out);
    }
    const auto transactions = builder.transactions();
    ExpectExecuteAgrees(builder);
    chain_.Extend(transactions);
  }
  EXPECT_GT(added, 200u);
  EXPECT_GT(left_out, 50u);
}

}  // namespace
}  // namespace beian
