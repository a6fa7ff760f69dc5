#include "ledger/chain/block_execution.h"

#include <map>
#include <utility>

#include "ledger/crypto/hash.h"

namespace beian {

/// Records that one transaction puts, over those of the block so far, over the parent's.
class BlockExecution::Staging : public RecordStore {
 public:
  Staging(const StateView& parent, const StateDelta& block) : parent_(parent), block_(block) {}

  std::optional<Bytes> Record(const MapKey& key) const override {
    if (const auto found = puts_.find(key); found != puts_.end()) return found->second;
    const auto found = block_.records.find(key);
    return found != block_.records.end() ? found->second : parent_.Record(key);
  }
  void Put(const MapKey& key, Bytes value) override {
    puts_.insert_or_assign(key, std::move(value));
  }
  const std::map<MapKey, Bytes>& puts() const { return puts_; }
  std::map<MapKey, Bytes> TakePuts() { return std::move(puts_); }

 private:
  const StateView& parent_;
  const StateDelta& block_;
  std::map<MapKey, Bytes> puts_;
};

BlockExecution::BlockExecution(const Genesis& genesis, const StateView& parent, TimeMs time,
                               Height height)
    : genesis_(genesis), parent_(parent), time_(time), height_(height) {
  execution_.delta.log = parent.Log();
}

std::expected<void, BlockExecution::Refusal> BlockExecution::Add(const TransactionPtr& transaction,
                                                                 WhenAllFail when_all_fail) {
  if (const auto admitted = CheckAdmission(*transaction); !admitted) return admitted;
  Staging staging(parent_, execution_.delta);
  TransactionResult result = Apply(*transaction, staging);
  if (when_all_fail == WhenAllFail::kRefuse && !result.AnyAccepted()) {
    refused_ = std::move(result);
    return std::unexpected(Refusal::kAllActionsFail);
  }
  if (CountUpdates(staging) > kBlockUpdatesMax) return std::unexpected(Refusal::kTooManyUpdates);
  Take(transaction, std::move(result), std::move(staging));
  return {};
}

std::expected<void, BlockExecution::Refusal> BlockExecution::CheckAdmission(
    const Transaction& transaction) const {
  if (transactions_.size() >= kBlockTransactionsMax) {
    return std::unexpected(Refusal::kTooManyTransactions);
  }
  if (bytes_ + transaction.cost() > kBlockBytesMax) return std::unexpected(Refusal::kTooManyBytes);
  if (time_ > transaction.expiry()) return std::unexpected(Refusal::kExpired);
  if (transaction.expiry() - time_ > kExpiryWindowMs) {
    return std::unexpected(Refusal::kExpiryTooFar);
  }
  if (execution_.delta.transactions.contains(transaction.id()) ||
      parent_.HasTransaction(transaction.id())) {
    return std::unexpected(Refusal::kDuplicate);
  }
  return {};
}

TransactionResult BlockExecution::Apply(const Transaction& transaction, Staging& staging) const {
  const Actor actor = genesis_.ActorOf(transaction.signer_id());
  ActionContext context{genesis_.chain_id, transaction.id(), 0, time_, height_};
  TransactionResult result;
  result.actions.reserve(static_cast<size_t>(transaction.body().actions_size()));
  for (const v1::Action& action : transaction.body().actions()) {
    result.actions.push_back(ApplyAction(context, actor, action, staging));
    ++context.action;
  }
  return result;
}

size_t BlockExecution::CountUpdates(const Staging& staging) const {
  size_t count = execution_.delta.records.size();
  for (const auto& [key, value] : staging.puts()) {
    if (!execution_.delta.records.contains(key)) ++count;
  }
  return count;
}

void BlockExecution::Take(const TransactionPtr& transaction, TransactionResult result,
                          Staging staging) {
  StateDelta& delta = execution_.delta;
  for (auto& [key, value] : staging.TakePuts()) {
    delta.records.insert_or_assign(key, std::move(value));
  }
  delta.transactions.insert(transaction->id());
  const Sha256Digest leaf_hash = LogLeafHash(EncodeLogEntry(*transaction, result));
  delta.log.Append(leaf_hash);
  execution_.leaf_hashes.push_back(leaf_hash);
  execution_.results.push_back(std::move(result));
  transactions_.push_back(transaction);
  bytes_ += transaction->cost();
}

std::expected<Execution, BlockReject> BlockExecution::Finish() {
  std::map<MapKey, Sha256Digest> updates;
  for (const auto& [key, value] : execution_.delta.records) updates.emplace(key, Sha256(value));
  auto batch = UpdateMap(parent_, updates);
  if (!batch) return std::unexpected(BlockReject::kDamagedState);
  execution_.delta.pages = std::move(batch->pages);
  execution_.map_root = batch->root;
  execution_.log_root = execution_.delta.log.Root();
  execution_.tx_count = static_cast<uint32_t>(transactions_.size());
  execution_.tx_root = TransactionRoot(WireIdsOf(transactions_));
  return std::move(execution_);
}

}  // namespace beian
