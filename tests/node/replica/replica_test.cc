#include "node/replica/replica.h"

#include <gtest/gtest.h>

#include "tests/node/replica/lockstep.h"

namespace beian {
namespace {

TEST(Replica, ANewChainShowsItsFirstBlockAtOnce) {
  Lockstep cluster;
  cluster.Wait(50);
  for (uint16_t i = 0; i < 4; ++i) EXPECT_GE(cluster.HeightOf(i), Height(1)) << i;
}

TEST(Replica, WhatIsSubmittedToOneIsCommittedByAllWithEqualRoots) {
  Lockstep cluster;
  cluster.Wait(50);
  const TransactionPtr filing = cluster.Filing(1);
  cluster.Submit(2, {filing});
  cluster.Wait(50);
  for (uint16_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(cluster.nodes[i].state.HasTransaction(filing->id())) << i;
    EXPECT_EQ(cluster.nodes[i].tip.map_root, cluster.nodes[0].tip.map_root);
    EXPECT_EQ(cluster.nodes[i].tip.log_root, cluster.nodes[0].tip.log_root);
  }
}

TEST(Replica, EachHeightIsDeliveredOnceAndInOrder) {
  Lockstep cluster;
  for (uint64_t i = 0; i < 20; ++i) {
    cluster.Submit(static_cast<uint16_t>(i % 4), {cluster.Filing(i)});
    cluster.Wait(20);
  }
  for (const Lockstep::Node& node : cluster.nodes) {
    for (size_t i = 0; i < node.committed.size(); ++i) {
      EXPECT_EQ(node.committed[i].block->header.height, Height(i + 1));
    }
  }
}

TEST(Replica, AnIdleClusterMakesOneBlockInAHeartbeat) {
  Lockstep cluster;
  cluster.Wait(1'000);
  const Height before = cluster.HeightOf(0);
  cluster.Wait(25'000);
  EXPECT_EQ(cluster.HeightOf(0), before);
  cluster.Wait(10'000);
  EXPECT_EQ(cluster.HeightOf(0), before.Next());
}

TEST(Replica, GoesOnWithoutOneOfFour) {
  Lockstep cluster;
  cluster.Wait(50);
  cluster.Stop(1);
  for (uint64_t i = 0; i < 8; ++i) {
    cluster.Submit(0, {cluster.Filing(i)});
    cluster.Wait(1'500);
  }
  for (uint64_t i = 0; i < 8; ++i) {
    EXPECT_TRUE(cluster.nodes[3].state.HasTransaction(cluster.Filing(i)->id()) ||
                cluster.nodes[3].tip.log_size >= 8);
  }
}

TEST(Replica, WithoutAQuorumNothingBecomesFinalAndNothingIsLost) {
  Lockstep cluster;
  cluster.Wait(50);
  cluster.Stop(1);
  cluster.Stop(2);
  const TransactionPtr filing = cluster.Filing(1);
  cluster.Submit(0, {filing});
  cluster.Wait(5'000);
  EXPECT_FALSE(cluster.nodes[0].state.HasTransaction(filing->id()));
  cluster.Start(1);
  cluster.Wait(20'000);
  EXPECT_TRUE(cluster.nodes[0].state.HasTransaction(filing->id()));
  EXPECT_TRUE(cluster.nodes[1].state.HasTransaction(filing->id()));
}

TEST(Replica, AProposedTransactionThatGossipLostIsFetchedFromTheLeader) {
  Lockstep cluster;
  cluster.Wait(50);
  cluster.lost = [](uint16_t, uint16_t to, const Message& message) {
    return to == 3 && std::holds_alternative<TransactionBatch>(message);
  };
  const TransactionPtr filing = cluster.Filing(1);
  cluster.Submit(0, {filing});
  cluster.Wait(500);
  EXPECT_TRUE(cluster.nodes[3].state.HasTransaction(filing->id()));
}

TEST(Replica, OneThatWasAwayCatchesUpByHeight) {
  Lockstep cluster;
  cluster.Wait(50);
  cluster.Stop(2);
  for (uint64_t i = 0; i < 10; ++i) {
    cluster.Submit(0, {cluster.Filing(i)});
    cluster.Wait(2'000);
  }
  cluster.Start(2);
  cluster.Wait(10'000);
  EXPECT_EQ(cluster.nodes[2].tip.id(), cluster.nodes[0].tip.id());
}

TEST(Replica, OneThatStartsAgainFromItsLogAgreesAndGoesOn) {
  Lockstep cluster;
  cluster.Submit(0, {cluster.Filing(1)});
  cluster.Wait(50);
  for (uint16_t i = 0; i < 4; ++i) cluster.nodes[i].replica.reset();
  for (uint16_t i = 0; i < 4; ++i) cluster.Start(i);
  cluster.Submit(1, {cluster.Filing(2)});
  cluster.Wait(5'000);
  for (uint16_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(cluster.nodes[i].state.HasTransaction(cluster.Filing(2)->id()) ||
                cluster.nodes[i].tip.log_size >= 2)
        << i;
    EXPECT_EQ(cluster.nodes[i].tip.id(), cluster.nodes[0].tip.id());
  }
}

TEST(Replica, OneWithoutItsLogVotesAgainAfterItsPeersHaveAnswered) {
  Lockstep cluster;
  cluster.Submit(0, {cluster.Filing(1)});
  cluster.Wait(50);
  cluster.Stop(3);
  Lockstep::Node& lost = cluster.nodes[3];
  lost = Lockstep::Node{};
  lost.log = {EpochRecord{Epoch(0), cluster.fixture.genesis.validators.hash(),
                          RootHeader(cluster.fixture.genesis).id()},
              ReentryRecord{Epoch(0)}};
  cluster.Start(3);
  cluster.Wait(15'000);
  EXPECT_FALSE(lost.replica->status().muted);
  EXPECT_EQ(lost.tip.id(), cluster.nodes[0].tip.id());
  cluster.Stop(0);   // now its vote is needed
  const Height before = cluster.HeightOf(1);
  cluster.Submit(1, {cluster.Filing(2)});
  cluster.Wait(10'000);
  EXPECT_GT(cluster.HeightOf(1), before);
}

// ---- Submitting -------------------------------------------------------------------------------

TEST(Submitting, TwiceIsHarmlessAndSaysSo) {
  Lockstep cluster;
  cluster.Wait(50);
  const TransactionPtr filing = cluster.Filing(1);
  cluster.Submit(0, {filing});
  cluster.Wait(50);
  cluster.Submit(0, {filing});
  ASSERT_EQ(cluster.nodes[0].outcomes.size(), 1u);
  EXPECT_EQ(cluster.nodes[0].outcomes[0].verdict, MempoolVerdict::kAlreadyCommitted);
}

TEST(Submitting, WhatWouldBeRejectedWholeIsRefusedWithTheReason) {
  Lockstep cluster;
  cluster.Wait(50);
  const FilingId nowhere = MakeFilingId(TransactionId{}, 0);
  const TransactionPtr forward = Transaction::Sign(
      cluster.fixture.genesis.chain_id,
      MakeBody(cluster.now.wall + 60'000, 1, {ForwardAction(nowhere)}),
      cluster.fixture.office("11"));
  cluster.Submit(0, {forward});
  EXPECT_EQ(cluster.nodes[0].outcomes[0].verdict, MempoolVerdict::kAllActionsFail);
  EXPECT_EQ(cluster.nodes[0].outcomes[0].reject, FilingReject::kUnknownFiling);
}

TEST(Submitting, ExpiredOrTooFarAheadIsRefused) {
  Lockstep cluster;
  cluster.Wait(50);
  const PrivateKey key = MakeClientKey(1);
  const Genesis& genesis = cluster.fixture.genesis;
  cluster.Submit(0, {MakeSubmit(genesis, key, cluster.now.wall - 1'000, 1),
                     MakeSubmit(genesis, key, cluster.now.wall + kExpiryWindowMs + 60'000, 2)});
  EXPECT_EQ(cluster.nodes[0].outcomes[0].verdict, MempoolVerdict::kExpired);
  EXPECT_EQ(cluster.nodes[0].outcomes[1].verdict, MempoolVerdict::kExpiryTooFar);
}

TEST(Submitting, TwoVariantsOfOneBodyCommitOnceWithOneLog) {
  Lockstep cluster;
  cluster.Wait(50);
  const PrivateKey key = MakeClientKey(1);
  v1::SignedTransaction first;
  const TransactionPtr filing = cluster.Filing(1);
  ASSERT_TRUE(first.ParseFromString(filing->wire()));
  v1::SignedTransaction second = first;
  (*second.mutable_signature())[40] ^= 1;   // another wire id; signatures are not what is tested
  const auto variant =
      Transaction::Parse(cluster.fixture.genesis.chain_id, second.SerializeAsString());
  ASSERT_TRUE(variant);
  ASSERT_EQ((*variant)->id(), filing->id());
  cluster.lost = [](uint16_t, uint16_t, const Message& message) {
    return std::holds_alternative<TransactionBatch>(message);
  };
  cluster.Submit(0, {filing});
  cluster.Submit(1, {filing});
  cluster.Submit(2, {*variant});
  cluster.Submit(3, {*variant});
  cluster.Wait(3'000);
  for (uint16_t i = 0; i < 4; ++i) {
    EXPECT_EQ(cluster.nodes[i].tip.log_size, 1u) << i;
    EXPECT_EQ(cluster.nodes[i].tip.log_root, cluster.nodes[0].tip.log_root);
  }
}

}  // namespace
}  // namespace beian
