#include "ledger/chain/execute.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "ledger/crypto/hash.h"
#include "tests/support/test_chain.h"

namespace beian {
namespace {

class ExecutionTest : public testing::Test {
 protected:
  std::expected<Execution, BlockReject> Run(const std::vector<TransactionPtr>& transactions) const {
    return Execute(chain_.genesis(), chain_.state(), chain_.NextTime(), chain_.tip().height.Next(),
                   transactions);
  }
  /// The reject of a block of these transactions, or nothing when it is good.
  std::optional<BlockReject> RejectOf(const std::vector<TransactionPtr>& transactions) const {
    const auto execution = Run(transactions);
    return execution ? std::nullopt : std::optional(execution.error());
  }
  TransactionPtr SubmitUntil(TimeMs expiry, uint64_t salt = 1) const {
    return MakeSubmit(chain_.genesis(), MakeClientKey(salt), expiry, salt);
  }
  /// Rejected whatever the state: a take-up of no filing, with `padding` more octets.
  TransactionPtr Failing(uint64_t salt, size_t padding = 0) const {
    v1::Action action;
    action.mutable_refuse()->set_filing_id(Bytes(Sha256(std::to_string(salt)).view()));
    action.mutable_refuse()->set_reason(Bytes(padding, 'x'));
    return chain_.Sign({action}, signer_);
  }

