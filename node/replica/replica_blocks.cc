#include <algorithm>

#include "ledger/base/check.h"
#include "node/replica/replica.h"

// Blocks: building, executing, delivering to the store, serving peers.
namespace beian {

// ---- Building ---------------------------------------------------------------------------------

void Replica::BuildBlock(const consensus::Build& build) {
  using consensus::Core;
  const StateView* parent = tree_.ViewAfter(build.parent);
  if (parent == nullptr) return core_.OnNotBuilt(now_, build.view, Core::NotBuilt::kParentMissing);
  const Header parent_header = *tree_.HeaderOf(build.parent);
  const BlockPtr block = MakeBlock(build, *parent, parent_header);
  if (block == nullptr) {
    return core_.OnNotBuilt(now_, build.view, Core::NotBuilt::kNothingToPropose);
  }
  core_.OnBuilt(now_, build.view, block);
}

/// Null when there is nothing to propose now.
BlockPtr Replica::MakeBlock(const consensus::Build& build, const StateView& parent,
                            const Header& parent_header) {
  Header header;
  header.chain_id = genesis_.chain_id;
  header.view = build.view;
  header.height = parent_header.height.Next();
  header.parent = build.parent;
  header.proposer = *config_.self;
  header.time = std::max(now_.wall, parent_header.time + 1);
  BlockBuilder builder(genesis_, parent, header.time, header.height);
  if (!build.empty_only) {
    UpdateChain();
    static const std::set<TransactionId> kNone;
    const auto& exclude = build.parent == chain_tip_ ? chain_ids_ : kNone;
    for (const TransactionPtr& transaction :
         mempool_.Pick(kBlockTransactionsMax, kBlockBytesMax, exclude)) {
      const BlockBuilder::Added added = builder.Add(transaction);
      // What does not fit a block of its own never will; behind the others a smaller one may fit.
      const bool never_fits = added == BlockBuilder::Added::kBlockFull &&
                              builder.transactions().empty();
      const bool hopeless = never_fits || added == BlockBuilder::Added::kAllActionsFail ||
                            added == BlockBuilder::Added::kExpired;
      if (hopeless) mempool_.Remove(transaction->id());
    }
  }
  const bool empty = builder.transactions().empty();
  const bool too_soon = header.time - parent_header.time < kEmptyBlockGapMs;
  if (empty && (!build.allow_empty || too_soon)) return nullptr;
  auto execution = builder.Finish();
  if (!execution) {
    Emit(Halt{"the state does not decode: " + std::string(BlockRejectId(execution.error()))});
    return nullptr;
  }
  std::vector<WireId> wire_ids;
  for (const TransactionPtr& transaction : builder.transactions()) {
    wire_ids.push_back(transaction->wire_id());
  }
  header.tx_count = static_cast<uint32_t>(wire_ids.size());
  header.tx_root = TransactionRoot(wire_ids);
  SetRoots(*execution, header);
  const BlockPtr block = Block::Make(header, builder.transactions());
  tree_.InsertExecuted(block, std::make_shared<const Execution>(std::move(*execution)));
  return block;
}

// ---- Executing --------------------------------------------------------------------------------

void Replica::InsertBlock(const BlockPtr& block) {
  fetcher_.OnBody(block->id);
  if (tree_.Insert(block)) ExecuteReady();
}

void Replica::ExecuteReady() {
  for (const BlockTree::Judged& judged : tree_.ExecuteReady()) {
    const BlockId& id = judged.block->id;
    if (!judged.reject) {
      core_.OnBlockValid(now_, id, judged.block->header);
      continue;
    }
    if (*judged.reject == BlockReject::kDamagedState) {
      Emit(Halt{"the state does not decode while executing block " + id.hex()});
    }
    Emit(Note{Note::Level::kWarning, "invalid_block",
              id.hex() + ": " + std::string(BlockRejectId(*judged.reject))});
    core_.OnBlockInvalid(now_, id);
  }
  std::vector<Send> sends;
  for (const auto& [parent, child] : tree_.MissingParents()) {
    if (child.height <= tree_.tip().height.Next()) continue;
    fetcher_.WantBody(now_, parent, child.view, {}, sends);
  }
  EmitAll(sends);
  TryDeliver();
}

// ---- Delivering -------------------------------------------------------------------------------

void Replica::TryDeliver() {
  if (!pending_final_) return;
  const BlockId& target = pending_final_->statement.id;
  if (tree_.StateOf(target) == BlockTree::State::kInvalid) {
    Emit(Halt{"block " + target.hex() + " is final but not valid here: more than f validators are "
              "faulty, or this node's state is damaged"});
    return;
  }
  const auto path = tree_.Path(delivered_id_, target);
  if (!path) {
    // Final blocks below what was delivered meanwhile, by catch-up, need nothing more.
    const auto header = tree_.HeaderOf(target);
    if (header && header->height <= delivered_.height) pending_final_.reset();
    return;
  }
  const FinalityProof proof{{}, *pending_final_};
  pending_final_.reset();
  Deliver(*path, proof);
}

/// `proof` shows that the last block of the path is final.
void Replica::Deliver(const std::vector<BlockPtr>& path, const FinalityProof& proof) {
  for (size_t i = 0; i < path.size(); ++i) {
    FinalityProof own{{}, proof.finalization};
    for (size_t j = i + 1; j < path.size(); ++j) own.descendants.push_back(path[j]->header);
    own.descendants.insert(own.descendants.end(), proof.descendants.begin(),
                           proof.descendants.end());
    delivered_ = path[i]->header;
    delivered_id_ = path[i]->id;
    Emit(CommitBlock{path[i], tree_.ExecutionOf(path[i]->id), std::move(own)});
  }
  highest_known_ = std::max(highest_known_, delivered_.height);
}

void Replica::HandleCommitted(Height height) {
  while (tree_.tip().height < height) {
    const auto path = tree_.Path(tree_.tip_id(), delivered_id_);
    CHECK(path && !path->empty());
    const BlockPtr block = path->front();
    const auto execution = tree_.ExecutionOf(block->id);
    for (const auto& [key, value] : execution->delta.records) {
      const auto record = KeyRecord::Decode(value);
      if (record) mempool_.SetConfirmed(record->id, record->confirmed);
    }
    for (const TransactionPtr& transaction : block->transactions) {
      mempool_.Remove(transaction->id());
      chain_ids_.erase(transaction->id());
    }
    mempool_.RemoveExpired(block->header.time);
    tree_.Commit(block->id);
    logged_bodies_.erase(block->id);
    recent_.push_back(block);
    if (recent_.size() > kRecentBlocksMax) recent_.pop_front();
  }
  std::erase_if(logged_bodies_, [&](const BlockId& id) {
    return tree_.StateOf(id) == BlockTree::State::kUnknown;
  });
  core_.OnCommitted(height);
  if (height - pruned_height_ < config_.prune_every || !core_.finalization()) return;
  // First the new floor durable, then the old records may go: CONSENSUS.md section 5. Only what is
  // committed counts, and a later finalization may be ahead of the store.
  pruned_height_ = height;
  const View below = tree_.tip().view;
  Emit(AppendRecord{FinalRecord{*core_.finalization(), core_.final_height()}});
  Emit(SyncLog{});
  Emit(PruneLog{Epoch(0), std::min(below, core_.final().view)});
}

// ---- Peers ------------------------------------------------------------------------------------

void Replica::HandleBody(ValidatorIndex, const BlockPtr& block) {
  if (!fetcher_.WantsBody(block->id)) return;
  HandleTransactions(block->transactions, false);
  InsertBlock(block);
}

void Replica::HandleBlocks(ValidatorIndex from, const Blocks& blocks) {
  if (!catchup_.Accept(now_, from, blocks, delivered_)) return;
  for (const BlockPtr& block : blocks.blocks) {
    fetcher_.OnBody(block->id);
    tree_.Insert(block);
  }
  ExecuteReady();
  const BlockPtr& last = blocks.blocks.back();
  if (last->header.height <= delivered_.height) return;
  const auto path = tree_.Path(delivered_id_, last->id);
  if (!path) {
    if (tree_.StateOf(last->id) == BlockTree::State::kInvalid) {
      Emit(Halt{"final block " + last->id.hex() + " does not execute to its own roots here"});
    }
    return;
  }
  Deliver(*path, *blocks.proof);
  const auto& descendants = blocks.proof->descendants;
  core_.OnFinalityProof(now_, *blocks.proof,
                        descendants.empty() ? last->header : descendants.back());
}

BlockPtr Replica::FindBlock(const BlockId& id) const {
  if (BlockPtr block = tree_.Find(id)) return block;
  auto it = std::find_if(recent_.begin(), recent_.end(),
                         [&](const BlockPtr& block) { return block->id == id; });
  return it == recent_.end() ? nullptr : *it;
}

void Replica::ServeBody(ValidatorIndex from, const GetBody& request) {
  if (const BlockPtr block = FindBlock(request.id)) Emit(Send{from, Body{block}});
}

void Replica::ServeTransactions(ValidatorIndex from, const GetTransactions& request) {
  Transactions reply{request.block, {}};
  const std::set<WireId> wanted(request.wire_ids.begin(), request.wire_ids.end());
  if (const BlockPtr block = FindBlock(request.block)) {
    for (const TransactionPtr& transaction : block->transactions) {
      if (wanted.contains(transaction->wire_id())) reply.transactions.push_back(transaction);
    }
  } else {
    for (const WireId& wire_id : wanted) {
      if (auto transaction = mempool_.Find(wire_id)) reply.transactions.push_back(transaction);
    }
  }
  if (!reply.transactions.empty()) Emit(Send{from, std::move(reply)});
}

}  // namespace beian
