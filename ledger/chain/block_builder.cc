#include "ledger/chain/block_execution.h"

namespace beian {
namespace {

using Refusal = BlockExecution::Refusal;

BlockBuilder::Added AddedOf(Refusal refusal) {
  switch (refusal) {
    case Refusal::kTooManyTransactions:
    case Refusal::kTooManyBytes:
    case Refusal::kTooManyUpdates:
      return BlockBuilder::Added::kBlockFull;
    case Refusal::kExpired:
      return BlockBuilder::Added::kExpired;
    case Refusal::kExpiryTooFar:
      return BlockBuilder::Added::kNotYetValid;
    case Refusal::kDuplicate:
      return BlockBuilder::Added::kDuplicate;
    case Refusal::kAllActionsFail:
      return BlockBuilder::Added::kAllActionsFail;
  }
  CHECK(!"a refusal without an answer");
  return BlockBuilder::Added::kBlockFull;
}

}  // namespace

struct BlockBuilder::State {
  BlockExecution execution;
};

BlockBuilder::BlockBuilder(const Genesis& genesis, const StateView& parent, TimeMs time,
                           Height height)
    : state_(new State{BlockExecution(genesis, parent, time, height)}) {}

BlockBuilder::~BlockBuilder() = default;

BlockBuilder::Added BlockBuilder::Add(const TransactionPtr& transaction) {
  const auto added = state_->execution.Add(transaction, BlockExecution::WhenAllFail::kRefuse);
  return added ? Added::kYes : AddedOf(added.error());
}

const TransactionResult& BlockBuilder::refused() const {
  return state_->execution.refused();
}

std::expected<Execution, BlockReject> BlockBuilder::Finish() {
  return state_->execution.Finish();
}

const std::vector<TransactionPtr>& BlockBuilder::transactions() const {
  return state_->execution.transactions();
}

}  // namespace beian
