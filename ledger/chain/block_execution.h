#pragma once

#include <expected>
#include <vector>

#include "ledger/chain/execute.h"

namespace beian {

/// The one implementation of execution, a transaction at a time: BlockBuilder leaves out what it
/// refuses, Execute reports it. For the sources of ledger/chain only.
class BlockExecution {
 public:
  /// Both must outlive it.
  BlockExecution(const Genesis& genesis, const StateView& parent, TimeMs time, Height height);

  enum class WhenAllFail { kKeep, kRefuse };
  enum class Refusal {
    kTooManyTransactions,
    kTooManyBytes,
    kTooManyUpdates,
    kExpired,
    kExpiryTooFar,
    kDuplicate,
    kAllActionsFail,
  };
  /// A refused transaction leaves no trace.
  std::expected<void, Refusal> Add(const TransactionPtr& transaction, WhenAllFail when_all_fail);
  const std::vector<TransactionPtr>& transactions() const { return transactions_; }
  /// Results of the transaction refused with kAllActionsFail last.
  const TransactionResult& refused() const { return refused_; }
  /// Call once.
  std::expected<Execution, BlockReject> Finish();

 private:
  class Staging;

  std::expected<void, Refusal> CheckAdmission(const Transaction& transaction) const;
  TransactionResult Apply(const Transaction& transaction, Staging& staging) const;
  /// Distinct records of the block with those of `staging`.
  size_t CountUpdates(const Staging& staging) const;
  void Take(const TransactionPtr& transaction, TransactionResult result, Staging staging);

  const Genesis& genesis_;
  const StateView& parent_;
  const TimeMs time_;
  const Height height_;
  std::vector<TransactionPtr> transactions_;
  size_t bytes_ = 0;  ///< sum of the costs
  Execution execution_;
  TransactionResult refused_;
};

}  // namespace beian
