#include "node/consensus/core.h"

#include <algorithm>

#include "ledger/base/check.h"

// R1 votes, R2 certificates, R8 entering a view, and the loop that pokes R3, R5 and R6.
namespace beian::consensus {

Core::Core(CoreConfig config)
    : config_(std::move(config)),
      leaders_(config_.chain, config_.epoch, config_.root, config_.set.size()),
      quorum_(config_.set.quorum()),
      final_{View(0), config_.root},
      final_height_(config_.root_height),
      committed_(config_.root_height),
      peers_(config_.set.size()) {
  CHECK(!config_.self || config_.set.Contains(*config_.self));
  observer_ = !config_.self.has_value();
}

std::optional<Certificate>& Core::ViewState::Slot(VoteKind kind) {
  switch (kind) {
    case VoteKind::kNotarize: return notarization;
    case VoteKind::kNullify: return nullification;
    case VoteKind::kFinalize: return finalization;
  }
  CheckFailed("a vote kind without a slot");
}

const std::optional<Certificate>& Core::ViewState::Slot(VoteKind kind) const {
  return const_cast<ViewState*>(this)->Slot(kind);
}

const Core::ViewState* Core::Find(View view) const {
  auto it = views_.find(view);
  return it == views_.end() ? nullptr : &it->second;
}

Outputs Core::TakeOutputs() {
  Outputs out;
  out.swap(outputs_);
  return out;
}

// ---- R1 ---------------------------------------------------------------------------------------

void Core::OnVote(Now now, ValidatorIndex from, const Vote& vote) {
  HandleVote(now, from, vote);
  Settle(now);
}

void Core::HandleVote(Now now, std::optional<ValidatorIndex> from, const Vote& vote) {
  const Statement& statement = vote.statement;
  if (statement.epoch != config_.epoch || !config_.set.Contains(vote.signer)) return;
  if (statement.view <= final_.view) {
    if (from && finalization_ && now.steady >= peers_[from->value()].answered_at) {
      peers_[from->value()].answered_at = now.steady + kRateLimitMs;
      Emit(Send{from, *finalization_});
    }
    return;
  }
  if (statement.view > view_ + config_.timing.window) return;
  if (!Observe(vote, false)) return;
  TryCertify(now, statement);
  const bool leader_gives_up = statement.kind == VoteKind::kNullify && statement.view == view_ &&
                               vote.signer == Leader(view_);
  if (leader_gives_up && !At(view_).mine.nullify) TimeOut(now);
}

// Keeps the first vote of each kind; a second, different one is evidence and counts for nothing.
// True when the vote is new.
bool Core::Observe(const Vote& vote, bool own) {
  ViewState& state = At(vote.statement.view);
  const auto key = std::pair(vote.statement.kind, vote.signer);
  if (auto it = state.votes.find(key); it != state.votes.end()) {
    if (it->second.statement != vote.statement) Conflict(it->second, vote);
    return false;
  }
  if (!own && IsSelf(vote.signer) && started_ && !muted_ && vote.statement.view > floor_) {
    BecomeObserver("a vote of this validator that its log does not know came from the network");
    return false;   // a second copy or a lost log: nothing of it is repeated from here
  }
  state.votes.emplace(key, vote);
  for (const VoteKind kind : {VoteKind::kNullify, VoteKind::kFinalize}) {
    const auto it = state.votes.find({kind, vote.signer});
    if (it != state.votes.end() && Contradict(it->second.statement, vote.statement)) {
      Conflict(it->second, vote);
    }
  }
  return true;
}

void Core::Conflict(const Vote& first, const Vote& second) {
  if (IsSelf(first.signer)) return;   // a re-entered validator's forgotten votes are no crime
  if (reported_.emplace(first.statement.view, first.signer).second) Emit(Evidence{first, second});
}

void Core::TryCertify(Now now, const Statement& statement) {
  const ViewState& state = At(statement.view);
  if (state.Slot(statement.kind)) return;
  Certificate certificate{statement, {}};
  for (const auto& [key, vote] : state.votes) {
    if (vote.statement != statement) continue;
    certificate.signatures.emplace_back(vote.signer, vote.signature);
  }
  if (certificate.signatures.size() >= quorum_) HandleCertificate(now, std::nullopt, certificate);
}

// ---- R2 ---------------------------------------------------------------------------------------

void Core::OnCertificate(Now now, ValidatorIndex from, const Certificate& certificate) {
  HandleCertificate(now, from, certificate);
  Settle(now);
}

void Core::HandleCertificate(Now now, std::optional<ValidatorIndex> from,
                             const Certificate& certificate) {
  const Statement& statement = certificate.statement;
  if (statement.epoch != config_.epoch || statement.view <= final_.view) return;
  ViewState& state = At(statement.view);
  if (state.Slot(statement.kind)) return;
  for (const auto& [signer, signature] : certificate.signatures) {
    Observe(Vote{statement, signer, signature}, false);
  }
  state.Slot(statement.kind) = certificate;
  Emit(AppendRecord{CertificateRecord{certificate}});
  if (statement.kind != VoteKind::kNullify) {
    if (state.proposal && state.proposal->header.id() != statement.id) {
      state.proposal.reset();   // an equivocating leader showed us another block than the quorum
      state.validating = state.invalid = false;
    }
    if (!valid_.contains(statement.id)) {
      std::vector<ValidatorIndex> holders;
      if (from && !IsSelf(*from)) holders.push_back(*from);
      for (const auto& [signer, signature] : certificate.signatures) {
        if (!IsSelf(signer) && signer != from) holders.push_back(signer);
      }
      Emit(NeedBody{statement.id, statement.view, std::move(holders)});
    }
  }
  if (statement.kind == VoteKind::kNotarize) {
    state.notarized_at = now.steady;
    if (!unfinal_since_) unfinal_since_ = now.steady;
  }
  if (statement.kind == VoteKind::kFinalize) HandleFinalization(now, certificate);
  ScheduleRelay(now, certificate);
  if (statement.view >= view_) Enter(now, statement.view.Next());
  Poke(now);
}

void Core::HandleFinalization(Now now, const Certificate& certificate) {
  const Statement& statement = certificate.statement;
  final_ = {statement.view, statement.id};
  finalization_ = certificate;
  last_final_at_ = now.steady;
  if (auto it = valid_.find(statement.id); it != valid_.end()) final_height_ = it->second.height;
  unfinal_since_.reset();
  for (auto it = views_.upper_bound(final_.view); it != views_.end(); ++it) {
    if (it->second.notarization) unfinal_since_ = now.steady;
  }
  Emit(Finalized{certificate});
  Prune();
}

void Core::OnFinalityProof(Now now, const FinalityProof& proof, const Header& tip) {
  const Statement& statement = proof.finalization.statement;
  if (tip.id() == statement.id && statement.view > final_.view) {
    valid_.emplace(statement.id, tip);
    HandleCertificate(now, std::nullopt, proof.finalization);
  }
  Settle(now);
}

void Core::Prune() {
  const uint64_t final_view = final_.view.value();
  const View keep(final_view > kEvidenceViews ? final_view - kEvidenceViews : 0);
  views_.erase(views_.begin(), views_.lower_bound(keep));
  reported_.erase(reported_.begin(), reported_.lower_bound({keep, ValidatorIndex(0)}));
  std::erase_if(valid_, [&](const auto& entry) {
    return entry.second.height < final_height_ ||
           (entry.second.height == final_height_ && entry.first != final_.id);
  });
  std::erase_if(relays_, [&](const Relay& relay) {
    return relay.certificate.statement.view < final_.view;
  });
}

// A fresh certificate goes to the next leader at once and to the others a little later, unless they
// have shown that they know: "one honest holder, hence all" without n*n certificates as a rule.
void Core::ScheduleRelay(Now now, const Certificate& certificate) {
  if (muted_ || config_.set.size() == 1) return;
  const View next = std::max(view_, certificate.statement.view.Next());
  const ValidatorIndex leader = Leader(next);
  if (!IsSelf(leader) && peers_[leader.value()].view <= certificate.statement.view) {
    Emit(Send{leader, certificate});
  }
  if (relays_.size() == kRelaysMax) relays_.erase(relays_.begin());
  relays_.push_back({now.steady + config_.timing.relay_after, certificate});
}

void Core::RunRelays(Now now) {
  while (!relays_.empty() && relays_.front().due <= now.steady) {
    const Certificate certificate = std::move(relays_.front().certificate);
    relays_.erase(relays_.begin());
    for (uint16_t i = 0; i < peers_.size(); ++i) {
      const ValidatorIndex peer(i);
      if (!IsSelf(peer) && peers_[i].view <= certificate.statement.view) {
        Emit(Send{peer, certificate});
      }
    }
  }
}

// ---- R8 ---------------------------------------------------------------------------------------

void Core::Enter(Now now, View view) {
  CHECK(view > view_);
  const ViewState* left = Find(view_);
  const ValidatorIndex leader = Leader(view_);
  if (left != nullptr && left->nullification && !left->proposal && !IsSelf(leader)) {
    peers_[leader.value()].suspected = true;
  }
  view_ = view;
  entered_at_ = now.steady;
  armed_at_.reset();
  retry_at_.reset();
  building_.reset();
  build_retry_at_.reset();
  clock_retry_at_.reset();
  retry_ms_ = Delta();
}

// ---- The fixed point --------------------------------------------------------------------------

// A nested call only asks for one more round: Cast, certificate, Enter, Poke is the usual way.
void Core::Poke(Now now) {
  poke_again_ = true;
  if (poking_ || !started_) return;
  poking_ = true;
  while (poke_again_) {
    poke_again_ = false;
    TryFinalize(now);
    TryNotarize(now);
    UpdateArming(now);
    TryPropose(now);
  }
  poking_ = false;
}

void Core::Settle(Now now) {
  if (!started_) return;
  Poke(now);
  RunTimers(now);
  RunRelays(now);
  UpdateDeadline(now);
}

bool Core::MayVote(View view) const {
  return !observer_ && !muted_ && view > floor_ && view > final_.view;
}

// The only place where a vote is made. Whatever it relies on has been appended before.
Vote Core::MakeVote(const Statement& statement) {
  CHECK(MayVote(statement.view));
  OwnVotes& mine = At(statement.view).mine;
  switch (statement.kind) {
    case VoteKind::kNotarize:
      CHECK(!mine.Any());
      mine.notarize = statement;
      break;
    case VoteKind::kNullify:
      CHECK(!mine.nullify && !mine.finalize);
      mine.nullify = true;
      break;
    case VoteKind::kFinalize:
      CHECK(!mine.nullify && !mine.finalize);
      mine.finalize = statement;
      break;
  }
  const Vote vote{statement, *config_.self,
                  config_.sign(statement.SignedBytes(config_.chain, config_.set.hash()))};
  Emit(AppendRecord{VoteRecord{vote}});
  Observe(vote, true);
  return vote;
}

void Core::Cast(Now now, const Statement& statement) {
  const Vote vote = MakeVote(statement);
  Emit(SyncLog{});
  Emit(Send{std::nullopt, vote});
  TryCertify(now, statement);
}

// ---- Peers ------------------------------------------------------------------------------------

void Core::OnHeard(Now now, ValidatorIndex peer, View sender_view) {
  Peer& state = peers_[peer.value()];
  state.heard_at = now.steady;
  state.suspected = false;
  state.view = std::max(state.view, sender_view);
}

void Core::OnPeerUp(Now now, ValidatorIndex peer) {
  peers_[peer.value()].suspected = false;
  peers_[peer.value()].view = View(0);   // it may have restarted from an older view
  if (!muted_) Emit(Send{peer, MakeStatus()});
  Retransmit(peer);   // whatever was said while it was away
  Settle(now);
}

void Core::OnPeerDown(Now now, ValidatorIndex peer) {
  peers_[peer.value()].suspected = true;
  Settle(now);
}

void Core::OnStatus(Now now, ValidatorIndex from, const Status& status) {
  if (status.epoch != config_.epoch) return;
  if (status.final_view < final_.view && finalization_) Emit(Send{from, *finalization_});
  // A peer in an older view: one certificate of the view before ours lets it jump.
  if (status.view < view_ && view_.Previous() > final_.view) {
    if (const ViewState* before = Find(view_.Previous())) {
      for (VoteKind kind : {VoteKind::kNotarize, VoteKind::kNullify}) {
        if (before->Slot(kind)) Emit(Send{from, *before->Slot(kind)});
      }
    }
  }
  Settle(now);
}

void Core::OnGetCertificates(Now now, ValidatorIndex from, const GetCertificates& request) {
  uint64_t sent = 0;
  if (request.first <= final_.view && finalization_) {
    Emit(Send{from, *finalization_});
    ++sent;
  }
  for (auto it = views_.lower_bound(std::max(request.first, final_.view));
       it != views_.end() && it->first <= request.last && sent < kCertificatesPerReply; ++it) {
    for (VoteKind kind : {VoteKind::kNotarize, VoteKind::kNullify}) {
      if (it->second.Slot(kind)) {
        Emit(Send{from, *it->second.Slot(kind)});
        ++sent;
      }
    }
  }
  Settle(now);
}

Status Core::MakeStatus() const {
  return {config_.epoch, view_, final_.view, final_height_, final_.id, committed_};
}

// ---- Queries ----------------------------------------------------------------------------------

// The cheap question before the dear one: is a signature worth checking?
bool Core::Wants(const Message& message) const {
  const Statement* statement = nullptr;
  std::optional<ValidatorIndex> signer;
  if (const Vote* vote = std::get_if<Vote>(&message)) {
    statement = &vote->statement;
    signer = vote->signer;
    if (statement->view > view_ + config_.timing.window) return false;
  } else if (const Certificate* certificate = std::get_if<Certificate>(&message)) {
    statement = &certificate->statement;
  } else if (const Proposal* proposal = std::get_if<Proposal>(&message)) {
    return proposal->view > final_.view && proposal->header.epoch == config_.epoch;
  } else {
    return true;
  }
  if (statement->epoch != config_.epoch) return false;
  // Answered, not verified: see IsLate.
  if (statement->view <= final_.view) return signer.has_value();
  const ViewState* state = Find(statement->view);
  if (state == nullptr) return true;
  if (!signer) return !state->Slot(statement->kind);
  auto it = state->votes.find({statement->kind, *signer});
  return it == state->votes.end() || it->second.statement != *statement;
}

bool Core::IsLate(const Message& message) const {
  const Vote* vote = std::get_if<Vote>(&message);
  return vote != nullptr && vote->statement.epoch == config_.epoch &&
         vote->statement.view <= final_.view;
}

void Core::CheckInvariants() const {
  CHECK(view_ > final_.view);
  CHECK(relays_.size() <= kRelaysMax);
  for (const auto& [view, state] : views_) {
    CHECK(state.votes.size() <= 3 * config_.set.size());
    CHECK(!(state.mine.nullify && state.mine.finalize));
  }
}

}  // namespace beian::consensus
