#include <algorithm>

#include "node/consensus/core.h"

// R7, the idle rule, suspected leaders, retransmission and status.
namespace beian::consensus {

// Grows with the views since the last finalization in units of f+1, so that a run of f crashed
// leaders never inflates it; only a finalization resets it.
uint64_t Core::Delta() const {
  const uint64_t views = view_ - final_.view.Next();
  const uint64_t exponent = std::min<uint64_t>(views / (config_.set.faulty_max() + 1), 32);
  uint64_t delta = config_.timing.delta_base;
  for (uint64_t i = 0; i < exponent && delta < config_.timing.delta_max; ++i) delta += delta / 2;
  return std::min(delta, config_.timing.delta_max);
}

// ---- Idle rule --------------------------------------------------------------------------------

// Empty blocks: on a new chain, to carry the finalization of the parent, as heartbeat, and while a
// re-entered validator waits for finality above its floor.
bool Core::EmptyAllowed(Now now) const {
  const bool carries = unfinal_since_ && now.steady >= *unfinal_since_ + 2 * Delta();
  const bool heartbeat = now.steady >= last_final_at_ + config_.timing.heartbeat;
  const bool new_chain = final_.view == View(0);
  const bool reentered = floor_ != View(0) && final_.view <= floor_;
  const bool assisting = assist_until_ != View(0) && final_.view <= assist_until_;
  return carries || heartbeat || new_chain || reentered || assisting;
}

bool Core::WantBlock(Now now) const { return work_ || EmptyAllowed(now); }

bool Core::OthersHeard(Now now, ValidatorIndex except) const {
  size_t heard = 0;
  for (uint16_t i = 0; i < peers_.size(); ++i) {
    if (IsSelf(ValidatorIndex(i)) || ValidatorIndex(i) == except) continue;
    const std::optional<SteadyMs>& at = peers_[i].heard_at;
    if (at && *at + config_.timing.skip_after >= now.steady) ++heard;
  }
  return heard + 1 >= quorum_;
}

// A leader that is surely away costs nothing: its view is nullified at once. Silence of everybody
// convicts nobody.
bool Core::Suspected(Now now, ValidatorIndex leader) const {
  if (IsSelf(leader)) return false;
  const Peer& peer = peers_[leader.value()];
  const bool silent = peer.heard_at && *peer.heard_at + config_.timing.skip_after < now.steady;
  return (peer.suspected || silent) && OthersHeard(now, leader);
}

// A view's timers run only once there is a reason; having been armed they stay armed.
void Core::UpdateArming(Now now) {
  const bool want = WantBlock(now);
  if (!want) want_since_.reset();
  if (want && !want_since_) want_since_ = now.steady;
  if (armed_at_) return;
  const ViewState* state = Find(view_);
  size_t nullifiers = 0;
  if (state != nullptr) {
    for (const auto& [key, vote] : state->votes) nullifiers += key.first == VoteKind::kNullify;
  }
  const bool armed = (want && now.steady >= *want_since_ + Delta()) ||
                     (want && Suspected(now, Leader(view_))) ||
                     (state != nullptr && (state->proposal || state->mine.Any())) ||
                     nullifiers > config_.set.faulty_max() ||
                     now.steady >= entered_at_ + config_.timing.heartbeat + 2 * Delta();
  if (armed) armed_at_ = now.steady;
}

void Core::OnWork(Now now, bool work) {
  if (work == work_) return;
  work_ = work;
  if (work) build_retry_at_.reset();
  Settle(now);
}

// ---- R7 ---------------------------------------------------------------------------------------

void Core::OnTick(Now now) { Settle(now); }

void Core::RunTimers(Now now) {
  if (muted_) {
    if (now.steady >= ask_at_) AskReentry(now);
    return;
  }
  UpdateArming(now);
  if (armed_at_) {
    const Timing& timing = config_.timing;
    const ViewState* state = Find(view_);
    const bool proposed = state != nullptr && state->proposal;
    uint64_t patience = timing.min_interval + 2 * Delta();
    if (proposed) patience = timing.min_interval + 3 * Delta() + timing.exec_budget;
    if (!proposed && Suspected(now, Leader(view_))) patience = 0;
    const bool due = retry_at_ ? now.steady >= *retry_at_ : now.steady >= *armed_at_ + patience;
    if (due) TimeOut(now);
  }
  if (now.steady >= status_at_) {
    status_at_ = now.steady + config_.timing.status_every;
    Emit(Send{std::nullopt, MakeStatus()});
  }
}

void Core::TimeOut(Now now) {
  ViewState& state = At(view_);
  const View view = view_;
  retry_at_ = now.steady + retry_ms_;
  retry_ms_ = std::min(2 * retry_ms_, config_.timing.retry_max);
  const bool first = !state.mine.nullify && !state.mine.finalize && MayVote(view_);
  if (!armed_at_) armed_at_ = now.steady;
  if (!first) return Retransmit(std::nullopt);
  Cast(now, Statement{VoteKind::kNullify, config_.epoch, view, View(0), BlockId{}});
  Poke(now);
}

// Everything a peer may lack: the last finalization, certificates and own votes above it (a page at
// a time, lowest views first), and the own proposal.
void Core::Retransmit(std::optional<ValidatorIndex> to) {
  if (muted_) return;
  if (finalization_) Emit(Send{to, *finalization_});
  size_t certificates = 0;
  View last = final_.view;
  const View from = std::max(retransmit_from_, final_.view.Next());
  for (auto it = views_.lower_bound(from); it != views_.end(); ++it) {
    if (certificates >= kCertificatesPerReply) break;
    last = it->first;
    for (VoteKind kind : {VoteKind::kNotarize, VoteKind::kNullify}) {
      if (!it->second.Slot(kind)) continue;
      Emit(Send{to, *it->second.Slot(kind)});
      ++certificates;
    }
    for (const auto& [key, vote] : it->second.votes) {
      const bool needed = IsSelf(key.second) && !it->second.Slot(key.first);
      if (needed) Emit(Send{to, vote});
    }
  }
  const bool more = views_.upper_bound(last) != views_.end();
  retransmit_from_ = more ? last.Next() : View(0);
  const ViewState* state = Find(view_);
  if (state != nullptr && state->proposal && state->mine.notarize && IsSelf(Leader(view_))) {
    Emit(Send{to, *state->proposal});
  }
}

void Core::UpdateDeadline(Now now) {
  SteadyMs next = now.steady + config_.timing.status_every;
  auto consider = [&](SteadyMs at) {
    if (at > now.steady) next = std::min(next, at);
  };
  if (muted_) {
    consider(ask_at_);
    deadline_ = next;
    return;
  }
  const Timing& timing = config_.timing;
  consider(status_at_);
  if (!relays_.empty()) consider(relays_.front().due);
  consider(last_final_at_ + timing.heartbeat);
  if (unfinal_since_) consider(*unfinal_since_ + 2 * Delta());
  if (want_since_) consider(*want_since_ + Delta());
  consider(entered_at_ + timing.heartbeat + 2 * Delta());
  if (armed_at_ && !retry_at_) {
    consider(*armed_at_ + timing.min_interval + 2 * Delta());
    consider(*armed_at_ + timing.min_interval + 3 * Delta() + timing.exec_budget);
  }
  if (retry_at_) consider(*retry_at_);
  if (build_retry_at_) consider(*build_retry_at_);
  if (clock_retry_at_) consider(*clock_retry_at_);
  if (IsSelf(Leader(view_)) && WantBlock(now)) {
    consider(entered_at_ + Delta());
    consider(pull_at_);
    if (const std::optional<View> parent = ParentView()) consider(EarliestChild(*parent));
  }
  deadline_ = next;
}

}  // namespace beian::consensus
