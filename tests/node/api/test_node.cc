#include "tests/node/api/test_node.h"

#include <chrono>

namespace beian {

using State = SubmitOutcome::State;

TestNode::TestNode() {
  auto opened = RocksStore::Open(folder_ / "store", chain_.genesis(), std::nullopt);
  CHECK(opened.has_value() && opened->store != nullptr);
  store_ = std::move(opened->store);
  status.state = "ready";
  status.version = "test";
  status.peers = {{ValidatorIndex(1), "validator-1", true, 3, 10, 2},
                  {ValidatorIndex(2), "validator-2", false, 0, 0, 0}};
}

TestNode::~TestNode() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void TestNode::Commit(std::vector<TransactionPtr> transactions) {
  {
    const std::lock_guard lock(mutex_);
    for (const TransactionPtr& transaction : transactions) {
      pending_.erase(transaction->id());
    }
    const BlockPtr block = chain_.Extend(std::move(transactions));
    CommitBlock commit{block, std::make_shared<const Execution>(chain_.last()),
                       FinalityProof{{}, chain_.Finalize(block->header)}};
    CHECK(store_->Commit(commit).has_value());
    status.replica.committed_height = block->header.height;
    status.replica.final_height = block->header.height;
    status.replica.highest_known = block->header.height;
  }
  changed_.notify_all();
}

void TestNode::CommitPending() {
  std::vector<TransactionPtr> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, transaction] : pending_) {
      all.push_back(transaction);
    }
  }
  Commit(std::move(all));
}

size_t TestNode::pending() const {
  const std::lock_guard lock(mutex_);
  return pending_.size();
}

void TestNode::HoldSnapshots() {
  const std::lock_guard lock(mutex_);
  holding_ = true;
}

void TestNode::WaitForHeldSnapshots(size_t count) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return held_ == count; });
}

void TestNode::ReleaseSnapshots() {
  const std::lock_guard lock(mutex_);
  holding_ = false;
  changed_.notify_all();
}

std::unique_ptr<BlockReader> TestNode::Snapshot() const {
  std::unique_lock lock(mutex_);
  ++held_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !holding_; });
  --held_;
  return store_->Snapshot();
}

FilingId TestNode::CommitFiling(uint64_t salt, std::string_view division) {
  const auto transaction =
      MakeSubmit(genesis(), MakeClientKey(salt), chain_.NextTime() + 60'000, salt, division);
  Commit({transaction});
  return TestChain::FilingOf(transaction);
}

RegistrationCode TestNode::CommitApproval(const FilingId& filing, const std::string& province) {
  Commit({chain_.Sign({TakeUpAction(filing), ForwardAction(filing)},
                      chain_.fixture().office(province))});
  Commit({chain_.Sign({ApproveAction(filing)}, chain_.fixture().cac)});
  const FilingRecord record = Record(filing);
  CHECK(record.code.has_value());
  return *record.code;
}

void TestNode::CommitSet(uint32_t number, const std::vector<RegistrationCode>& codes) {
  v1::Action action;
  v1::PublishSet& set = *action.mutable_publish_set();
  set.set_number(number);
  set.set_published_on("2019-03-30");
  for (const RegistrationCode& code : codes) {
    set.add_codes(std::string(code.characters()));
  }
  Commit({chain_.Sign({action}, chain_.fixture().cac)});
  CHECK(store_->Record(SetKey(number)).has_value());
}

FilingRecord TestNode::Record(const FilingId& filing) const {
  const auto octets = store_->Record(FilingKey(filing));
  CHECK(octets.has_value());
  return *FilingRecord::Decode(*octets);
}

SubmitOutcome TestNode::Judge(const TransactionPtr& transaction) {
  if (!transaction->VerifySignature()) {
    return {State::kRejected, "transaction.bad_signature", "sign it with the signer's key", 0};
  }
  if (store_->HasTransaction(transaction->id())) {
    return {State::kCommitted, "", "", 0};
  }
  constexpr size_t kFull = 3;
  if (!instant && pending_.size() >= kFull) {
    return {State::kRejected, "mempool.full", "send it again later", 1'500};
  }
  pending_.emplace(transaction->id(), transaction);
  return {State::kPending, "", "", 0};
}

void TestNode::Submit(std::vector<TransactionPtr> transactions,
                      std::function<void(std::vector<SubmitOutcome>)> done) {
  std::vector<SubmitOutcome> outcomes;
  {
    const std::lock_guard lock(mutex_);
    for (const TransactionPtr& transaction : transactions) {
      outcomes.push_back(Judge(transaction));
    }
    threads_.emplace_back([outcomes, done = std::move(done)] { done(outcomes); });
  }
  if (instant) {
    CommitPending();
  }
}

std::vector<SubmitOutcome> TestNode::OutcomesNow(const std::vector<TransactionId>& ids) const {
  std::vector<SubmitOutcome> outcomes;
  for (const TransactionId& id : ids) {
    SubmitOutcome outcome;
    outcome.state = store_->HasTransaction(id) ? State::kCommitted
                    : pending_.contains(id)    ? State::kPending
                                               : State::kUnknown;
    outcomes.push_back(outcome);
  }
  return outcomes;
}

void TestNode::Wait(std::vector<TransactionId> ids, uint64_t timeout_ms,
                    std::function<void(std::vector<SubmitOutcome>)> done) {
  const std::lock_guard guard(mutex_);
  ++waiting_;
  threads_.emplace_back([this, ids = std::move(ids), timeout_ms, done = std::move(done)] {
    std::vector<SubmitOutcome> outcomes;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this, &ids] {
        const auto has = [this](const TransactionId& id) { return store_->HasTransaction(id); };
        return stopping_ || std::all_of(ids.begin(), ids.end(), has);
      });
      outcomes = OutcomesNow(ids);
    }
    --waiting_;
    done(outcomes);
  });
}

}  // namespace beian
