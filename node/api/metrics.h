#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "node/api/node_service.h"

namespace beian {

/// What the node counts, in Prometheus' text form. Any thread. Counters start at 0 with the
/// process.
class Metrics {
 public:
  explicit Metrics(const Genesis& genesis);
  ~Metrics();

  void CountCommit(size_t transactions, size_t actions_accepted, size_t actions_rejected);
  void CountVerified(size_t good, size_t bad);        ///< client signatures
  void CountPeerSignatures(size_t good, size_t bad);  ///< votes and certificates' members
  void CountSubmitted(std::string_view outcome);      ///< "pending", "mempool.full", ...
  void ObserveCommitSeconds(double seconds);          ///< writing one block to the store
  void ObserveSyncSeconds(double seconds);            ///< syncing the vote log
  /// `route` is a pattern of ApiServer::Routes, never a path as received.
  void ObserveHttp(std::string_view route, int status, double seconds);

  /// Takes over heights, view, peers and state as of now.
  void Observe(const NodeStatus& status);
  std::string Text() const;  ///< text/plain; version=0.0.4

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beian
