#include "node/consensus/core.h"

#include <gmock/gmock.h>

#include "tests/node/consensus/core_subject.h"

namespace beian::consensus {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// ---- R3 ---------------------------------------------------------------------------------------

TEST(Leader, ProposesTheHighestNotarizedBlockAboveWhichAllIsNullified) {
  Subject s;
  s.Start();
  const uint64_t view = s.ViewLedBySelf(3);
  const BlockPtr low = s.BlockOn(1, s.Root());
  s.core->OnBlockValid(s.now, low->id, low->header);
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kN, 1, 0, low->id)));
  s.NullifyUpTo(view);
  s.core->OnWork(s.now, true);
  s.Wait(Timing{}.min_interval);
  const auto builds = Subject::Only<Build>(s.Take());
  ASSERT_FALSE(builds.empty());
  EXPECT_EQ(builds.back().parent, low->id);
  EXPECT_EQ(builds.back().parent_view, View(1));
}

TEST(Leader, WaitsAMillisecondForEachTransactionOfTheParentAndNoMoreThanTheInterval) {
  for (const uint64_t transactions : {uint64_t{0}, uint64_t{5}, uint64_t{2'000}}) {
    Subject s;
    s.Start();
    const uint64_t view = s.ViewLedBySelf(3);
    const BlockPtr parent = s.BlockOn(view - 1, s.Root());
    Header header = parent->header;
    header.tx_count = static_cast<uint32_t>(transactions);
    s.core->OnBlockValid(s.now, parent->id, header);
    s.NullifyUpTo(view - 1);
    s.core->OnWork(s.now, true);
    s.Take();
    s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kN, view - 1, 0, parent->id)));
    const uint64_t wait = std::min(Timing{}.min_interval, transactions);
    if (wait > 0) {
      s.Wait(wait - 1);
      EXPECT_TRUE(Subject::Only<Build>(s.Take()).empty()) << transactions;
      EXPECT_EQ(s.core->NextDeadline(), s.now.steady + 1);
      s.Wait(1);
    }
    EXPECT_FALSE(Subject::Only<Build>(s.Take()).empty()) << transactions;
  }
}

TEST(Leader, SendsBodyVoteAndProposalOnlyAfterOneSync) {
  Subject s;
  s.Start();
  const uint64_t view = s.ViewLedBySelf();
  s.NullifyUpTo(view);
  s.core->OnWork(s.now, true);
  ASSERT_FALSE(Subject::Only<Build>(s.Take()).empty());
  const BlockPtr block = s.BlockOn(view, s.Root());
  s.core->OnBuilt(s.now, View(view), block);
  std::vector<std::string> order;
  for (const Output& output : s.Take()) {
    if (std::holds_alternative<AppendBody>(output)) order.push_back("body");
    if (std::holds_alternative<SyncLog>(output)) order.push_back("sync");
    if (const auto* append = std::get_if<AppendRecord>(&output)) {
      if (std::holds_alternative<VoteRecord>(append->record)) order.push_back("vote");
      if (std::holds_alternative<ProposalRecord>(append->record)) order.push_back("proposal");
    }
    const auto* send = std::get_if<Send>(&output);
    if (send && std::holds_alternative<Proposal>(send->message)) order.push_back("send");
  }
  EXPECT_THAT(order, ElementsAre("body", "vote", "proposal", "sync", "send"));
}

TEST(Leader, CarriesTheNullificationsOfTheGap) {
  Subject s;
  s.Start();
  const uint64_t view = s.ViewLedBySelf(4);
  s.NullifyUpTo(view);
  s.core->OnWork(s.now, true);
  s.Take();
  s.core->OnBuilt(s.now, View(view), s.BlockOn(view, s.Root()));
  const auto proposals = Subject::Sent<Proposal>(s.Take());
  ASSERT_EQ(proposals.size(), 1u);
  EXPECT_EQ(proposals[0].justification.size(), view - 1);
}

TEST(Leader, ThatCannotGetTheParentGivesUpBeforeTheTimeout) {
  Subject s;
  s.Start();
  const uint64_t view = s.ViewLedBySelf();
  s.NullifyUpTo(view);
  s.core->OnWork(s.now, true);
  for (int i = 0; i < 60 && s.core->view() == View(view); ++i) {
    if (!Subject::Only<Build>(s.Take()).empty()) {
      s.core->OnNotBuilt(s.now, View(view), Core::NotBuilt::kParentMissing);
    }
    s.Wait(10);
  }
  s.core->OnNotBuilt(s.now, View(view), Core::NotBuilt::kParentMissing);
  bool nullified = false;
  for (const LogRecord& record : s.log) {
    const auto* vote = std::get_if<VoteRecord>(&record);
    nullified |= vote != nullptr && vote->vote.statement == s.Say(kX, view);
  }
  EXPECT_TRUE(nullified);
}

