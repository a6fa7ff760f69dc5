#include "node/replica/block_tree.h"

#include <gtest/gtest.h>

#include "tests/support/fixture.h"
#include "tests/support/memory_state.h"

namespace beian {
namespace {

struct Tree {
  GenesisFixture fixture = MakeGenesis(4);
  MemoryState state;
  Header root = RootHeader(fixture.genesis);
  LeaderSchedule leaders{fixture.genesis.chain_id, Epoch(0), root.id(), 4};
  BlockTree tree{fixture.genesis, leaders, state, root};

  /// A valid block; `parent_state` is the state after `parent`.
  BlockPtr Make(const Header& parent, const StateView& parent_state, uint64_t view,
                std::vector<TransactionPtr> transactions = {}) {
    Header header;
    header.chain_id = fixture.genesis.chain_id;
    header.view = View(view);
    header.height = parent.height.Next();
    header.parent = parent.id();
    header.time = parent.time + kEmptyBlockGapMs;
    header.proposer = leaders.At(header.view);
    auto execution =
        Execute(fixture.genesis, parent_state, header.time, header.height, transactions);
    SetRoots(*execution, header);
    return Block::Make(header, std::move(transactions));
  }
  TransactionPtr Filing(uint64_t salt) {
    return MakeSubmit(fixture.genesis, MakeClientKey(salt), root.time + 60'000, salt);
  }
};

TEST(BlockTree, ExecutesABlockOnItsParentsState) {
  Tree t;
  const TransactionPtr filing = t.Filing(1);
  const BlockPtr first = t.Make(t.root, t.state, 1, {filing});
  ASSERT_TRUE(t.tree.Insert(first));
  ASSERT_EQ(t.tree.ExecuteReady().size(), 1u);
  EXPECT_EQ(t.tree.StateOf(first->id), BlockTree::State::kValid);
  EXPECT_TRUE(t.tree.ViewAfter(first->id)->HasTransaction(filing->id()));
  EXPECT_FALSE(t.tree.ViewAfter(t.root.id())->HasTransaction(filing->id()));
}

TEST(BlockTree, AChildWaitsForItsParent) {
  Tree t;
  const BlockPtr first = t.Make(t.root, t.state, 1, {t.Filing(1)});
  t.tree.Insert(first);
  t.tree.ExecuteReady();
  const BlockPtr second = t.Make(first->header, *t.tree.ViewAfter(first->id), 2, {t.Filing(2)});
  Tree late;
  late.tree.Insert(second);
  EXPECT_TRUE(late.tree.ExecuteReady().empty());
  ASSERT_EQ(late.tree.MissingParents().size(), 1u);
  EXPECT_EQ(late.tree.MissingParents()[0].first, first->id);
  late.tree.Insert(first);
  EXPECT_EQ(late.tree.ExecuteReady().size(), 2u);
  EXPECT_TRUE(late.tree.Path(late.root.id(), second->id));
}

TEST(BlockTree, ABlockWithAWrongRootIsInvalidAndSoIsItsChild) {
  Tree t;
  Header header = t.Make(t.root, t.state, 1, {t.Filing(1)})->header;
  header.map_root.octets[0] ^= 1;
  const BlockPtr bad = Block::Make(header, {t.Filing(1)});
  Header child_header = t.Make(header, t.state, 2)->header;
  const BlockPtr child = Block::Make(child_header, {});
  t.tree.Insert(bad);
  t.tree.Insert(child);
  const auto judged = t.tree.ExecuteReady();
  ASSERT_EQ(judged.size(), 2u);
  EXPECT_TRUE(judged[0].reject && judged[1].reject);
  EXPECT_EQ(t.tree.StateOf(bad->id), BlockTree::State::kInvalid);
  EXPECT_EQ(t.tree.ViewAfter(bad->id), nullptr);
}

TEST(BlockTree, CommitKeepsTheChainAndDropsAbandonedBranches) {
  Tree t;
  const BlockPtr kept = t.Make(t.root, t.state, 1, {t.Filing(1)});
  const BlockPtr abandoned = t.Make(t.root, t.state, 2, {t.Filing(2)});
  t.tree.Insert(kept);
  t.tree.Insert(abandoned);
  t.tree.ExecuteReady();
  const BlockPtr child = t.Make(kept->header, *t.tree.ViewAfter(kept->id), 3, {t.Filing(3)});
  const BlockPtr orphan =
      t.Make(abandoned->header, *t.tree.ViewAfter(abandoned->id), 4, {t.Filing(4)});
  t.tree.Insert(child);
  t.tree.Insert(orphan);
  t.tree.ExecuteReady();
  t.state.Apply(t.tree.ExecutionOf(kept->id)->delta);
  t.tree.Commit(kept->id);
  EXPECT_EQ(t.tree.size(), 1u);
  EXPECT_EQ(t.tree.tip_id(), kept->id);
  EXPECT_TRUE(t.tree.ViewAfter(child->id)->HasTransaction(t.Filing(1)->id()) ||
              t.tree.ViewAfter(child->id)->Log().size() == 2);
}

TEST(BlockTree, AnInvalidBlockOfAnyHeightGoesWithTheNextCommit) {
  Tree t;
  Header header = t.Make(t.root, t.state, 1)->header;
  header.height = Height(1ULL << 50);
  t.tree.Insert(Block::Make(header, {}));
  const BlockPtr good = t.Make(t.root, t.state, 2, {t.Filing(1)});
  t.tree.Insert(good);
  t.tree.ExecuteReady();
  t.state.Apply(t.tree.ExecutionOf(good->id)->delta);
  t.tree.Commit(good->id);
  EXPECT_EQ(t.tree.size(), 0u);
}

TEST(BlockTree, IsBounded) {
  Tree t;
  size_t taken = 0;
  for (uint64_t i = 0; i < kTreeBlocksMax + 100; ++i) {
    Header header;
    header.height = Height(i + 2);
    header.view = View(i + 1);
    taken += t.tree.Insert(Block::Make(header, {}));
  }
  EXPECT_EQ(taken, kTreeBlocksMax);
}

TEST(BlockTree, FullOfBlocksThatWaitTakesTheOnesBelowThem) {
  Tree t;
  const BlockPtr first = t.Make(t.root, t.state, 1, {t.Filing(1)});
  for (uint64_t i = 0; i < kTreeBlocksMax; ++i) {
    Header header;
    header.height = Height(i + 30);
    header.view = View(i + 30);
    ASSERT_TRUE(t.tree.Insert(Block::Make(header, {})));
  }
  EXPECT_TRUE(t.tree.Insert(first));
  EXPECT_EQ(t.tree.size(), kTreeBlocksMax);
  EXPECT_EQ(t.tree.ExecuteReady().size(), 1u);
  EXPECT_EQ(t.tree.StateOf(first->id), BlockTree::State::kValid);
}

TEST(BlockTree, RefusesBlocksAtOrBelowTheCommittedHeight) {
  Tree t;
  Header header;
  header.height = Height(0);
  EXPECT_FALSE(t.tree.Insert(Block::Make(header, {})));
}

}  // namespace
}  // namespace beian
