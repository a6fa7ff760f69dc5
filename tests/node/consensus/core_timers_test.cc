#include "node/consensus/core.h"

#include <gmock/gmock.h>

#include "tests/node/consensus/core_subject.h"

namespace beian::consensus {
namespace {

using testing::Contains;
using testing::IsEmpty;

// ---- R7 ---------------------------------------------------------------------------------------

TEST(Timeout, NullifiesOnceAndThenRetransmits) {
  Proposed p;
  p.s.core->OnWork(p.s.now, true);
  p.s.Wait(60'000);
  size_t appended = 0;
  for (const LogRecord& record : (p.s.Take(), p.s.log)) {
    const auto* vote = std::get_if<VoteRecord>(&record);
    appended += vote != nullptr && vote->vote.statement == p.s.Say(kX, p.view);
  }
  EXPECT_EQ(appended, 1u);
}

TEST(Timeout, SendsTheOwnVoteAgainUntilTheViewEnds) {
  Proposed p;
  p.s.core->OnWork(p.s.now, true);
  p.s.Wait(30'000);
  size_t sent = 0;
  for (const Statement& statement : p.s.TakeVotes()) sent += statement == p.s.Say(kX, p.view);
  EXPECT_GE(sent, 3u);
}

TEST(Timeout, FollowsALeaderThatGivesUpItsOwnView) {
  Proposed p;
  p.s.core->OnVote(p.s.now, p.leader(), p.s.By(p.leader().value(), p.s.Say(kX, p.view)));
  EXPECT_THAT(p.s.TakeVotes(), Contains(p.s.Say(kX, p.view)));
}

TEST(Timeout, NeverComesWhileNobodyWantsABlock) {
  Subject s;
  s.Start();
  const BlockPtr first = s.BlockOn(1, s.Root());
  s.core->OnBlockValid(s.now, first->id, first->header);
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kF, 1, 0, first->id)));
  s.Take();
  s.Wait(Timing{}.heartbeat - 2'000);
  EXPECT_THAT(s.TakeVotes(), IsEmpty());
}

TEST(Timeout, OfALeaderThatIsSurelyAwayCostsNothing) {
  Proposed p;
  for (uint16_t i = 1; i < 4; ++i) p.s.core->OnHeard(p.s.now, ValidatorIndex(i), View(1));
  p.s.core->OnWork(p.s.now, true);
  EXPECT_THAT(p.s.TakeVotes(), IsEmpty());
  p.s.core->OnPeerDown(p.s.now, p.leader());
  EXPECT_THAT(p.s.TakeVotes(), Contains(p.s.Say(kX, p.view)));
}

TEST(Timeout, SilenceOfEverybodyConvictsNobody) {
  Subject s;
  s.Start();
  const BlockPtr first = s.BlockOn(1, s.Root());
  s.core->OnBlockValid(s.now, first->id, first->header);
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kF, 1, 0, first->id)));
  s.NullifyUpTo(s.ViewLedByOther(2));
  for (uint16_t i = 1; i < 4; ++i) s.core->OnHeard(s.now, ValidatorIndex(i), View(1));
  s.Wait(Timing{}.skip_after + 5'000);
  s.Take();
  s.core->OnWork(s.now, true);
  EXPECT_THAT(s.TakeVotes(), IsEmpty());
}

}  // namespace
}  // namespace beian::consensus
