#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/thread_pool.hpp>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "node/api/metrics.h"
#include "node/api/node_service.h"
#include "node/net/peer_network.h"
#include "node/replica/replica.h"
#include "node/runtime/commit_waiters.h"
#include "node/runtime/config.h"
#include "node/runtime/data_directory.h"
#include "node/runtime/log.h"
#include "node/runtime/message_verifier.h"

namespace beian {

/// A running validator. Threads:
///   main     io_context: peers' sockets, the replica, the vote log. Owns what is not named below.
///   verify   pool: decodes what is large, checks signatures.
///   store    one thread: commits blocks in order; reads blocks for peers.
///   tables   one thread, after the start with a large store: compares checksums.
///   api      threads of the HTTP servers: call NodeService, which posts to main.
/// The replica's actions are performed in order on main: a send never overtakes the sync before it.
class Node : public NodeService {
 public:
  struct Parts {
    Config config;
    Genesis genesis;
    Bytes genesis_file;
    ValidatorIndex self;
    PrivateKey consensus_key;
    Bytes tls_key_pem;
    DataDirectory data;
    std::vector<std::string> warnings;   ///< of this process: as long as it runs
  };
  Node(Parts parts, Log& log);
  ~Node() override;

  /// Listens, starts the replica. The error names the port and who holds it, or the key.
  std::expected<void, std::string> Start();
  void Run();              ///< until Stop; on the main thread
  void Stop();             ///< drains: any thread, also a signal's
  Metrics& metrics() { return metrics_; }
  uint64_t LoopAgeMs() const;

  // NodeService
  const Genesis& genesis() const override { return genesis_; }
  const Bytes& genesis_file() const override { return genesis_file_; }
  void Submit(std::vector<TransactionPtr> transactions,
              std::function<void(std::vector<SubmitOutcome>)> done) override;
  void Wait(std::vector<TransactionId> ids, uint64_t timeout_ms,
            std::function<void(std::vector<SubmitOutcome>)> done) override;
  std::unique_ptr<BlockReader> Snapshot() const override;
  NodeStatus Status() const override;

 private:
  using SubmitDone = std::function<void(std::vector<SubmitOutcome>)>;
  struct PendingSubmit {
    std::vector<SubmitOutcome> outcomes;   ///< of those refused before the replica saw them
    std::vector<size_t> places;            ///< of those that the replica judges
    SubmitDone done;
  };

  // node.cc: the loop and the replica's actions
  Now ReadClocks() const;
  void Step(const Event& event);
  void Perform(Actions actions);
  void PerformSend(const Send& send);
  void PerformCommit(CommitBlock commit);
  void PerformServe(const ServeBlocks& serve);
  void OnCommitted(const CommitBlock& commit);
  void VerifyTables();
  void RecordEvidence(const Evidence& evidence);
  void ArmTimer();
  void UpdateStatus();
  void UpdateStatusSoon();
  void MendFindings(const std::string& state);
  std::string StateName(const NodeStatus& status) const;
  [[noreturn]] void Die(const std::string& id, const std::string& why);
  // node_messages.cc: from the wire to the replica
  void OnFrame(ValidatorIndex from, Bytes frame);
  void OnDecoded(ValidatorIndex from, Message message, View sender_view, size_t bytes);
  void VerifyThenStep(ValidatorIndex from, Message message, View sender_view, size_t bytes);
  void DropPeer(ValidatorIndex from, const std::string& why);
  // node_submit.cc: from clients
  void JudgeSubmit(std::vector<TransactionPtr> transactions, SubmitDone done);
  void FinishSubmit(const SubmitResult& result);
  SubmitOutcome OutcomeNow(const TransactionId& id) const;

  const Config config_;
  const Genesis genesis_;
  const Bytes genesis_file_;
  const ValidatorIndex self_;
  const PrivateKey consensus_key_;
  Log& log_;
  Metrics metrics_;

  asio::io_context io_;
  std::unique_ptr<asio::thread_pool> verify_pool_;
  std::unique_ptr<asio::thread_pool> store_pool_;
  std::unique_ptr<RocksStore> store_;
  std::thread tables_;
  std::unique_ptr<VoteLog> vote_log_;
  std::unique_ptr<PeerNetwork> network_;
  std::unique_ptr<Replica> replica_;
  MessageVerifier verifier_;
  asio::steady_timer timer_;
  asio::steady_timer status_timer_;

  std::vector<size_t> verifying_bytes_;          ///< by peer: decoded or verified right now
  std::atomic<size_t> submits_verifying_{0};     ///< transactions of clients
  uint64_t next_token_ = 1;
  std::map<uint64_t, PendingSubmit> submits_;
  CommitWaiters waiters_;

  const SteadyMs started_at_;
  const std::vector<std::string> warnings_;
  const VotePosition voted_at_start_;
  std::vector<std::string> findings_;            ///< of the data directory
  bool mended_ = false;                          ///< they are past, and say so
  std::atomic<uint64_t> loop_at_{0};
  bool started_ = false;
  std::atomic<bool> stopping_{false};
  mutable std::mutex status_mutex_;
  NodeStatus status_;                            ///< guarded by status_mutex_
};

inline constexpr size_t kVerifyingBytesMax = 16'000'000;     ///< of one peer
inline constexpr size_t kSubmitsVerifyingMax = 8'192;        ///< transactions
inline constexpr uint64_t kBusyRetryMs = 200;
inline constexpr uint64_t kStatusRefreshMs = 100;
inline constexpr size_t kPeerStatusBehindMax = 4;            ///< blocks; more is catching up

}  // namespace beian
