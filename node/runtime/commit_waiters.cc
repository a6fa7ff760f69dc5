#include "node/runtime/commit_waiters.h"

namespace beian {

CommitWaiters::CommitWaiters(asio::io_context& io, OutcomeNow outcome_now)
    : io_(io), outcome_now_(std::move(outcome_now)) {}

void CommitWaiters::Add(std::vector<TransactionId> ids, uint64_t timeout_ms, Done done) {
  std::vector<TransactionId> missing;
  for (const TransactionId& id : ids) {
    if (outcome_now_(id).state != SubmitOutcome::State::kCommitted) missing.push_back(id);
  }
  if (missing.empty() || timeout_ms == 0) return done(OutcomesOf(ids));
  if (waiters_.size() >= kWaitersMax) Finish(waiters_.begin()->first);
  const uint64_t number = next_number_++;
  for (const TransactionId& id : missing) waiting_for_.emplace(id, number);
  auto waiter = std::make_unique<Waiter>(
      Waiter{std::move(ids), missing.size(), std::move(done), asio::steady_timer(io_)});
  waiter->timer.expires_after(std::chrono::milliseconds(timeout_ms));
  waiter->timer.async_wait([this, number](std::error_code error) {
    if (!error) Finish(number);
  });
  waiters_.emplace(number, std::move(waiter));
}

void CommitWaiters::OnCommitted(const std::vector<TransactionPtr>& transactions) {
  std::vector<uint64_t> complete;
  for (const TransactionPtr& transaction : transactions) {
    const auto [first, last] = waiting_for_.equal_range(transaction->id());
    for (auto it = first; it != last; it = waiting_for_.erase(it)) {
      auto waiter = waiters_.find(it->second);
      if (waiter != waiters_.end() && --waiter->second->missing == 0) {
        complete.push_back(it->second);
      }
    }
  }
  for (const uint64_t number : complete) Finish(number);
}

void CommitWaiters::CancelTimers() {
  for (auto& [number, waiter] : waiters_) waiter->timer.cancel();
}

void CommitWaiters::Finish(uint64_t number) {
  auto node = waiters_.extract(number);
  if (node.empty()) return;
  Waiter& waiter = *node.mapped();
  waiter.timer.cancel();
  for (const TransactionId& id : waiter.ids) {
    const auto [first, last] = waiting_for_.equal_range(id);
    for (auto it = first; it != last;) {
      it = it->second == number ? waiting_for_.erase(it) : std::next(it);
    }
  }
  waiter.done(OutcomesOf(waiter.ids));
}

std::vector<SubmitOutcome> CommitWaiters::OutcomesOf(const std::vector<TransactionId>& ids) const {
  std::vector<SubmitOutcome> outcomes;
  for (const TransactionId& id : ids) outcomes.push_back(outcome_now_(id));
  return outcomes;
}

}  // namespace beian
