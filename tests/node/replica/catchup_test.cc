#include "node/replica/catchup.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

struct Chain {
  std::vector<BlockPtr> blocks;
  Header root;
  Chain(size_t length) {
    Header parent = root;
    for (size_t i = 0; i < length; ++i) {
      Header header;
      header.height = parent.height.Next();
      header.parent = parent.id();
      header.view = View(i + 1);
      blocks.push_back(Block::Make(header, {}));
      parent = header;
    }
  }
  Blocks Reply(size_t first, size_t count) const {
    Blocks reply;
    for (size_t i = first; i < first + count; ++i) reply.blocks.push_back(blocks[i]);
    FinalityProof proof;
    proof.finalization.statement.kind = VoteKind::kFinalize;
    proof.finalization.statement.id = reply.blocks.back()->id;
    reply.proof = proof;
    return reply;
  }
};

Now CatchupAt(uint64_t ms) {
  return {SteadyMs(ms), TimeMs(ms)};
}
const ValidatorIndex kPeer(1);

struct Asked {
  Catchup catchup{4};
  std::vector<Send> sends;
  explicit Asked(uint64_t ahead = 200) {
    catchup.OnStatus(CatchupAt(1'000), kPeer, Height(ahead));
    catchup.Update(CatchupAt(1'000), Height(0), Height(0), sends);
  }
};

TEST(Catchup, AsksAPeerThatIsFarAheadAtOnce) {
  Asked asked;
  ASSERT_EQ(asked.sends.size(), 1u);
  EXPECT_EQ(asked.sends[0].to, kPeer);
  EXPECT_EQ(std::get<GetBlocks>(asked.sends[0].message).first, Height(1));
}

TEST(Catchup, LeavesALittleTimeToTheNormalCourse) {
  Asked asked(3);
  EXPECT_TRUE(asked.sends.empty());
  asked.catchup.Update(CatchupAt(1'000 + kCatchupPatienceMs), Height(0), Height(0), asked.sends);
  EXPECT_EQ(asked.sends.size(), 1u);
}

TEST(Catchup, HasOneQuestionOpenAndTurnsToAnotherPeerAfterSilence) {
  Asked asked;
  asked.catchup.OnStatus(CatchupAt(1'001), ValidatorIndex(2), Height(200));
  asked.catchup.Update(CatchupAt(1'500), Height(0), Height(0), asked.sends);
  EXPECT_EQ(asked.sends.size(), 1u);
  asked.catchup.Update(CatchupAt(1'000 + kCatchupTimeoutMs), Height(0), Height(0), asked.sends);
  ASSERT_EQ(asked.sends.size(), 2u);
  EXPECT_EQ(asked.sends[1].to, ValidatorIndex(2));
}

TEST(Catchup, AcceptsBlocksThatLinkToOursAndToTheirProof) {
  Asked asked;
  const Chain chain(10);
  EXPECT_TRUE(asked.catchup.Accept(CatchupAt(1'100), kPeer, chain.Reply(0, 10), chain.root));
}

TEST(Catchup, RefusesWhatItDidNotAskFor) {
  Asked asked;
  const Chain chain(10);
  EXPECT_FALSE(
      asked.catchup.Accept(CatchupAt(1'100), ValidatorIndex(2), chain.Reply(0, 10), chain.root));
  Catchup unasked(4);
  EXPECT_FALSE(unasked.Accept(CatchupAt(1'100), kPeer, chain.Reply(0, 10), chain.root));
}

TEST(Catchup, RefusesAGapAForeignParentAndAProofOfAnotherBlock) {
  const Chain chain(10);
  Blocks gap = chain.Reply(0, 10);
  gap.blocks.erase(gap.blocks.begin() + 4);
  Blocks late = chain.Reply(1, 9);
  Blocks other_proof = chain.Reply(0, 10);
  other_proof.proof->finalization.statement.id = chain.blocks[3]->id;
  Blocks no_proof = chain.Reply(0, 10);
  no_proof.proof.reset();
  Blocks notarized = chain.Reply(0, 10);
  notarized.proof->finalization.statement.kind = VoteKind::kNotarize;
  for (const Blocks& wrong : {gap, late, other_proof, no_proof, notarized}) {
    Asked asked;
    EXPECT_FALSE(asked.catchup.Accept(CatchupAt(1'100), kPeer, wrong, chain.root));
    // The liar is not asked again for a while.
    asked.sends.clear();
    asked.catchup.Update(CatchupAt(1'200), Height(0), Height(0), asked.sends);
    EXPECT_TRUE(asked.sends.empty());
  }
}

TEST(Catchup, DoesNotRunFarAheadOfTheStore) {
  Catchup catchup(4);
  std::vector<Send> sends;
  catchup.OnStatus(CatchupAt(1'000), kPeer, Height(10'000));
  catchup.Update(CatchupAt(1'000), Height(kCatchupAheadMax + 1), Height(0), sends);
  EXPECT_TRUE(sends.empty());
}

}  // namespace
}  // namespace beian
