#include <algorithm>

#include "ledger/filing/record.h"
#include "node/replica/replica.h"

// Transactions: taking them in, telling the other validators, knowing whether there is work.
namespace beian {

bool Replica::IsConfirmed(const KeyId& signer) const {
  if (genesis_.ActorOf(signer).role != Actor::Role::kProvider) return true;
  const StateView* state = tree_.ViewAfter(tree_.tip_id());
  const std::optional<Bytes> encoded = state->Record(KeyRecordKey(signer));
  if (!encoded) return false;
  const std::optional<KeyRecord> record = KeyRecord::Decode(*encoded);
  return record && record->confirmed;
}

MempoolVerdict Replica::AddToPool(const TransactionPtr& transaction) {
  const StateView* committed = tree_.ViewAfter(tree_.tip_id());
  if (!mempool_.HasId(transaction->id()) && committed->HasTransaction(transaction->id())) {
    return MempoolVerdict::kAlreadyCommitted;
  }
  return mempool_.Add(transaction, IsConfirmed(transaction->signer_id()), now_.wall);
}

/// At ingress only: what would be rejected whole is refused now, with the reason.
MempoolOutcome Replica::AddOwn(const TransactionPtr& transaction) {
  if (!mempool_.HasId(transaction->id())) {
    const BlockId tip = core_.TipId();
    const StateView* state = tree_.ViewAfter(tip);
    if (state == nullptr) state = tree_.ViewAfter(tree_.tip_id());
    const Header header = tree_.HeaderOf(tip).value_or(tree_.tip());
    BlockBuilder trial(genesis_, *state, std::max(now_.wall, header.time + 1),
                       header.height.Next());
    switch (trial.Add(transaction)) {
      case BlockBuilder::Added::kAllActionsFail:
        return {MempoolVerdict::kAllActionsFail, trial.refused().actions.front().reject};
      case BlockBuilder::Added::kExpired:
        return {MempoolVerdict::kExpired};
      case BlockBuilder::Added::kNotYetValid:
        return {MempoolVerdict::kExpiryTooFar};
      case BlockBuilder::Added::kDuplicate:
        return {tree_.ViewAfter(tree_.tip_id())->HasTransaction(transaction->id())
                    ? MempoolVerdict::kAlreadyCommitted
                    : MempoolVerdict::kAlreadyPending};
      case BlockBuilder::Added::kBlockFull:
        return {MempoolVerdict::kNeverFits};
      case BlockBuilder::Added::kYes:
        break;
    }
  }
  return {AddToPool(transaction)};
}

void Replica::HandleSubmitted(const Submitted& submitted) {
  SubmitResult result{submitted.token, {}};
  std::vector<TransactionPtr> added;
  for (const TransactionPtr& transaction : submitted.transactions) {
    result.outcomes.push_back(AddOwn(transaction));
    const MempoolVerdict verdict = result.outcomes.back().verdict;
    if (verdict == MempoolVerdict::kAdded) added.push_back(transaction);
  }
  Emit(std::move(result));
  Announce(added);
  for (const BlockPtr& block : fetcher_.OnTransactions(added)) InsertBlock(block);
}

/// From a peer: gossip, or the answer to a question. Both may complete a proposal.
void Replica::HandleTransactions(const std::vector<TransactionPtr>& transactions, bool gossip) {
  if (gossip) {
    for (const TransactionPtr& transaction : transactions) AddToPool(transaction);
  }
  for (const BlockPtr& block : fetcher_.OnTransactions(transactions)) InsertBlock(block);
}

// ---- Gossip -----------------------------------------------------------------------------------

// Every validator hears of a transaction from the one that took it in, so all of them want a block.
void Replica::Announce(const std::vector<TransactionPtr>& transactions) {
  for (const TransactionPtr& transaction : transactions) {
    announcement_bytes_ += transaction->wire().size();
    announcements_.push_back(transaction);
    mempool_.MarkAnnounced(transaction->id(), now_.steady);
    const bool full = announcement_bytes_ >= kAnnounceBytesMax ||
                      announcements_.size() >= kBatchTransactionsMax;
    if (full) FlushAnnouncements();
  }
}

void Replica::FlushAnnouncements() {
  if (announcements_.empty()) return;
  announced_at_ = now_.steady;
  announcement_bytes_ = 0;
  Emit(Send{std::nullopt, TransactionBatch{std::exchange(announcements_, {})}});
}

void Replica::AnnounceStale() {
  if (mempool_.empty() || now_.steady < stale_check_at_) return;
  stale_check_at_ = now_.steady + kStaleCheckMs;
  Announce(mempool_.Stale(now_.steady, kStaleAfterMs, kBatchTransactionsMax));
}

// ---- Work -------------------------------------------------------------------------------------

/// Keeps chain_ids_ the transactions of the chain from the committed block to the block that a
/// proposal would extend; usually the chain has grown by one block.
void Replica::UpdateChain() {
  const BlockId tip = core_.TipId();
  if (tip == chain_tip_) return;
  auto add = [&](const std::vector<BlockPtr>& path) {
    for (const BlockPtr& block : path) {
      for (const TransactionPtr& transaction : block->transactions) {
        chain_ids_.insert(transaction->id());
      }
    }
  };
  if (const auto grown = tree_.Path(chain_tip_, tip); grown && tree_.ViewAfter(chain_tip_)) {
    add(*grown);
    chain_tip_ = tip;
    return;
  }
  const auto path = tree_.Path(tree_.tip_id(), tip);
  if (!path) return;   // the body is not here yet: stay with the chain that is
  chain_ids_.clear();
  add(*path);
  chain_tip_ = tip;
}

bool Replica::HasWork() const {
  if (mempool_.size() > chain_ids_.size()) return true;
  if (mempool_.empty()) return false;
  return !mempool_.Pick(1, kBlockBytesMax, chain_ids_).empty();
}

}  // namespace beian
