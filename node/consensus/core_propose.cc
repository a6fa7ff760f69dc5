#include <algorithm>

#include "ledger/base/check.h"
#include "node/consensus/core.h"

// R3 propose, R4 receive a proposal, R5 notarize, R6 finalize.
namespace beian::consensus {

// ---- What is known of parents -----------------------------------------------------------------

/// The block certified at a view that a child may extend: notarized, or final.
std::optional<BlockId> Core::IdAt(View view) const {
  if (view == final_.view) return final_.id;
  if (view < final_.view) return std::nullopt;
  const ViewState* state = Find(view);
  if (state == nullptr) return std::nullopt;
  if (state->notarization) return state->notarization->statement.id;
  if (state->finalization) return state->finalization->statement.id;
  return std::nullopt;
}

/// The highest certified view below the current one above which every view is nullified; nothing
/// while a certificate is missing.
std::optional<View> Core::ParentView() const {
  for (View view = view_.Previous();; view = view.Previous()) {
    if (IdAt(view)) return view;
    const ViewState* state = Find(view);
    if (view <= final_.view || state == nullptr || !state->nullification) return std::nullopt;
  }
}

BlockId Core::TipId() const {
  const std::optional<View> parent = ParentView();
  return parent ? *IdAt(*parent) : final_.id;
}

bool Core::GapNullified(View parent_view, View view) const {
  for (View gap = parent_view.Next(); gap < view; gap = gap.Next()) {
    const ViewState* state = Find(gap);
    if (state == nullptr || !state->nullification) return false;
  }
  return true;
}

Core::Evidenced Core::ParentEvidence(View parent_view, const BlockId& parent) const {
  const std::optional<BlockId> known = IdAt(parent_view);
  if (!known) return Evidenced::kMissing;
  return *known == parent ? Evidenced::kYes : Evidenced::kContradicted;
}

std::vector<Certificate> Core::Justify(View parent_view, View view) const {
  std::vector<Certificate> justification;
  if (parent_view == final_.view) {
    if (finalization_) justification.push_back(*finalization_);
  } else {
    const ViewState* parent = Find(parent_view);
    justification.push_back(parent->notarization ? *parent->notarization : *parent->finalization);
  }
  for (View gap = parent_view.Next(); gap < view; gap = gap.Next()) {
    if (justification.size() == kJustificationMax) break;   // the rest is pulled from the leader
    justification.push_back(*Find(gap)->nullification);
  }
  return justification;
}

void Core::PullGap(Now now, ValidatorIndex from) {
  if (now.steady < pull_at_ || IsSelf(from)) return;
  pull_at_ = now.steady + kRateLimitMs;
  Emit(Send{from, GetCertificates{final_.view.Next(), view_.Previous()}});
}

// ---- R3 ---------------------------------------------------------------------------------------

// Load is gathered in blocks: the more there was in the parent, the longer its child waits.
SteadyMs Core::EarliestChild(View parent_view) const {
  const ViewState* parent = Find(parent_view);
  if (parent == nullptr || !parent->notarization) return SteadyMs(0);
  const auto block = valid_.find(parent->notarization->statement.id);
  const uint64_t transactions = block == valid_.end() ? 0 : block->second.tx_count;
  return parent->notarized_at + std::min(config_.timing.min_interval, transactions);
}

void Core::TryPropose(Now now) {
  if (observer_ || !IsSelf(Leader(view_)) || !MayVote(view_) || building_) return;
  if (At(view_).mine.Any() || !WantBlock(now)) return;
  if (build_retry_at_ && now.steady < *build_retry_at_) return;
  const std::optional<View> parent_view = ParentView();
  if (!parent_view) {
    for (uint16_t i = 1; i < peers_.size(); ++i) {   // anyone that is ahead of the gap knows it
      const ValidatorIndex peer((config_.self->value() + i) % peers_.size());
      if (peers_[peer.value()].view >= view_) {
        PullGap(now, peer);
        break;
      }
    }
    return;
  }
  if (now.steady < EarliestChild(*parent_view)) return;
  const BlockId parent_id = *IdAt(*parent_view);
  auto known = valid_.find(parent_id);
  const Height tip = known == valid_.end() ? final_height_ : known->second.height;
  const bool full_pipeline =
      tip > final_height_ && tip - final_height_ >= config_.timing.pipeline_max;
  building_ = view_;
  Emit(Build{view_, *parent_view, parent_id, EmptyAllowed(now) || full_pipeline, full_pipeline});
}

void Core::OnBuilt(Now now, View view, const BlockPtr& block) {
  if (building_ != view || view != view_ || At(view_).mine.Any()) return;
  building_.reset();
  const std::optional<View> parent_view = ParentView();
  if (!parent_view || *IdAt(*parent_view) != block->header.parent) return;  // it moved: build again
  valid_.emplace(block->id, block->header);
  Emit(AppendBody{block->id});
  const Statement statement{VoteKind::kNotarize, config_.epoch, view, *parent_view, block->id};
  Proposal proposal{view, *parent_view, block->header, {}, MakeVote(statement),
                    Justify(*parent_view, view)};
  for (const TransactionPtr& transaction : block->transactions) {
    proposal.wire_ids.push_back(transaction->wire_id());
  }
  At(view).proposal = proposal;
  Emit(AppendRecord{ProposalRecord{proposal}});
  Emit(SyncLog{});
  Emit(Send{std::nullopt, std::move(proposal)});   // carries the vote too
  TryCertify(now, statement);
  Settle(now);
}

void Core::OnNotBuilt(Now now, View view, NotBuilt why) {
  if (building_ != view) return;
  building_.reset();
  build_retry_at_ = now.steady + kBuildRetryMs;
  // A leader that knows it cannot propose must not cost a timeout.
  const bool given_up = why == NotBuilt::kParentMissing && now.steady >= entered_at_ + Delta();
  if (given_up && view == view_ && !At(view).mine.Any()) TimeOut(now);
  Settle(now);
}

// ---- R4 ---------------------------------------------------------------------------------------

// The leader signs the header alone, and anyone may pass a proposal on: without the check of the
// list against tx_root, a false list would make a good block invalid here, for ever.
bool Core::ProposalWellFormed(const Proposal& proposal) const {
  const Header& header = proposal.header;
  const Statement expected{VoteKind::kNotarize, config_.epoch, proposal.view, proposal.parent_view,
                           header.id()};
  return header.chain_id == config_.chain && header.epoch == config_.epoch &&
         header.view == proposal.view && proposal.parent_view < proposal.view &&
         header.proposer == Leader(proposal.view) &&
         proposal.leader_vote.signer == Leader(proposal.view) &&
         proposal.leader_vote.statement == expected &&
         proposal.wire_ids.size() == header.tx_count &&
         TransactionRoot(proposal.wire_ids) == header.tx_root;
}

void Core::OnProposal(Now now, ValidatorIndex from, const Proposal& proposal) {
  if (!ProposalWellFormed(proposal)) return;
  for (const Certificate& certificate : proposal.justification) {
    HandleCertificate(now, from, certificate);
  }
  const View view = proposal.view;
  if (view <= final_.view || view > view_ + config_.timing.window) {
    HandleVote(now, from, proposal.leader_vote);   // answers a peer that lags
    return Settle(now);
  }
  ViewState& state = At(view);
  const bool certified = state.notarization || state.finalization;
  if (!state.proposal && !certified) state.proposal = proposal;
  HandleVote(now, from, proposal.leader_vote);
  Settle(now);
}

// ---- R5 ---------------------------------------------------------------------------------------

bool Core::ClockAllows(Now now, const Header& header) const {
  const Timing& timing = config_.timing;
  return header.time <= now.wall + timing.clock_ahead_max &&
         header.time + timing.clock_behind_max >= now.wall;
}

void Core::TryNotarize(Now now) {
  ViewState& state = At(view_);
  if (!state.proposal || state.mine.Any() || !MayVote(view_)) return;
  const Proposal& proposal = *state.proposal;
  const Evidenced evidence = ParentEvidence(proposal.parent_view, proposal.header.parent);
  if (evidence == Evidenced::kContradicted || state.invalid) return TimeOut(now);
  if (evidence == Evidenced::kMissing || !GapNullified(proposal.parent_view, view_)) {
    return PullGap(now, Leader(view_));
  }
  const BlockId id = proposal.header.id();
  if (!valid_.contains(id)) {
    if (!state.validating) {
      state.validating = true;
      Emit(Validate{proposal});
    }
    return;
  }
  if (!ClockAllows(now, proposal.header)) {
    clock_retry_at_ = now.steady + config_.timing.relay_after;
    return;   // wait, and do not nullify before the timer: our clock may be the wrong one
  }
  clock_retry_at_.reset();
  Emit(AppendBody{id});
  Cast(now, Statement{VoteKind::kNotarize, config_.epoch, view_, proposal.parent_view, id});
}

void Core::OnBlockValid(Now now, const BlockId& id, const Header& header) {
  valid_.emplace(id, header);
  if (id == final_.id) final_height_ = std::max(final_height_, header.height);
  Settle(now);
}

void Core::OnBlockInvalid(Now now, const BlockId& id) {
  for (auto& [view, state] : views_) {
    if (state.proposal && state.proposal->header.id() == id) state.invalid = true;
  }
  Settle(now);
}

// ---- R6 ---------------------------------------------------------------------------------------

// The only place where FINALIZE is made. It reads the durable history of votes, never a cache.
void Core::TryFinalize(Now now) {
  std::vector<Statement> ready;
  for (auto it = views_.upper_bound(final_.view); it != views_.end(); ++it) {
    const ViewState& state = it->second;
    const bool may = MayVote(it->first) && state.notarization && !state.nullification &&
                     !state.mine.nullify && !state.mine.finalize;
    if (!may) continue;
    Statement statement = state.notarization->statement;
    statement.kind = VoteKind::kFinalize;
    ready.push_back(statement);
  }
  for (const Statement& statement : ready) {
    // An earlier vote of this loop may have completed a certificate.
    const ViewState* state = Find(statement.view);
    const bool still = statement.view > final_.view && MayVote(statement.view) &&
                       state != nullptr && !state->nullification && !state->mine.finalize;
    if (still) Cast(now, statement);
  }
}

}  // namespace beian::consensus
