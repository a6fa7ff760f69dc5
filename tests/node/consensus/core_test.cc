#include "node/consensus/core.h"

#include <gmock/gmock.h>

#include "tests/node/consensus/core_subject.h"

namespace beian::consensus {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// ---- R1 ---------------------------------------------------------------------------------------

TEST(Votes, AQuorumOfOneStatementEntersTheNextView) {
  Subject s;
  s.Start();
  s.core->OnVote(s.now, kPeer, s.By(1, s.Say(kX, 1)));
  s.core->OnVote(s.now, kPeer, s.By(2, s.Say(kX, 1)));
  const View before = s.core->view();
  s.core->OnVote(s.now, kPeer, s.By(3, s.Say(kX, 1)));
  EXPECT_EQ(before, View(1));
  EXPECT_EQ(s.core->view(), View(2));
}

TEST(Votes, VotesForDifferentBlocksDoNotAddUp) {
  Subject s;
  s.Start();
  const BlockPtr a = s.BlockOn(1, s.Root(), 1);
  const BlockPtr b = s.BlockOn(1, s.Root(), 2);
  s.core->OnVote(s.now, kPeer, s.By(1, s.Say(kN, 1, 0, a->id)));
  s.core->OnVote(s.now, kPeer, s.By(2, s.Say(kN, 1, 0, b->id)));
  s.core->OnVote(s.now, kPeer, s.By(3, s.Say(kN, 1, 0, a->id)));
  EXPECT_EQ(s.core->view(), View(1));
}

TEST(Votes, TheSameVoteTwiceCountsOnce) {
  Subject s;
  s.Start();
  for (int i = 0; i < 5; ++i) s.core->OnVote(s.now, kPeer, s.By(1, s.Say(kF, 1)));
  EXPECT_EQ(s.core->final().view, View(0));
  EXPECT_THAT(Subject::Only<Evidence>(s.Take()), IsEmpty());
}

TEST(Votes, ASecondDifferentVoteIsEvidenceAndCountsForNothing) {
  Subject s;
  s.Start();
  const BlockPtr a = s.BlockOn(1, s.Root(), 1);
  const BlockPtr b = s.BlockOn(1, s.Root(), 2);
  const Vote first = s.By(1, s.Say(kN, 1, 0, a->id));
  const Vote second = s.By(1, s.Say(kN, 1, 0, b->id));
  s.core->OnVote(s.now, kPeer, first);
  s.core->OnVote(s.now, kPeer, second);
  EXPECT_THAT(Subject::Only<Evidence>(s.Take()), ElementsAre(Evidence{first, second}));
  s.core->OnVote(s.now, kPeer, s.By(2, s.Say(kN, 1, 0, b->id)));
  s.core->OnVote(s.now, kPeer, s.By(3, s.Say(kN, 1, 0, b->id)));
  EXPECT_EQ(s.core->view(), View(1));
}

TEST(Votes, NullifyWithFinalizeIsEvidenceInEitherOrder) {
  for (const auto& [first, second] : {std::pair(kX, kF), std::pair(kF, kX)}) {
    Subject s;
    s.Start();
    s.core->OnVote(s.now, kPeer, s.By(2, s.Say(first, 1)));
    s.core->OnVote(s.now, kPeer, s.By(2, s.Say(second, 1)));
    EXPECT_EQ(Subject::Only<Evidence>(s.Take()).size(), 1u);
  }
}

TEST(Votes, NotarizeWithNullifyOrFinalizeIsLegal) {
  Subject s;
  s.Start();
  s.core->OnVote(s.now, kPeer, s.By(1, s.Say(kN, 1)));
  s.core->OnVote(s.now, kPeer, s.By(1, s.Say(kX, 1)));
  s.core->OnVote(s.now, kPeer, s.By(2, s.Say(kN, 1)));
  s.core->OnVote(s.now, kPeer, s.By(2, s.Say(kF, 1)));
  EXPECT_THAT(Subject::Only<Evidence>(s.Take()), IsEmpty());
}

TEST(Votes, BeyondTheWindowAreDropped) {
  Subject s;
  s.Start();
  const uint64_t beyond = 1 + Timing{}.window + 1;
  for (uint16_t i = 1; i < 4; ++i) s.core->OnVote(s.now, kPeer, s.By(i, s.Say(kX, beyond)));
  EXPECT_EQ(s.core->view(), View(1));
  EXPECT_FALSE(s.core->Wants(s.By(1, s.Say(kX, beyond))));
}

TEST(Votes, ForAFinalViewAreAnsweredWithItsFinalization) {
  Subject s;
  s.Start();
  const Certificate finalization = s.Certify(s.Say(kF, 3, 0, s.BlockOn(3, s.Root())->id));
  s.core->OnCertificate(s.now, kPeer, finalization);
  s.Wait(1000);
  s.Take();
  s.core->OnVote(s.now, ValidatorIndex(2), s.By(2, s.Say(kX, 2)));
  EXPECT_THAT(Subject::Sent<Certificate>(s.Take()), Contains(finalization));
}

TEST(Votes, AnUnknownOwnVoteFromTheNetworkStopsTheValidatorFromVoting) {
  Subject s;
  s.Start();
  s.core->OnVote(s.now, kPeer, s.By(0, s.Say(kX, 1)));
  const auto actions = s.Take();
  const auto notes = Subject::Only<Note>(actions);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].what, "observer");
  EXPECT_TRUE(s.core->observer());
  const auto appended = Subject::Only<AppendRecord>(actions);
  ASSERT_EQ(appended.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<ReentryRecord>(appended[0].record))
      << "the next start must not vote with this log either";
  EXPECT_EQ(Subject::Only<SyncLog>(actions).size(), 1u);
  s.core->OnWork(s.now, true);
  s.Wait(20'000);
  EXPECT_THAT(s.TakeVotes(), IsEmpty());
}

