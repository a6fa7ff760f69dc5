#include <gtest/gtest.h>

#include "node/store/rocks_store.h"
#include "tests/node/store/store_chain.h"
#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

class BlocksReply : public testing::Test {
 protected:
  void Fill(size_t blocks, const std::vector<TransactionPtr>& first = {}) {
    store_ = std::move(RocksStore::Open(directory_ / "store", chain_.genesis(), {})->store);
    ASSERT_NE(store_, nullptr);
    ASSERT_TRUE(store_->Commit(chain_.Add(first)));
    for (size_t i = 1; i < blocks; ++i) ASSERT_TRUE(store_->Commit(chain_.Add({})));
  }
  /// First and last height, or zeros.
  std::pair<uint64_t, uint64_t> RangeOf(uint64_t first, uint32_t count) {
    const Blocks reply = MakeBlocksReply(*store_, {Height(first), count});
    EXPECT_EQ(reply.blocks.empty(), !reply.proof);
    if (reply.blocks.empty()) return {0, 0};
    const Height last = reply.blocks.back()->header.height;
    EXPECT_EQ(reply.proof, store_->ProofAt(last));
    for (size_t i = 0; i < reply.blocks.size(); ++i) {
      EXPECT_EQ(reply.blocks[i]->header.height, Height(first + i));
    }
    return {reply.blocks.front()->header.height.value(), last.value()};
  }

  using Range = std::pair<uint64_t, uint64_t>;
  TempDirectory directory_;
  StoreChain chain_;
  std::unique_ptr<RocksStore> store_;
};

TEST_F(BlocksReply, HoldsTheRangeThatWasAskedFor) {
  Fill(5);
  EXPECT_EQ(RangeOf(1, 5), Range(1, 5));
  EXPECT_EQ(RangeOf(2, 2), Range(2, 3));
  EXPECT_EQ(RangeOf(4, 100), Range(4, 5));
  EXPECT_EQ(RangeOf(5, ~0u), Range(5, 5));
}

TEST_F(BlocksReply, IsEmptyWhenThereIsNothingToGive) {
  Fill(5);
  EXPECT_EQ(RangeOf(0, 5), Range(0, 0));
  EXPECT_EQ(RangeOf(1, 0), Range(0, 0));
  EXPECT_EQ(RangeOf(6, 5), Range(0, 0));
  EXPECT_EQ(RangeOf(~uint64_t{0}, ~0u), Range(0, 0));
}

TEST_F(BlocksReply, HoldsNoMoreBlocksThanItsLimit) {
  Fill(kBlocksPerReply + 6);
  EXPECT_EQ(RangeOf(2, ~0u), Range(2, kBlocksPerReply + 1));
}

/// A reader whose every block is as large as a block may be.
class LargeBlocks : public BlockReader {
 public:
  explicit LargeBlocks(const BlockReader& real) : real_(real) {}
  Header Tip() const override { return real_.Tip(); }
  std::optional<Header> HeaderAt(Height height) const override { return real_.HeaderAt(height); }
  std::optional<Height> HeightOf(const BlockId& id) const override { return real_.HeightOf(id); }
  BlockPtr BlockAt(Height height) const override {
    const BlockPtr first = real_.BlockAt(Height(1));
    Header header = real_.HeaderAt(height).value();
    std::vector<TransactionPtr> transactions;
    size_t octets = 0;
    for (; octets < kBlockBytesMax; octets += transactions.back()->cost()) {
      transactions.push_back(first->transactions[0]);
    }
    return Block::Make(header, transactions);
  }
  std::optional<FinalityProof> ProofAt(Height height) const override {
    return real_.ProofAt(height);
  }
  std::optional<TransactionPlace> Find(const TransactionId& id) const override {
    return real_.Find(id);
  }
  std::optional<Bytes> EntryAt(LogIndex index) const override { return real_.EntryAt(index); }
  std::optional<Bytes> Tile(TileId tile, uint64_t width) const override {
    return real_.Tile(tile, width);
  }
  Listing List(uint8_t kind, BytesView cursor, size_t count_max) const override {
    return real_.List(kind, cursor, count_max);
  }
  std::optional<Bytes> Record(const MapKey& key) const override { return real_.Record(key); }
  std::optional<Bytes> Page(const PagePath& path) const override { return real_.Page(path); }
  bool HasTransaction(const TransactionId& id) const override { return real_.HasTransaction(id); }
  LogFrontier Log() const override { return real_.Log(); }

 private:
  const BlockReader& real_;
};

TEST_F(BlocksReply, HoldsNoMoreOctetsThanItsLimit) {
  Fill(10, {chain_.Submit(1)});
  const LargeBlocks large(*store_);
  const Blocks reply = MakeBlocksReply(large, {Height(2), 9});
  size_t octets = 0;
  for (const BlockPtr& block : reply.blocks) octets += block->Encode().size();
  EXPECT_LE(octets, kBlocksReplyBytesMax);
  EXPECT_GE(reply.blocks.size(), 3u);
  EXPECT_EQ(reply.proof, store_->ProofAt(reply.blocks.back()->header.height));
}

}  // namespace
}  // namespace beian