TEST(Leader, WithoutWorkProposesNothingOnceTheChainHasBegun) {
  Subject s;
  s.Start();
  const BlockPtr first = s.BlockOn(1, s.Root());
  s.core->OnBlockValid(s.now, first->id, first->header);
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kF, 1, 0, first->id)));
  s.NullifyUpTo(s.ViewLedBySelf(2));
  s.Take();
  s.Wait(Timing{}.heartbeat - 2'000);
  EXPECT_THAT(Subject::Only<Build>(s.Take()), IsEmpty());
  s.Wait(3'000);
  EXPECT_THAT(Subject::Only<Build>(s.Take()), Not(IsEmpty()));
}

// ---- R4, R5 -----------------------------------------------------------------------------------

struct Proposed {
  Subject s;
  uint64_t view = 0;
  BlockPtr block;
  explicit Proposed(uint64_t from = 1) {
    s.Start();
    view = s.ViewLedByOther(from);
    s.NullifyUpTo(view);
    block = s.BlockOn(view, s.Root());
    s.Take();
  }
  ValidatorIndex leader() const { return s.core->Leader(View(view)); }
};

TEST(Notarize, AValidProposalOfTheCurrentView) {
  Proposed p;
  p.s.core->OnProposal(p.s.now, p.leader(), p.s.Propose(p.block, 0));
  EXPECT_EQ(Subject::Only<Validate>(p.s.Take()).size(), 1u);
  p.s.core->OnBlockValid(p.s.now, p.block->id, p.block->header);
  EXPECT_THAT(p.s.TakeVotes(), ElementsAre(p.s.Say(kN, p.view, 0, p.block->id)));
}

TEST(Notarize, OnlyTheFirstProposalOfAViewIsValidated) {
  Proposed p;
  p.s.core->OnProposal(p.s.now, p.leader(), p.s.Propose(p.block, 0));
  for (uint64_t salt = 1; salt < 100; ++salt) {
    const BlockPtr other = p.s.BlockOn(p.view, p.s.Root(), salt);
    p.s.core->OnProposal(p.s.now, p.leader(), p.s.Propose(other, 0));
  }
  const Outputs outputs = p.s.Take();
  EXPECT_EQ(Subject::Only<Validate>(outputs).size(), 1u);
  EXPECT_EQ(Subject::Only<Evidence>(outputs).size(), 1u);   // reported once
}

TEST(Notarize, NotBeforeEverySkippedViewIsNullified) {
  Proposed p(3);
  Subject fresh;
  fresh.Start();
  // The core jumps ahead by one certificate and lacks those of the gap.
  fresh.core->OnCertificate(fresh.now, kPeer, fresh.Certify(fresh.Say(kX, p.view - 1)));
  fresh.core->OnBlockValid(fresh.now, p.block->id, p.block->header);
  fresh.core->OnProposal(fresh.now, p.leader(), p.s.Propose(p.block, 0));
  const Outputs outputs = fresh.Take();
  EXPECT_THAT(Subject::Sent<Vote>(outputs), IsEmpty());
  EXPECT_THAT(Subject::Sent<GetCertificates>(outputs), Not(IsEmpty()));
  for (uint64_t v = 1; v < p.view - 1; ++v) {
    fresh.core->OnCertificate(fresh.now, kPeer, fresh.Certify(fresh.Say(kX, v)));
  }
  EXPECT_THAT(fresh.TakeVotes(), Contains(fresh.Say(kN, p.view, 0, p.block->id)));
}

TEST(Notarize, NotAProposalThatSkipsANotarizedView) {
  Subject s;
  s.Start();
  const BlockPtr notarized = s.BlockOn(1, s.Root());
  s.core->OnBlockValid(s.now, notarized->id, notarized->header);
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kN, 1, 0, notarized->id)));
  const uint64_t view = s.ViewLedByOther(2);
  s.NullifyUpTo(view);
  s.TakeVotes();
  const BlockPtr skipping = s.BlockOn(view, s.Root(), 7);
  s.core->OnBlockValid(s.now, skipping->id, skipping->header);
  s.core->OnProposal(s.now, s.core->Leader(View(view)), s.Propose(skipping, 0));
  EXPECT_THAT(s.TakeVotes(), Not(Contains(s.Say(kN, view, 0, skipping->id))));
}

TEST(Notarize, AnInvalidBlockIsNullifiedAtOnce) {
  Proposed p;
  p.s.core->OnProposal(p.s.now, p.leader(), p.s.Propose(p.block, 0));
  p.s.Take();
  p.s.core->OnBlockInvalid(p.s.now, p.block->id);
  EXPECT_THAT(p.s.TakeVotes(), Contains(p.s.Say(kX, p.view)));
}

