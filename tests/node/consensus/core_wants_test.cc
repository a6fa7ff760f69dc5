#include <gmock/gmock.h>

#include "node/consensus/core.h"
#include "tests/node/consensus/core_subject.h"

// What is worth checking a signature for, and the one finalization that comes with its block.
namespace beian::consensus {
namespace {

using testing::IsEmpty;

/// The same statement of an epoch that this core does not run.
Statement Elsewhere(Statement statement) {
  statement.epoch = Epoch(7);
  return statement;
}

TEST(Wants, NoVoteThatItHoldsAndNoneOfAnotherEpoch) {
  Subject s;
  s.Start();
  const Vote vote = s.By(1, s.Say(kX, 1));
  EXPECT_TRUE(s.core->Wants(vote));
  s.core->OnVote(s.now, kPeer, vote);
  EXPECT_FALSE(s.core->Wants(vote));
  EXPECT_TRUE(s.core->Wants(s.By(2, s.Say(kX, 1))));
  EXPECT_FALSE(s.core->Wants(s.By(2, Elsewhere(s.Say(kX, 1)))));
}

TEST(Wants, ASecondDifferentVoteBecauseItIsEvidence) {
  Subject s;
  s.Start();
  const BlockPtr a = s.BlockOn(1, s.Root(), 1);
  const BlockPtr b = s.BlockOn(1, s.Root(), 2);
  s.core->OnVote(s.now, kPeer, s.By(1, s.Say(kN, 1, 0, a->id)));
  EXPECT_FALSE(s.core->Wants(s.By(1, s.Say(kN, 1, 0, a->id))));
  EXPECT_TRUE(s.core->Wants(s.By(1, s.Say(kN, 1, 0, b->id))));
}

TEST(Wants, ACertificateOfEachKindOnce) {
  Subject s;
  s.Start();
  const Certificate nullification = s.Certify(s.Say(kX, 1));
  const Certificate notarization = s.Certify(s.Say(kN, 1, 0, s.BlockOn(1, s.Root())->id));
  EXPECT_TRUE(s.core->Wants(nullification));
  s.core->OnCertificate(s.now, kPeer, nullification);
  EXPECT_FALSE(s.core->Wants(nullification));
  EXPECT_TRUE(s.core->Wants(notarization));
  EXPECT_FALSE(s.core->Wants(s.Certify(Elsewhere(notarization.statement))));
}

TEST(Wants, OfFinalViewsOnlyVotesWhichItAnswersUnverified) {
  Subject s;
  s.Start();
  const BlockPtr block = s.BlockOn(3, s.Root());
  const Vote at = s.By(2, s.Say(kX, 3));
  EXPECT_FALSE(s.core->IsLate(at));
  EXPECT_TRUE(s.core->Wants(s.Propose(block, 0)));
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kF, 3, 0, block->id)));
  EXPECT_TRUE(s.core->Wants(at));
  EXPECT_TRUE(s.core->IsLate(at));
  EXPECT_FALSE(s.core->IsLate(s.By(2, s.Say(kX, 4))));
  EXPECT_FALSE(s.core->IsLate(s.By(2, Elsewhere(s.Say(kX, 3)))));
  EXPECT_FALSE(s.core->Wants(s.Certify(s.Say(kX, 3))));
  EXPECT_FALSE(s.core->IsLate(s.Certify(s.Say(kX, 3))));
  EXPECT_FALSE(s.core->Wants(s.Propose(block, 0)));
}

TEST(Wants, ProposalsOfItsEpochAndWhateverCarriesNoSignatureOfAView) {
  Subject s;
  s.Start();
  Proposal proposal = s.Propose(s.BlockOn(1, s.Root()), 0);
  EXPECT_TRUE(s.core->Wants(proposal));
  proposal.header.epoch = Epoch(7);
  EXPECT_FALSE(s.core->Wants(proposal));
  EXPECT_TRUE(s.core->Wants(Status{}));
  EXPECT_TRUE(s.core->Wants(ReentryAsk{}));
}

TEST(FinalityProofs, MakeTheTipFinalOfABlockThatWasNeverProposedHere) {
  Subject s;
  s.Start();
  s.Take();
  const BlockPtr tip = s.BlockOn(5, s.Root());
  const FinalityProof proof{{}, s.Certify(s.Say(kF, 5, 0, tip->id))};
  s.core->OnFinalityProof(s.now, proof, tip->header);
  const auto finalized = Subject::Only<Finalized>(s.Take());
  ASSERT_EQ(finalized.size(), 1u);
  EXPECT_EQ(finalized.front().finalization, proof.finalization);
  EXPECT_EQ(s.core->final().view, View(5));
  EXPECT_EQ(s.core->MakeStatus().final_id, tip->id);
  EXPECT_EQ(s.core->view(), View(6));
  EXPECT_EQ(s.core->TipId(), tip->id);

  s.core->OnFinalityProof(s.now, proof, tip->header);
  EXPECT_THAT(Subject::Only<Finalized>(s.Take()), IsEmpty()) << "the same proof twice";
}

TEST(FinalityProofs, OfAnotherBlockThanTheTipAreIgnored) {
  Subject s;
  s.Start();
  s.Take();
  const FinalityProof proof{{}, s.Certify(s.Say(kF, 5, 0, s.BlockOn(5, s.Root(), 1)->id))};
  s.core->OnFinalityProof(s.now, proof, s.BlockOn(5, s.Root(), 2)->header);
  EXPECT_THAT(Subject::Only<Finalized>(s.Take()), IsEmpty());
  EXPECT_EQ(s.core->final().view, View(0));
}

TEST(Requests, ForCertificatesOfFinalViewsGetTheFinalizationFirst) {
  Subject s;
  s.Start();
  const Certificate finalization = s.Certify(s.Say(kF, 3, 0, s.BlockOn(3, s.Root())->id));
  s.core->OnCertificate(s.now, kPeer, finalization);
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kX, 4)));
  s.Take();
  s.core->OnGetCertificates(s.now, ValidatorIndex(2), {View(1), View(4)});
  EXPECT_THAT(Subject::Sent<Certificate>(s.Take()),
              testing::ElementsAre(finalization, s.Certify(s.Say(kX, 4))));
}

}  // namespace
}  // namespace beian::consensus