// ---- R2 ---------------------------------------------------------------------------------------

TEST(Certificates, OfAFarViewAreFollowedAtOnce) {
  Subject s;
  s.Start();
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kX, 500)));
  EXPECT_EQ(s.core->view(), View(501));
}

TEST(Certificates, NotarizationAndNullificationOfOneViewAreBothKept) {
  Subject s;
  s.Start();
  const BlockPtr block = s.BlockOn(1, s.Root());
  const Certificate notarization = s.Certify(s.Say(kN, 1, 0, block->id));
  const Certificate nullification = s.Certify(s.Say(kX, 1));
  s.core->OnCertificate(s.now, kPeer, nullification);
  s.core->OnCertificate(s.now, kPeer, notarization);
  s.Take();
  s.core->OnGetCertificates(s.now, ValidatorIndex(2), {View(1), View(1)});
  const auto sent = Subject::Sent<Certificate>(s.Take());
  EXPECT_THAT(sent, Contains(notarization));
  EXPECT_THAT(sent, Contains(nullification));
}

TEST(Certificates, AreLoggedOnceWhenTheyCome) {
  Subject s;
  s.Start();
  const Certificate nullification = s.Certify(s.Say(kX, 1));
  s.core->OnCertificate(s.now, kPeer, nullification);
  s.core->OnCertificate(s.now, kPeer, nullification);
  size_t logged = 0;
  for (const auto& append : Subject::Only<AppendRecord>(s.Take())) {
    const auto* record = std::get_if<CertificateRecord>(&append.record);
    logged += record != nullptr && record->certificate == nullification;
  }
  EXPECT_EQ(logged, 1u);
}

TEST(Certificates, ForAnotherBlockThanTheLeaderShowedUsAreFollowed) {
  Subject s;
  s.Start();
  const uint64_t view = s.ViewLedByOther();
  s.NullifyUpTo(view);
  const BlockPtr shown = s.BlockOn(view, s.Root(), 1);
  const BlockPtr other = s.BlockOn(view, s.Root(), 2);
  s.core->OnProposal(s.now, kPeer, s.Propose(shown, 0));
  s.core->OnBlockValid(s.now, shown->id, shown->header);
  s.Take();
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kN, view, 0, other->id)));
  const Outputs outputs = s.Take();
  const auto needed = Subject::Only<NeedBody>(outputs);
  ASSERT_EQ(needed.size(), 1u);
  EXPECT_EQ(needed[0].id, other->id);
  EXPECT_FALSE(Subject::Only<Evidence>(outputs).empty());   // the leader signed both
}