  TestChain chain_;
  const PrivateKey signer_ = PrivateKey::FromSeed(KeyScheme::kEd25519, "signer");
};
using Executing = ExecutionTest;

TEST_F(Executing, RecordsResultsInTheLogAndTheMap) {
  const std::vector<TransactionPtr> transactions = {chain_.Submit(1), Failing(1), chain_.Submit(2)};
  const auto execution = Run(transactions);
  ASSERT_TRUE(execution.has_value());
  ASSERT_EQ(execution->results.size(), 3u);
  const TransactionResult accepted{{{FilingReject::kAccepted, std::nullopt}}};
  EXPECT_EQ(execution->results[0], accepted);
  EXPECT_FALSE(execution->results[1].AnyAccepted());

  std::vector<Sha256Digest> leaf_hashes;
  for (size_t i = 0; i < 3; ++i) {
    leaf_hashes.push_back(LogLeafHash(EncodeLogEntry(*transactions[i], execution->results[i])));
  }
  EXPECT_EQ(execution->leaf_hashes, leaf_hashes);
  EXPECT_EQ(execution->log_root, LogRootOf(leaf_hashes));
  EXPECT_EQ(execution->delta.log.size(), 3u);
  EXPECT_EQ(execution->tx_count, 3u);
  EXPECT_EQ(execution->tx_root, TransactionRoot(WireIdsOf(transactions)));
  const std::set ids = {transactions[0]->id(), transactions[1]->id(), transactions[2]->id()};
  EXPECT_EQ(execution->delta.transactions, ids);
  EXPECT_EQ(execution->delta.records.size(), 2u);

  MemoryState after = chain_.state();
  after.Apply(execution->delta);
  EXPECT_EQ(MapRootOf(after), execution->map_root);
  const MapKey key = FilingKey(TestChain::FilingOf(transactions[2]));
  const auto lookup = ProveMapKey(after, key);
  ASSERT_TRUE(lookup.has_value());
  const auto record = after.Record(key);
  ASSERT_TRUE(record.has_value());
  EXPECT_TRUE(VerifyMapPresence(lookup->proof, key, Sha256(*record), execution->map_root));
  EXPECT_EQ(FilingRecord::Decode(*record)->changed, chain_.NextTime());
  EXPECT_EQ(FilingRecord::Decode(*record)->changed_height, Height(1));
}

TEST_F(Executing, KeepsTheMapWhenNothingIsAccepted) {
  chain_.Extend({chain_.Submit(1)});
  const auto empty = Run({});
  ASSERT_TRUE(empty.has_value());
  EXPECT_EQ(empty->map_root, chain_.tip().map_root);
  EXPECT_EQ(empty->log_root, chain_.tip().log_root);
  EXPECT_FALSE(empty->map_root.IsZero());
  const auto failed = Run({Failing(1)});
  ASSERT_TRUE(failed.has_value());
  EXPECT_EQ(failed->map_root, chain_.tip().map_root);
  EXPECT_NE(failed->log_root, chain_.tip().log_root);
  EXPECT_EQ(failed->delta.log.size(), 2u);
}

TEST_F(Executing, GivesTheSameOnAnOverlayAndOnTheAppliedState) {
  const auto first = Run({chain_.Submit(1), chain_.Submit(2)});
  ASSERT_TRUE(first.has_value());
  const StateOverlay overlay(&chain_.state(), &first->delta);
  MemoryState applied = chain_.state();
  applied.Apply(first->delta);
  const std::vector<TransactionPtr> transactions = {chain_.Submit(3)};
  const auto on = [&](const StateView& state) {
    return Execute(chain_.genesis(), state, chain_.NextTime() + 1, Height(2), transactions);
  };
  ASSERT_TRUE(on(overlay).has_value());
  EXPECT_EQ(on(overlay)->map_root, on(applied)->map_root);
  EXPECT_EQ(on(overlay)->log_root, on(applied)->log_root);
  EXPECT_EQ(on(overlay)->delta.pages, on(applied)->delta.pages);
}

TEST_F(Executing, LetsLaterActionsSeeEarlierOnes) {
  const TransactionPtr submit = chain_.Submit(1);
  const FilingId filing = TestChain::FilingOf(submit);
  const TransactionPtr review =
      chain_.Sign({TakeUpAction(filing), ForwardAction(filing)}, chain_.fixture().office("11"));
  const TransactionPtr approve = chain_.Sign({ApproveAction(filing)}, chain_.fixture().cac);
  const auto execution = Run({submit, review, approve});
  ASSERT_TRUE(execution.has_value());
  for (const TransactionResult& result : execution->results) {
    for (const ActionResult& action : result.actions) {
      EXPECT_EQ(FilingRejectId(action.reject), FilingRejectId(FilingReject::kAccepted));
    }
  }
  ASSERT_TRUE(execution->results[2].actions[0].code.has_value());
  EXPECT_TRUE(execution->delta.records.contains(CodeKey(*execution->results[2].actions[0].code)));
  // In the other order the review finds no filing, and the block is still good.
  const auto reversed = Run({review, submit});
  ASSERT_TRUE(reversed.has_value());
  EXPECT_FALSE(reversed->results[0].AnyAccepted());
}

TEST_F(Executing, MakesAFilingOfItsOwnForEachAction) {
  std::vector<v1::Action> actions(3);
  for (size_t i = 0; i < 3; ++i) *actions[i].mutable_submit()->mutable_filing() = ValidFiling(i);
  const TransactionPtr transaction = chain_.Sign(actions, MakeClientKey(1));
  const auto execution = Run({transaction});
  ASSERT_TRUE(execution.has_value());
  EXPECT_EQ(execution->results[0].actions.size(), 3u);
  EXPECT_EQ(execution->delta.records.size(), 3u);
  for (uint16_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(execution->delta.records.contains(FilingKey(MakeFilingId(transaction->id(), i))));
  }
}

TEST_F(Executing, JudgesExpiryAtTheExactBorders) {
  const TimeMs time = chain_.NextTime();
  EXPECT_EQ(RejectOf({SubmitUntil(time)}), std::nullopt);
  EXPECT_EQ(RejectOf({SubmitUntil(time.Previous())}), BlockReject::kExpired);
  EXPECT_EQ(RejectOf({SubmitUntil(time + kExpiryWindowMs)}), std::nullopt);
  EXPECT_EQ(RejectOf({SubmitUntil(time + kExpiryWindowMs + 1)}), BlockReject::kExpiryTooFar);
  EXPECT_EQ(RejectOf({SubmitUntil(TimeMs(~uint64_t{0}))}), BlockReject::kExpiryTooFar);
  EXPECT_EQ(RejectOf({SubmitUntil(TimeMs(1))}), BlockReject::kExpired);
}

TEST_F(Executing, RefusesDuplicatesInTheBlockAndInAncestors) {
  const TransactionPtr transaction = SubmitUntil(chain_.NextTime() + 60'000);
  const TransactionPtr variant = SubmitUntil(chain_.NextTime() + 60'000);
  ASSERT_NE(transaction->wire_id(), variant->wire_id());
  EXPECT_EQ(RejectOf({transaction, transaction}), BlockReject::kDuplicate);
  EXPECT_EQ(RejectOf({transaction, variant}), BlockReject::kDuplicate);
  chain_.Extend({transaction});
  chain_.Extend({});
  EXPECT_EQ(RejectOf({transaction}), BlockReject::kDuplicate);
  EXPECT_EQ(RejectOf({variant}), BlockReject::kDuplicate);
  EXPECT_EQ(RejectOf({chain_.Submit(2)}), std::nullopt);
}

TEST_F(Executing, HoldsAtMost2000Transactions) {
  std::vector<TransactionPtr> transactions;
  for (uint64_t i = 0; i < kBlockTransactionsMax; ++i) transactions.push_back(Failing(i));
  EXPECT_EQ(RejectOf(transactions), std::nullopt);
  transactions.push_back(Failing(kBlockTransactionsMax));
  EXPECT_EQ(RejectOf(transactions), BlockReject::kTooManyTransactions);
}

TEST_F(Executing, HoldsAtMostAMillionOctetsOfCost) {
  std::vector<TransactionPtr> transactions;
  size_t cost = 0;
  for (uint64_t i = 0; i < 20; ++i) {
    transactions.push_back(Failing(i, 49'000));
    cost += transactions.back()->cost();
  }
  ASSERT_LT(cost, kBlockBytesMax);
  const size_t rest = kBlockBytesMax - cost;
  const size_t overhead = Failing(99, 10'000)->cost() - 10'000;
  transactions.push_back(Failing(99, rest - overhead));
  EXPECT_EQ(cost + transactions.back()->cost(), kBlockBytesMax);
  EXPECT_EQ(RejectOf(transactions), std::nullopt);
  transactions.back() = Failing(99, rest - overhead + 1);
  EXPECT_EQ(RejectOf(transactions), BlockReject::kTooManyBytes);
}

/// The transactions that apply `action` to each of `filings`, signed by `key`.
std::vector<TransactionPtr> ForEach(const TestChain& chain, const std::vector<FilingId>& filings,
                                    v1::Action (*action)(const FilingId&), const PrivateKey& key) {
  std::vector<TransactionPtr> transactions;
  std::vector<v1::Action> actions;
  for (size_t i = 0; i < filings.size(); ++i) {
    actions.push_back(action(filings[i]));
    if (actions.size() < kActionsMax && i + 1 < filings.size()) continue;
    transactions.push_back(chain.Sign(std::move(actions), key));
    actions.clear();
  }
  return transactions;
}

/// Extends `chain` by `count` submissions.
std::vector<FilingId> SubmitMany(TestChain& chain, size_t count) {
  std::vector<TransactionPtr> transactions;
  std::vector<FilingId> filings;
  for (size_t i = 0; i < count; ++i) {
    transactions.push_back(chain.Submit(i));
    filings.push_back(TestChain::FilingOf(transactions.back()));
  }
  chain.Extend(transactions);
  return filings;
}

TEST_F(Executing, PutsAtMost4000Records) {
  // A take-up puts the filing, the subject and the key.
  std::vector<FilingId> filings = SubmitMany(chain_, 1'334);
  const PrivateKey& office = chain_.fixture().office("11");
  EXPECT_EQ(RejectOf(ForEach(chain_, filings, TakeUpAction, office)), BlockReject::kTooManyUpdates);
  filings.pop_back();
  const auto execution = Run(ForEach(chain_, filings, TakeUpAction, office));
  ASSERT_TRUE(execution.has_value());
  EXPECT_EQ(execution->delta.records.size(), 3'999u);
}

TEST_F(Executing, CountsARecordOnceHoweverOftenABlockPutsIt) {
  const std::vector<FilingId> filings = SubmitMany(chain_, 1'300);
  const PrivateKey& office = chain_.fixture().office("11");
  std::vector<TransactionPtr> transactions = ForEach(chain_, filings, TakeUpAction, office);
  for (const TransactionPtr& forward : ForEach(chain_, filings, ForwardAction, office)) {
    transactions.push_back(forward);
  }
  const auto execution = Run(transactions);
  ASSERT_TRUE(execution.has_value());
  EXPECT_TRUE(execution->results.back().AnyAccepted());
  EXPECT_EQ(execution->delta.records.size(), 3'900u);
}

TEST_F(Executing, PublishesASetOf1000) {
  const std::vector<FilingId> filings = SubmitMany(chain_, kSetCodesMax);
  const PrivateKey& office = chain_.fixture().office("11");
  chain_.Extend(ForEach(chain_, filings, TakeUpAction, office));
  chain_.Extend(ForEach(chain_, filings, ForwardAction, office));
  chain_.Extend(ForEach(chain_, filings, ApproveAction, chain_.fixture().cac));
  v1::Action publish;
  publish.mutable_publish_set()->set_number(1);
  publish.mutable_publish_set()->set_published_on("2019-02-15");
  for (const TransactionResult& result : chain_.last().results) {
    for (const ActionResult& action : result.actions) {
      ASSERT_TRUE(action.code.has_value());
      publish.mutable_publish_set()->add_codes(std::string(action.code->characters()));
    }
  }
  chain_.Extend({chain_.Sign({publish}, chain_.fixture().cac)});
  EXPECT_TRUE(chain_.last().results[0].AnyAccepted());
  EXPECT_EQ(chain_.last().delta.records.size(), 2'002u);
}

/// A page reader that gives octets that are no page.
class DamagedState : public MemoryState {
 public:
  std::optional<Bytes> Page(const PagePath&) const override { return "not a page"; }
};

TEST_F(Executing, SaysThatTheStoreIsDamaged) {
  const std::vector<TransactionPtr> transactions = {chain_.Submit(1)};
  const auto execution =
      Execute(chain_.genesis(), DamagedState(), chain_.NextTime(), Height(1), transactions);
  ASSERT_FALSE(execution.has_value());
  EXPECT_EQ(execution.error(), BlockReject::kDamagedState);
}

using CheckingBlocks = ExecutionTest;

/// `block` with a changed header.
Block With(const BlockPtr& block, const std::function<void(Header&)>& change) {
  Header header = block->header;
  change(header);
  return *Block::Make(header, block->transactions);
}

TEST_F(CheckingBlocks, AcceptsAGoodBlock) {
  const BlockPtr block = chain_.Make({chain_.Submit(1), Failing(1)});
  const auto execution =
      ExecuteBlock(chain_.genesis(), chain_.tip(), chain_.state(), *block, ValidatorIndex(0));
  ASSERT_TRUE(execution.has_value());
  EXPECT_EQ(execution->map_root, block->header.map_root);
  EXPECT_EQ(execution->results.size(), 2u);
}

TEST_F(CheckingBlocks, NamesTheFaultOfEveryField) {
  chain_.Extend({chain_.Submit(9)});
  const BlockPtr block = chain_.Make({chain_.Submit(1), chain_.Submit(2)});
  const auto reject_of = [&](const std::function<void(Header&)>& change) {
    const auto execution = ExecuteBlock(chain_.genesis(), chain_.tip(), chain_.state(),
                                        With(block, change), ValidatorIndex(0));
    return execution ? "" : BlockRejectId(execution.error());
  };
  EXPECT_EQ(reject_of([](Header&) {}), "");
  EXPECT_EQ(reject_of([](Header& h) { h.chain_id.octets[0] ^= 1; }), "block.bad_parent");
  EXPECT_EQ(reject_of([](Header& h) { h.epoch = h.epoch.Next(); }), "block.bad_parent");
  EXPECT_EQ(reject_of([](Header& h) { h.parent.octets[0] ^= 1; }), "block.bad_parent");
  EXPECT_EQ(reject_of([](Header& h) { h.height = h.height.Next(); }), "block.bad_height");
  EXPECT_EQ(reject_of([](Header& h) { h.height = h.height.Previous(); }), "block.bad_height");
  EXPECT_EQ(reject_of([](Header& h) { ++h.protocol_version; }), "block.bad_version");
  EXPECT_EQ(reject_of([](Header& h) { h.tx_root.octets[0] ^= 1; }), "block.bad_transaction_root");
  EXPECT_EQ(reject_of([](Header& h) { ++h.tx_count; }), "block.bad_transaction_root");
  EXPECT_EQ(reject_of([](Header& h) { ++h.log_size; }), "block.bad_log_root");
  EXPECT_EQ(reject_of([](Header& h) { h.log_root.octets[0] ^= 1; }), "block.bad_log_root");
  EXPECT_EQ(reject_of([](Header& h) { h.map_root.octets[0] ^= 1; }), "block.bad_map_root");
  EXPECT_EQ(reject_of([](Header& h) { h.proposer = ValidatorIndex(1); }), "block.bad_proposer");
  EXPECT_EQ(reject_of([](Header& h) { h.next_set_hash.octets[0] ^= 1; }), "block.bad_next_set");
  // Records hold the time of their block, so another time is another map.
  EXPECT_EQ(reject_of([](Header& h) { h.time = h.time.Next(); }), "block.bad_map_root");
}

TEST_F(CheckingBlocks, NamesAForeignLeader) {
  const BlockPtr block = chain_.Make({chain_.Submit(1)});
  const auto execution =
      ExecuteBlock(chain_.genesis(), chain_.tip(), chain_.state(), *block, ValidatorIndex(1));
  ASSERT_FALSE(execution.has_value());
  EXPECT_EQ(execution.error(), BlockReject::kBadProposer);
}

TEST_F(CheckingBlocks, WantsTimeToPass) {
  const auto is_time_good = [&](const BlockPtr& block, TimeMs time) {
    const auto execution =
        ExecuteBlock(chain_.genesis(), chain_.tip(), chain_.state(),
                     With(block, [&](Header& h) { h.time = time; }), ValidatorIndex(0));
    return execution || execution.error() != BlockReject::kBadTime;
  };
  const TimeMs parent = chain_.tip().time;
  const BlockPtr full = chain_.Make({chain_.Submit(1)});
  EXPECT_FALSE(is_time_good(full, parent.Previous()));
  EXPECT_FALSE(is_time_good(full, parent));
  EXPECT_TRUE(is_time_good(full, parent.Next()));
  const BlockPtr empty = chain_.Make({});
  EXPECT_FALSE(is_time_good(empty, parent));
  EXPECT_FALSE(is_time_good(empty, parent.Next()));
  EXPECT_FALSE(is_time_good(empty, parent + 999));
  EXPECT_TRUE(is_time_good(empty, parent + 1'000));
}

TEST_F(CheckingBlocks, NoticesOtherTransactionsThanTheHeaders) {
  const BlockPtr block = chain_.Make({chain_.Submit(1)});
  const Block other = *Block::Make(block->header, {chain_.Submit(2)});
  const auto execution =
      ExecuteBlock(chain_.genesis(), chain_.tip(), chain_.state(), other, ValidatorIndex(0));
  ASSERT_FALSE(execution.has_value());
  EXPECT_EQ(execution.error(), BlockReject::kBadTransactionRoot);
}

TEST(BlockReject, GivesEveryRejectItsOwnId) {
  std::set<std::string_view> ids;
  for (int i = 0; i <= static_cast<int>(BlockReject::kDamagedState); ++i) {
    const auto id = BlockRejectId(static_cast<BlockReject>(i));
    EXPECT_TRUE(id.starts_with("block.")) << id;
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
}

}  // namespace
}  // namespace beian
