#include <asio/post.hpp>

#include "node/runtime/node.h"

// From clients: verification, the replica's verdict, waiting for the commit.
namespace beian {
namespace {

SubmitOutcome Busy() {
  return {SubmitOutcome::State::kRejected, "node.busy",
          "The node is verifying as much as it can. Send the same transaction again.",
          kBusyRetryMs};
}

SubmitOutcome BadSignature() {
  const TransactionError error = TransactionError::kBadSignature;
  return {SubmitOutcome::State::kRejected, std::string(TransactionErrorId(error)),
          std::string(TransactionErrorRemedy(error)), 0};
}

SubmitOutcome OutcomeOf(const MempoolOutcome& outcome) {
  using State = SubmitOutcome::State;
  switch (outcome.verdict) {
    case MempoolVerdict::kAdded:
    case MempoolVerdict::kAlreadyPending:
      return {State::kPending, "", "", 0};
    case MempoolVerdict::kAlreadyCommitted:
      return {State::kCommitted, "", "", 0};
    case MempoolVerdict::kExpired:
      return {State::kExpired, std::string(MempoolVerdictId(outcome.verdict)),
              "Sign it anew with a later expiry.", 0};
    case MempoolVerdict::kAllActionsFail:
      return {State::kRejected, std::string(FilingRejectId(outcome.reject)),
              std::string(FilingRejectRemedy(outcome.reject)), 0};
    case MempoolVerdict::kExpiryTooFar:
      return {State::kRejected, std::string(MempoolVerdictId(outcome.verdict)),
              "Sign it with an expiry at most ten minutes ahead.", 0};
    case MempoolVerdict::kNeverFits:
      return {State::kRejected, std::string(MempoolVerdictId(outcome.verdict)),
              "Split it: one transaction may change as many records as one block.", 0};
    case MempoolVerdict::kPoolFull:
    case MempoolVerdict::kSignerFull:
    case MempoolVerdict::kUnconfirmedFull:
      return {State::kRejected, std::string(MempoolVerdictId(outcome.verdict)),
              "Send the same transaction again later.", kBusyRetryMs};
  }
  return {};
}

}  // namespace

void Node::Submit(std::vector<TransactionPtr> transactions, SubmitDone done) {
  const size_t count = transactions.size();
  if (submits_verifying_.fetch_add(count) + count > kSubmitsVerifyingMax) {
    submits_verifying_.fetch_sub(count);
    done(std::vector<SubmitOutcome>(count, Busy()));
    return;
  }
  asio::post(*verify_pool_, [this, transactions = std::move(transactions),
                             done = std::move(done)]() mutable {
    JudgeSubmit(std::move(transactions), std::move(done));
  });
}

void Node::JudgeSubmit(std::vector<TransactionPtr> transactions, SubmitDone done) {
  PendingSubmit pending{std::vector<SubmitOutcome>(transactions.size()), {}, std::move(done)};
  std::vector<TransactionPtr> good;
  for (size_t i = 0; i < transactions.size(); ++i) {
    if (verifier_.VerifyTransaction(transactions[i])) {
      pending.places.push_back(i);
      good.push_back(transactions[i]);
    } else {
      pending.outcomes[i] = BadSignature();
    }
  }
  submits_verifying_.fetch_sub(transactions.size());
  metrics_.CountVerified(good.size(), transactions.size() - good.size());
  asio::post(io_, [this, pending = std::move(pending), good = std::move(good)]() mutable {
    if (stopping_) return pending.done(std::vector<SubmitOutcome>(pending.outcomes.size(), Busy()));
    const uint64_t token = next_token_++;
    submits_.emplace(token, std::move(pending));
    Step(Submitted{token, std::move(good)});
  });
}

void Node::FinishSubmit(const SubmitResult& result) {
  auto node = submits_.extract(result.token);
  if (node.empty()) return;
  PendingSubmit& pending = node.mapped();
  for (size_t i = 0; i < result.outcomes.size(); ++i) {
    pending.outcomes[pending.places[i]] = OutcomeOf(result.outcomes[i]);
  }
  for (const SubmitOutcome& outcome : pending.outcomes) {
    const bool refused = !outcome.error_id.empty();
    metrics_.CountSubmitted(refused ? std::string_view(outcome.error_id) : "pending");
  }
  pending.done(std::move(pending.outcomes));
}

// ---- Waiting ----------------------------------------------------------------------------------

void Node::Wait(std::vector<TransactionId> ids, uint64_t timeout_ms, SubmitDone done) {
  asio::post(io_, [this, ids = std::move(ids), timeout_ms, done = std::move(done)]() mutable {
    waiters_.Add(std::move(ids), timeout_ms, std::move(done));
  });
}

SubmitOutcome Node::OutcomeNow(const TransactionId& id) const {
  if (store_->HasTransaction(id)) return {SubmitOutcome::State::kCommitted, "", "", 0};
  if (replica_->IsPending(id)) return {SubmitOutcome::State::kPending, "", "", 0};
  return {SubmitOutcome::State::kUnknown, "", "", 0};
}

}  // namespace beian