TEST(Certificates, GoToTheNextLeaderAtOnceAndToOthersThatLagLater) {
  Subject s;
  s.Start();
  uint64_t view = 1;
  while (s.core->Leader(View(view + 1)).value() == 0) ++view;
  s.NullifyUpTo(view);
  s.Wait(200);
  s.Take();
  const Certificate nullification = s.Certify(s.Say(kX, view));
  s.core->OnCertificate(s.now, kPeer, nullification);
  auto to_whom = [&](const Outputs& outputs) {
    std::set<ValidatorIndex> to;
    for (const Send& send : Subject::Only<Send>(outputs)) {
      const auto* sent = std::get_if<Certificate>(&send.message);
      if (sent != nullptr && *sent == nullification && send.to) to.insert(*send.to);
    }
    return to;
  };
  EXPECT_THAT(to_whom(s.Take()), ElementsAre(s.core->Leader(View(view + 1))));
  s.core->OnHeard(s.now, ValidatorIndex(2), View(view + 1));   // has shown that it knows
  s.Wait(Timing{}.relay_after + 1);
  const auto later = to_whom(s.Take());
  EXPECT_FALSE(later.contains(ValidatorIndex(2)));
  EXPECT_TRUE(later.contains(ValidatorIndex(1)) && later.contains(ValidatorIndex(3)));
}

// ---- Recovery ---------------------------------------------------------------------------------

TEST(Recovery, OwnVotesComeBackIntoTheTally) {
  Proposed p;
  p.s.core->OnWork(p.s.now, true);
  p.s.Wait(3'000);
  p.s.Take();
  p.s.Restart(std::vector<LogRecord>(p.s.log));
  p.s.Start();
  // Two foreign votes complete the quorum only together with the one from the log.
  p.s.core->OnVote(p.s.now, kPeer, p.s.By(1, p.s.Say(kX, p.view)));
  p.s.core->OnVote(p.s.now, kPeer, p.s.By(2, p.s.Say(kX, p.view)));
  EXPECT_EQ(p.s.core->view(), View(p.view + 1));
}

TEST(Recovery, DoesNotNotarizeWhereItHasNullified) {
  Proposed p;
  p.s.core->OnWork(p.s.now, true);
  p.s.Wait(3'000);
  p.s.Take();
  p.s.Restart(std::vector<LogRecord>(p.s.log));
  p.s.Start();
  p.s.core->OnBlockValid(p.s.now, p.block->id, p.block->header);
  p.s.core->OnProposal(p.s.now, p.leader(), p.s.Propose(p.block, 0));
  p.s.core->OnCertificate(p.s.now, kPeer, p.s.Certify(p.s.Say(kN, p.view, 0, p.block->id)));
  for (const Statement& statement : p.s.TakeVotes()) {
    EXPECT_FALSE(statement.view == View(p.view) && statement.kind != kX);
  }
}

TEST(Recovery, ALeaderRepeatsItsRecordedProposalAndBuildsNoOther) {
  Subject s;
  s.Start();
  const uint64_t view = s.ViewLedBySelf();
  s.NullifyUpTo(view);
  s.core->OnWork(s.now, true);
  s.Take();
  const BlockPtr block = s.BlockOn(view, s.Root());
  s.core->OnBuilt(s.now, View(view), block);
  s.Take();
  s.Restart(std::vector<LogRecord>(s.log));
  s.Start();
  s.core->OnWork(s.now, true);
  const Outputs outputs = s.Take();
  const auto proposals = Subject::Sent<Proposal>(outputs);
  ASSERT_EQ(proposals.size(), 1u);
  EXPECT_EQ(proposals[0].header.id(), block->id);
  EXPECT_THAT(Subject::Only<Build>(outputs), IsEmpty());
}

TEST(Recovery, TheTimerOfTheCurrentViewRunsWhateverTheLastRecordWas) {
  Proposed p;
  p.s.core->OnProposal(p.s.now, p.leader(), p.s.Propose(p.block, 0));
  p.s.core->OnBlockValid(p.s.now, p.block->id, p.block->header);
  p.s.Take();
  p.s.Restart(std::vector<LogRecord>(p.s.log));
  p.s.Start();
  p.s.Wait(20'000);
  EXPECT_THAT(p.s.TakeVotes(), Contains(p.s.Say(kX, p.view)));
}

}  // namespace
}  // namespace beian::consensus
