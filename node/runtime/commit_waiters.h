#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "node/api/node_service.h"

namespace beian {

/// Requests that wait for commits at one time.
inline constexpr size_t kWaitersMax = 256;

/// Those who wait until transactions are committed. Nothing tells here that a client has hung up,
/// so a full house does not refuse the next one: whoever has waited longest is answered with what
/// is known, and may ask again. One thread, that of `io`.
class CommitWaiters {
 public:
  using OutcomeNow = std::function<SubmitOutcome(const TransactionId&)>;
  using Done = std::function<void(std::vector<SubmitOutcome>)>;

  CommitWaiters(asio::io_context& io, OutcomeNow outcome_now);
  /// Calls `done` once: when all of `ids` are committed, after `timeout_ms`, or when it has to make
  /// room. At once, without a place, when there is nothing to wait for.
  void Add(std::vector<TransactionId> ids, uint64_t timeout_ms, Done done);
  /// The store holds these now.
  void OnCommitted(const std::vector<TransactionPtr>& transactions);
  void CancelTimers();
  size_t size() const { return waiters_.size(); }
  size_t awaited() const { return waiting_for_.size(); }  ///< commits, once for each who waits

 private:
  struct Waiter {
    std::vector<TransactionId> ids;
    size_t missing = 0;
    Done done;
    asio::steady_timer timer;
  };
  void Finish(uint64_t number);
  std::vector<SubmitOutcome> OutcomesOf(const std::vector<TransactionId>& ids) const;

  asio::io_context& io_;
  const OutcomeNow outcome_now_;
  uint64_t next_number_ = 1;
  std::map<uint64_t, std::unique_ptr<Waiter>> waiters_;  ///< the first has waited longest
  std::multimap<TransactionId, uint64_t> waiting_for_;
};

}  // namespace beian
