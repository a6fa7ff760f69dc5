#include <gmock/gmock.h>

#include "tests/node/consensus/core_subject.h"

namespace beian::consensus {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

std::vector<LogRecord> LostLog(const Subject& s) {
  const Genesis& genesis = s.fixture_.genesis;
  return {EpochRecord{Epoch(0), genesis.validators.hash(), RootHeader(genesis).id()},
          ReentryRecord{Epoch(0)}};
}

struct Reentering {
  Subject s;
  ReentryNonce nonce{};
  Reentering() {
    s.Restart(LostLog(s));
    s.Start();
    s.Wait(10);
    const auto asks = Subject::Sent<ReentryAsk>(s.Take());
    if (!asks.empty()) nonce = asks[0].nonce;
  }
  void Answer(uint16_t peer, uint64_t view) { Answer(peer, view, nonce); }
  void Answer(uint16_t peer, uint64_t view, const ReentryNonce& with) {
    ReentryAnswer answer{with,     ValidatorIndex(0), ValidatorIndex(peer),
                         Epoch(0), View(view),        {},
                         {}};
    if (view > 1) answer.certificate = s.Certify(s.Say(kX, view - 1));
    s.core->OnReentryAnswer(s.now, ValidatorIndex(peer), answer);
  }
};

TEST(Reentry, AsksAndIsMuteUntilAQuorumOfOthersHasAnswered) {
  Reentering r;
  r.s.core->OnWork(r.s.now, true);
  r.Answer(1, 1);
  r.Answer(2, 1);
  r.Answer(2, 1);
  r.s.Wait(30'000);
  EXPECT_TRUE(r.s.core->muted());
  const Outputs outputs = r.s.Take();
  EXPECT_THAT(Subject::Sent<Vote>(outputs), IsEmpty());
  EXPECT_THAT(Subject::Sent<ReentryAnswer>(outputs), IsEmpty());
  EXPECT_THAT(Subject::Sent<ReentryAsk>(outputs), Not(IsEmpty()));
}

TEST(Reentry, TheFloorIsOneAboveTheHighestProvenView) {
  Reentering r;
  r.Answer(1, 5);
  r.Answer(2, 9);
  r.Answer(3, 7);
  EXPECT_FALSE(r.s.core->muted());
  EXPECT_EQ(r.s.core->floor(), View(10));
}

TEST(Reentry, TheFloorIsSyncedBeforeAnythingIsSaid) {
  Reentering r;
  for (uint16_t peer = 1; peer < 4; ++peer) r.Answer(peer, 4);
  bool floor = false;
  bool synced = false;
  for (const Output& output : r.s.Take()) {
    if (const auto* append = std::get_if<AppendRecord>(&output)) {
      floor |= std::holds_alternative<FloorRecord>(append->record);
    }
    if (std::holds_alternative<SyncLog>(output)) synced = floor;
    const auto* send = std::get_if<Send>(&output);
    const bool question = send && std::holds_alternative<ReentryAsk>(send->message);
    if (send && !question) {
      EXPECT_TRUE(synced);
    }
  }
  EXPECT_TRUE(synced);
}

TEST(Reentry, AnswersToAnEarlierStartAreWorthNothing) {
  Reentering r;
  ReentryNonce old = r.nonce;
  old[0] ^= 1;
  for (uint16_t peer = 1; peer < 4; ++peer) r.Answer(peer, 4, old);
  EXPECT_TRUE(r.s.core->muted());
}

TEST(Reentry, AViewWithoutItsCertificateIsNotBelieved) {
  Reentering r;
  for (uint16_t peer = 1; peer < 4; ++peer) {
    ReentryAnswer bare{r.nonce, ValidatorIndex(0), ValidatorIndex(peer), Epoch(0), View(9), {}, {}};
    r.s.core->OnReentryAnswer(r.s.now, ValidatorIndex(peer), bare);
    bare.certificate = r.s.Certify(r.s.Say(kX, 3));   // of another view
    r.s.core->OnReentryAnswer(r.s.now, ValidatorIndex(peer), bare);
  }
  EXPECT_TRUE(r.s.core->muted());
}

TEST(Reentry, NeverVotesAtOrBelowTheFloor) {
  Reentering r;
  for (uint16_t peer = 1; peer < 4; ++peer) r.Answer(peer, 2);
  const uint64_t floor = r.s.core->floor().value();
  ASSERT_EQ(floor, 3u);
  r.s.core->OnWork(r.s.now, true);
  const BlockPtr block = r.s.BlockOn(2, r.s.Root());
  r.s.core->OnCertificate(r.s.now, ValidatorIndex(1),
                          r.s.Certify(r.s.Say(VoteKind::kNotarize, 2, 0, block->id)));
  r.s.Wait(20'000);
  for (const Statement& statement : r.s.TakeVotes()) EXPECT_GT(statement.view, View(floor));
  r.s.NullifyUpTo(floor + 1);
  r.s.Wait(20'000);
  EXPECT_THAT(r.s.TakeVotes(), Contains(r.s.Say(kX, floor + 1)));
}

TEST(Reentry, ARestartBeforeTheFloorAsksAgain) {
  Reentering r;
  r.Answer(1, 1);
  r.s.Restart(LostLog(r.s));
  r.s.Start();
  r.Answer(2, 1);
  r.Answer(3, 1);
  EXPECT_TRUE(r.s.core->muted());
}

TEST(Reentry, ARestartAfterTheFloorKeepsIt) {
  Reentering r;
  for (uint16_t peer = 1; peer < 4; ++peer) r.Answer(peer, 2);
  r.s.Take();
  std::vector<LogRecord> log = LostLog(r.s);
  log.insert(log.end(), r.s.log.begin(), r.s.log.end());
  r.s.Restart(log);
  r.s.Start();
  EXPECT_FALSE(r.s.core->muted());
  EXPECT_EQ(r.s.core->floor(), View(3));
}

TEST(Reentry, APeerAnswersWithItsProvenViewAndThenWantsFinality) {
  Subject s;
  s.Start();
  s.NullifyUpTo(4);
  s.Take();
  s.core->OnReentryAsk(s.now, ValidatorIndex(2), ReentryAsk{});
  const auto answers = Subject::Sent<ReentryAnswer>(s.Take());
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].view, View(4));
  ASSERT_TRUE(answers[0].certificate);
  EXPECT_EQ(answers[0].certificate->statement, s.Say(kX, 3));
}

TEST(Reentry, APeerAtOrBelowItsOwnFloorStaysSilent) {
  Reentering r;
  for (uint16_t peer = 1; peer < 4; ++peer) r.Answer(peer, 2);
  r.s.Take();
  r.s.core->OnReentryAsk(r.s.now, ValidatorIndex(2), ReentryAsk{});
  EXPECT_THAT(Subject::Sent<ReentryAnswer>(r.s.Take()), IsEmpty());
  r.s.NullifyUpTo(4);
  r.s.Take();
  r.s.core->OnReentryAsk(r.s.now, ValidatorIndex(2), ReentryAsk{});
  EXPECT_THAT(Subject::Sent<ReentryAnswer>(r.s.Take()), Not(IsEmpty()));
}

}  // namespace
}  // namespace beian::consensus