TEST(Notarize, ABlockFromTheFutureWaitsWithoutANullify) {
  Proposed p;
  Header header = p.block->header;
  header.time = p.s.now.wall + Timing{}.clock_ahead_max + 500;
  const BlockPtr early = Block::Make(header, {});
  p.s.core->OnBlockValid(p.s.now, early->id, early->header);
  p.s.core->OnProposal(p.s.now, p.leader(), p.s.Propose(early, 0));
  EXPECT_THAT(p.s.TakeVotes(), IsEmpty());
  p.s.Wait(700);
  EXPECT_THAT(p.s.TakeVotes(), ElementsAre(p.s.Say(kN, p.view, 0, early->id)));
}

TEST(Notarize, ABackdatedBlockIsNotVotedFor) {
  Proposed p;
  Header header = p.block->header;
  header.time = TimeMs(p.s.now.wall.value() - Timing{}.clock_behind_max - 1);
  const BlockPtr late = Block::Make(header, {});
  p.s.core->OnBlockValid(p.s.now, late->id, late->header);
  p.s.core->OnProposal(p.s.now, p.leader(), p.s.Propose(late, 0));
  p.s.Wait(500);
  EXPECT_THAT(p.s.TakeVotes(), IsEmpty());
}

TEST(Notarize, NeverAfterNullify) {
  Proposed p;
  p.s.core->OnWork(p.s.now, true);
  p.s.Wait(3'000);
  EXPECT_THAT(p.s.TakeVotes(), Contains(p.s.Say(kX, p.view)));
  p.s.core->OnBlockValid(p.s.now, p.block->id, p.block->header);
  p.s.core->OnProposal(p.s.now, p.leader(), p.s.Propose(p.block, 0));
  EXPECT_THAT(p.s.TakeVotes(), Not(Contains(p.s.Say(kN, p.view, 0, p.block->id))));
}

TEST(Proposals, ThatAreNotTheLeadersOwnAreIgnored) {
  Proposed p;
  Proposal forged = p.s.Propose(p.block, 0);
  forged.leader_vote.signer = ValidatorIndex((p.leader().value() + 1) % 4);
  p.s.core->OnProposal(p.s.now, p.leader(), forged);
  Proposal mismatched = p.s.Propose(p.block, 0);
  mismatched.parent_view = View(p.view);
  p.s.core->OnProposal(p.s.now, p.leader(), mismatched);
  Proposal other_count = p.s.Propose(p.block, 0);
  other_count.wire_ids.push_back(WireId{});
  p.s.core->OnProposal(p.s.now, p.leader(), other_count);
  EXPECT_THAT(Subject::Only<Validate>(p.s.Take()), IsEmpty());
}

// Anyone may pass a proposal on: a list that is not the header's must not cost the good block.
TEST(Proposals, WithAnotherListThanTheHeadersAreIgnored) {
  Proposed p;
  Header header = p.block->header;
  const std::vector<WireId> ids{WireId{{1}}, WireId{{2}}};
  header.tx_count = 2;
  header.tx_root = TransactionRoot(ids);
  const BlockPtr block = Block::Make(header, {});
  Proposal good = p.s.Propose(block, 0);
  good.wire_ids = ids;
  for (const auto& list : {std::vector{ids[0], ids[0]}, std::vector{ids[1], ids[0]}}) {
    Proposal mangled = good;
    mangled.wire_ids = list;
    p.s.core->OnProposal(p.s.now, p.leader(), mangled);
    EXPECT_THAT(Subject::Only<Validate>(p.s.Take()), IsEmpty());
  }
  p.s.core->OnProposal(p.s.now, p.leader(), good);
  EXPECT_EQ(Subject::Only<Validate>(p.s.Take()).size(), 1u);
}

// ---- R6 ---------------------------------------------------------------------------------------

TEST(Finalize, ANotarizedViewEvenWithoutAnOwnVoteOrTheBody) {
  Subject s;
  s.Start();
  const BlockPtr block = s.BlockOn(1, s.Root());
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kN, 1, 0, block->id)));
  EXPECT_THAT(s.TakeVotes(), Contains(s.Say(kF, 1, 0, block->id)));
}

TEST(Finalize, NeverAfterNullify) {
  Proposed p;
  p.s.core->OnWork(p.s.now, true);
  p.s.Wait(3'000);
  p.s.Take();
  p.s.core->OnCertificate(p.s.now, kPeer, p.s.Certify(p.s.Say(kN, p.view, 0, p.block->id)));
  EXPECT_THAT(p.s.TakeVotes(), Not(Contains(p.s.Say(kF, p.view, 0, p.block->id))));
}

TEST(Finalize, NeverANullifiedView) {
  Subject s;
  s.Start();
  const BlockPtr block = s.BlockOn(1, s.Root());
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kX, 1)));
  s.core->OnCertificate(s.now, kPeer, s.Certify(s.Say(kN, 1, 0, block->id)));
  EXPECT_THAT(s.TakeVotes(), Not(Contains(s.Say(kF, 1, 0, block->id))));
}

}  // namespace
}  // namespace beian::consensus
