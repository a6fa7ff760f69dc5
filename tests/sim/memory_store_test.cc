#include "sim/memory_store.h"

#include "ledger/crypto/hash.h"
#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

TransactionPtr SomeTransaction(uint64_t nonce) {
  v1::Action action;
  action.mutable_take_up()->set_filing_id(Bytes(32, 'f'));
  return MakeTransaction(FourValidators().genesis.chain_id,
                         {ClientKey(1), nonce, TimeMs(1), action});
}

/// A block on `store` that puts one record.
CommitBlock NextBlock(const MemoryStore& store, uint64_t nonce) {
  const auto transaction = SomeTransaction(nonce);
  auto execution = std::make_shared<Execution>();
  execution->results.push_back({{{FilingReject::kUnknownFiling, std::nullopt}}});
  const Bytes entry = EncodeLogEntry(*transaction, execution->results.front());
  execution->leaf_hashes.push_back(LogLeafHash(entry));
  execution->delta.log = store.Log();
  execution->delta.log.Append(execution->leaf_hashes.front());
  const MapKey key{{static_cast<uint8_t>(nonce)}};
  execution->delta.records[key] = "value";
  execution->delta.pages = UpdateMap(store, {{key, Sha256("value")}})->pages;
  Header header = Child(store.Tip(), store.Tip().view.value() + 1);
  header.tx_count = 1;
  header.log_size = execution->delta.log.size();
  return {Block::Make(header, {transaction}), execution, {}};
}

TEST(MemoryStore, BeginsAtTheRoot) {
  const MemoryStore store(FourValidators().genesis);
  EXPECT_EQ(store.Tip(), Root());
  EXPECT_EQ(store.HeightOf(Root().id()), Height(0));
  EXPECT_EQ(store.BlockAt(Height(1)), nullptr);
}

TEST(MemoryStore, AnswersForEveryCommittedBlock) {
  MemoryStore store(FourValidators().genesis);
  const CommitBlock first = NextBlock(store, 1);
  ASSERT_TRUE(store.Commit(first));
  const CommitBlock second = NextBlock(store, 2);
  ASSERT_TRUE(store.Commit(second));
  EXPECT_EQ(store.Tip(), second.block->header);
  EXPECT_EQ(store.BlockAt(Height(1)), first.block);
  EXPECT_EQ(store.HeightOf(second.block->id), Height(2));
  const auto& transaction = second.block->transactions.front();
  EXPECT_TRUE(store.HasTransaction(transaction->id()));
  EXPECT_EQ(store.Find(transaction->id())->log_index, LogIndex(1));
  EXPECT_EQ(*store.ResultOf(transaction->id()), second.execution->results.front());
  EXPECT_EQ(DecodeLogEntry(*store.EntryAt(LogIndex(1)))->wire, transaction->wire());
  EXPECT_EQ(store.EntryAt(LogIndex(2)), std::nullopt);
  EXPECT_EQ(store.Tile({0, 0}, 2)->size(), 64u);
  EXPECT_EQ(MapRootOf(store).value(),
            UpdateMap(store, {{MapKey{{1}}, Sha256("value")}})->root) << "the pages hold both";
}

TEST(MemoryStore, IgnoresARepeatedCommitAndRefusesAGap) {
  MemoryStore store(FourValidators().genesis);
  const CommitBlock first = NextBlock(store, 1);
  ASSERT_TRUE(store.Commit(first));
  EXPECT_TRUE(store.Commit(first));
  CommitBlock far = NextBlock(store, 2);
  Header header = far.block->header;
  header.height = Height(5);
  far.block = Block::Make(header, far.block->transactions);
  EXPECT_FALSE(store.Commit(far));
  EXPECT_EQ(store.Tip().height, Height(1));
}

TEST(MemoryStore, ASnapshotDoesNotSeeLaterCommits) {
  MemoryStore store(FourValidators().genesis);
  ASSERT_TRUE(store.Commit(NextBlock(store, 1)));
  const auto snapshot = store.Snapshot();
  ASSERT_TRUE(store.Commit(NextBlock(store, 2)));
  EXPECT_EQ(snapshot->Tip().height, Height(1));
  EXPECT_EQ(store.Tip().height, Height(2));
}

}  // namespace
}  // namespace beian::sim
