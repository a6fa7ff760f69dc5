#include <algorithm>

#include "ledger/base/check.h"
#include "node/consensus/core.h"

// Recovery from the vote log, and re-entry of a validator whose log was lost. CONSENSUS.md, 5.
namespace beian::consensus {

// ---- Recovery ---------------------------------------------------------------------------------

void Core::Recover(const LogRecord& record) {
  CHECK(!started_);
  if (const auto* own = std::get_if<VoteRecord>(&record)) {
    const Statement& statement = own->vote.statement;
    if (statement.epoch != config_.epoch) return;
    ViewState& state = At(statement.view);
    switch (statement.kind) {
      case VoteKind::kNotarize: state.mine.notarize = statement; break;
      case VoteKind::kNullify: state.mine.nullify = true; break;
      case VoteKind::kFinalize: state.mine.finalize = statement; break;
    }
    Observe(own->vote, true);   // back into the own tally: a forgotten own vote can halt the chain
    view_ = std::max(view_, statement.view);
  } else if (const auto* held = std::get_if<CertificateRecord>(&record)) {
    const Certificate& certificate = held->certificate;
    if (certificate.statement.epoch != config_.epoch) return;
    At(certificate.statement.view).Slot(certificate.statement.kind) = certificate;
    view_ = std::max(view_, certificate.statement.view.Next());
    if (certificate.statement.kind == VoteKind::kFinalize &&
        certificate.statement.view > final_.view) {
      final_ = {certificate.statement.view, certificate.statement.id};
      finalization_ = certificate;
    }
  } else if (const auto* own_proposal = std::get_if<ProposalRecord>(&record)) {
    if (own_proposal->proposal.header.epoch != config_.epoch) return;
    At(own_proposal->proposal.view).proposal = own_proposal->proposal;
  } else if (const auto* last = std::get_if<FinalRecord>(&record)) {
    Recover(CertificateRecord{last->finalization});
    if (last->finalization.statement == finalization_->statement) final_height_ = last->height;
  } else if (std::holds_alternative<ReentryRecord>(record)) {
    muted_ = true;
  } else if (const auto* floor = std::get_if<FloorRecord>(&record)) {
    muted_ = false;
    floor_ = std::max(floor_, floor->floor);
  }
}

void Core::RecoverFinal(const Certificate& finalization, const Header& header) {
  CHECK(!started_);
  const Statement& statement = finalization.statement;
  valid_.emplace(header.id(), header);
  if (statement.view < final_.view) return;
  final_ = {statement.view, statement.id};
  finalization_ = finalization;
  if (header.id() == statement.id) final_height_ = header.height;
  view_ = std::max(view_, statement.view.Next());
}

void Core::Start(Now now) {
  CHECK(!started_);
  started_ = true;
  Prune();
  entered_at_ = last_final_at_ = status_at_ = ask_at_ = now.steady;
  retry_ms_ = Delta();
  for (auto it = views_.upper_bound(final_.view); it != views_.end(); ++it) {
    if (it->second.notarization) unfinal_since_ = now.steady;
  }
  // The timer of the current view runs whatever the last record was.
  if (!views_.empty()) armed_at_ = now.steady;
  if (finalization_) Emit(Finalized{*finalization_});
  std::vector<Statement> complete;   // own votes may complete a certificate that was never logged
  for (const auto& [view, state] : views_) {
    for (const auto& [key, vote] : state.votes) complete.push_back(vote.statement);
  }
  for (const Statement& statement : complete) {
    if (statement.view > final_.view) TryCertify(now, statement);
  }
  for (const auto& [view, state] : views_) {
    for (VoteKind kind : {VoteKind::kNotarize, VoteKind::kFinalize}) {
      const std::optional<Certificate>& held = state.Slot(kind);
      if (view < final_.view || !held || valid_.contains(held->statement.id)) continue;
      std::vector<ValidatorIndex> holders;
      for (const auto& [signer, signature] : held->signatures) {
        if (!IsSelf(signer)) holders.push_back(signer);
      }
      Emit(NeedBody{held->statement.id, view, std::move(holders)});
    }
  }
  Retransmit(std::nullopt);
  Settle(now);
}

// ---- Re-entry ---------------------------------------------------------------------------------

void Core::AskReentry(Now now) {
  ask_at_ = now.steady + config_.timing.reentry_ask_every;
  Emit(Send{std::nullopt, ReentryAsk{config_.nonce}});
}

// Silent while mute, while w cannot be proven, and while w is at or below the own floor.
void Core::OnReentryAsk(Now now, ValidatorIndex from, const ReentryAsk& ask) {
  if (muted_ || observer_ || view_ <= floor_) return;
  std::optional<Certificate> certificate;
  const View before = view_.Previous();
  if (before == final_.view) {
    certificate = finalization_;
  } else if (const ViewState* state = Find(before)) {
    certificate = state->notarization ? state->notarization : state->nullification;
  }
  if (before != View(0) && !certificate) return;
  ReentryAnswer answer{ask.nonce, from, *config_.self, config_.epoch, view_, certificate, {}};
  answer.signature = config_.sign(answer.SignedBytes(config_.chain, config_.set.hash()));
  assist_until_ = std::max(assist_until_, view_.Next());
  Emit(Send{from, std::move(answer)});
  Settle(now);
}

void Core::OnReentryAnswer(Now now, ValidatorIndex from, const ReentryAnswer& answer) {
  const bool ours = muted_ && answer.nonce == config_.nonce && answer.answerer == from &&
                    config_.self == answer.asker && answer.epoch == config_.epoch;
  if (!ours || answer.view == View(0)) return;
  if (answer.view > View(1)) {
    const bool proven = answer.certificate &&
                        answer.certificate->statement.epoch == config_.epoch &&
                        answer.certificate->statement.view == answer.view.Previous();
    if (!proven) return;
    HandleCertificate(now, from, *answer.certificate);
  }
  View& highest = answers_[from];
  highest = std::max(highest, answer.view);
  if (answers_.size() >= quorum_) FinishReentry(now);
  Settle(now);
}

void Core::FinishReentry(Now now) {
  View highest;
  for (const auto& [peer, view] : answers_) highest = std::max(highest, view);
  floor_ = highest.Next();
  muted_ = false;
  answers_.clear();
  Emit(AppendRecord{FloorRecord{config_.epoch, floor_}});
  Emit(SyncLog{});
  Emit(Note{Note::Level::kInfo, "reentry_floor",
            "votes again above view " + std::to_string(floor_.value())});
  status_at_ = now.steady;
}

// The log is an older copy, or another process votes with the same key. Only who stops that process
// can know which: this one is silent until it is started again, and then re-enters.
void Core::BecomeObserver(const std::string& why) {
  if (observer_) return;
  observer_ = true;
  Emit(AppendRecord{ReentryRecord{config_.epoch}});
  Emit(SyncLog{});
  Emit(Note{Note::Level::kWarning, "observer", why});
}

}  // namespace beian::consensus
