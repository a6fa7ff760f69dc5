#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "node/api/node_service.h"
#include "node/store/rocks_store.h"
#include "tests/node/store/temp_directory.h"
#include "tests/support/test_chain.h"

namespace beian {

/// A node without peers: a real store, real execution, real certificates of a quorum. Blocks are
/// made when a test says so, or at once with `instant`.
class TestNode : public NodeService {
 public:
  TestNode();
  ~TestNode() override;

  const TestChain& chain() const { return chain_; }
  bool instant = false;
  NodeStatus status;

  /// Commits one block of these, or of all that are pending.
  void Commit(std::vector<TransactionPtr> transactions);
  void CommitPending();
  size_t pending() const;
  size_t waiting() const { return waiting_; }  ///< calls of Wait that are not answered
  /// From now on each call of Snapshot stands still until ReleaseSnapshots.
  void HoldSnapshots();
  void WaitForHeldSnapshots(size_t count) const;
  void ReleaseSnapshots();

  // A filing's way through the offices, a block for each step.
  FilingId CommitFiling(uint64_t salt, std::string_view division = "110105");
  RegistrationCode CommitApproval(const FilingId& filing, const std::string& province = "11");
  void CommitSet(uint32_t number, const std::vector<RegistrationCode>& codes);
  FilingRecord Record(const FilingId& filing) const;

  const Genesis& genesis() const override { return chain_.genesis(); }
  const Bytes& genesis_file() const override { return chain_.fixture().text; }
  void Submit(std::vector<TransactionPtr> transactions,
              std::function<void(std::vector<SubmitOutcome>)> done) override;
  void Wait(std::vector<TransactionId> ids, uint64_t timeout_ms,
            std::function<void(std::vector<SubmitOutcome>)> done) override;
  std::unique_ptr<BlockReader> Snapshot() const override;
  NodeStatus Status() const override { return status; }

 private:
  SubmitOutcome Judge(const TransactionPtr& transaction);
  std::vector<SubmitOutcome> OutcomesNow(const std::vector<TransactionId>& ids) const;

  TempDirectory folder_;
  TestChain chain_;
  std::unique_ptr<RocksStore> store_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::atomic<size_t> waiting_ = 0;
  bool stopping_ = false;
  bool holding_ = false;
  mutable size_t held_ = 0;
  std::map<TransactionId, TransactionPtr> pending_;
  std::vector<std::thread> threads_;
};

}  // namespace beian
