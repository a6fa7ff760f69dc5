#include "ledger/chain/execute.h"

#include "ledger/chain/block_execution.h"

namespace beian {
namespace {

using Refusal = BlockExecution::Refusal;

BlockReject RejectOf(Refusal refusal) {
  switch (refusal) {
    case Refusal::kTooManyTransactions:
      return BlockReject::kTooManyTransactions;
    case Refusal::kTooManyBytes:
      return BlockReject::kTooManyBytes;
    case Refusal::kTooManyUpdates:
      return BlockReject::kTooManyUpdates;
    case Refusal::kExpired:
      return BlockReject::kExpired;
    case Refusal::kExpiryTooFar:
      return BlockReject::kExpiryTooFar;
    case Refusal::kDuplicate:
      return BlockReject::kDuplicate;
    case Refusal::kAllActionsFail:
      break;
  }
  CHECK(!"a block may hold transactions whose every action fails");
  return BlockReject::kDamagedState;
}

bool ExtendsParent(const Header& header, const Header& parent) {
  return header.chain_id == parent.chain_id && header.epoch == parent.epoch &&
         header.parent == parent.id();
}

bool IsTimeGood(const Block& block, const Header& parent) {
  const TimeMs time = block.header.time;
  if (time <= parent.time) return false;
  return !block.transactions.empty() || time - parent.time >= kEmptyBlockGapMs;
}

/// What needs no execution.
std::expected<void, BlockReject> CheckHeader(const Block& block, const Header& parent,
                                             ValidatorIndex leader) {
  const Header& header = block.header;
  if (header.protocol_version != Genesis::kProtocolVersion) {
    return std::unexpected(BlockReject::kBadVersion);
  }
  if (!ExtendsParent(header, parent)) return std::unexpected(BlockReject::kBadParent);
  if (!header.next_set_hash.IsZero()) return std::unexpected(BlockReject::kBadNextSet);
  // The parent's height is bounded by kWireNumberMax.
  if (header.height != parent.height.Next()) return std::unexpected(BlockReject::kBadHeight);
  if (header.proposer != leader) return std::unexpected(BlockReject::kBadProposer);
  if (!IsTimeGood(block, parent)) return std::unexpected(BlockReject::kBadTime);
  if (header.tx_count != block.transactions.size() ||
      header.tx_root != TransactionRoot(WireIdsOf(block.transactions))) {
    return std::unexpected(BlockReject::kBadTransactionRoot);
  }
  return {};
}

}  // namespace

std::expected<Execution, BlockReject> Execute(const Genesis& genesis, const StateView& parent,
                                              TimeMs time, Height height,
                                              std::span<const TransactionPtr> transactions) {
  // Before anything is executed: an oversize block must not cost its execution.
  if (transactions.size() > kBlockTransactionsMax) {
    return std::unexpected(BlockReject::kTooManyTransactions);
  }
  size_t bytes = 0;
  for (const TransactionPtr& transaction : transactions) bytes += transaction->cost();
  if (bytes > kBlockBytesMax) return std::unexpected(BlockReject::kTooManyBytes);
  BlockExecution execution(genesis, parent, time, height);
  for (const TransactionPtr& transaction : transactions) {
    const auto added = execution.Add(transaction, BlockExecution::WhenAllFail::kKeep);
    if (!added) return std::unexpected(RejectOf(added.error()));
  }
  return execution.Finish();
}

std::expected<Execution, BlockReject> ExecuteBlock(const Genesis& genesis,
                                                   const Header& parent_header,
                                                   const StateView& parent_state,
                                                   const Block& block, ValidatorIndex leader) {
  const Header& header = block.header;
  if (const auto good = CheckHeader(block, parent_header, leader); !good) {
    return std::unexpected(good.error());
  }
  auto execution = Execute(genesis, parent_state, header.time, header.height, block.transactions);
  if (!execution) return execution;
  if (header.log_size != execution->delta.log.size() || header.log_root != execution->log_root) {
    return std::unexpected(BlockReject::kBadLogRoot);
  }
  if (header.map_root != execution->map_root) return std::unexpected(BlockReject::kBadMapRoot);
  return execution;
}

void SetRoots(const Execution& execution, Header& header) {
  header.tx_count = execution.tx_count;
  header.tx_root = execution.tx_root;
  header.log_size = execution.delta.log.size();
  header.log_root = execution.log_root;
  header.map_root = execution.map_root;
}

std::string_view BlockRejectId(BlockReject reject) {
  switch (reject) {
    case BlockReject::kTooManyTransactions:
      return "block.too_many_transactions";
    case BlockReject::kTooManyBytes:
      return "block.too_many_bytes";
    case BlockReject::kTooManyUpdates:
      return "block.too_many_updates";
    case BlockReject::kExpired:
      return "block.expired_transaction";
    case BlockReject::kExpiryTooFar:
      return "block.expiry_too_far";
    case BlockReject::kDuplicate:
      return "block.duplicate_transaction";
    case BlockReject::kBadHeight:
      return "block.bad_height";
    case BlockReject::kBadTime:
      return "block.bad_time";
    case BlockReject::kBadProposer:
      return "block.bad_proposer";
    case BlockReject::kBadVersion:
      return "block.bad_version";
    case BlockReject::kBadParent:
      return "block.bad_parent";
    case BlockReject::kBadNextSet:
      return "block.bad_next_set";
    case BlockReject::kBadTransactionRoot:
      return "block.bad_transaction_root";
    case BlockReject::kBadLogRoot:
      return "block.bad_log_root";
    case BlockReject::kBadMapRoot:
      return "block.bad_map_root";
    case BlockReject::kDamagedState:
      return "block.damaged_state";
  }
  CHECK(!"a reject without an id");
  return {};
}

}  // namespace beian
