#include "node/replica/block_tree.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace beian {

BlockTree::BlockTree(const Genesis& genesis, const LeaderSchedule& leaders,
                     const StateView& committed, const Header& tip)
    : genesis_(genesis), leaders_(leaders), committed_(committed), tip_(tip), tip_id_(tip.id()) {}

const BlockTree::Node* BlockTree::FindNode(const BlockId& id) const {
  auto it = nodes_.find(id);
  return it == nodes_.end() ? nullptr : &it->second;
}

BlockTree::State BlockTree::StateOf(const BlockId& id) const {
  const Node* node = FindNode(id);
  if (node == nullptr) return id == tip_id_ ? State::kValid : State::kUnknown;
  if (node->overlay) return State::kValid;
  return node->invalid ? State::kInvalid : State::kWaiting;
}

BlockPtr BlockTree::Find(const BlockId& id) const {
  const Node* node = FindNode(id);
  return node == nullptr ? nullptr : node->block;
}

std::shared_ptr<const Execution> BlockTree::ExecutionOf(const BlockId& id) const {
  const Node* node = FindNode(id);
  return node == nullptr ? nullptr : node->execution;
}

bool BlockTree::Insert(const BlockPtr& block) {
  if (block->header.height <= tip_.height) return false;
  if (nodes_.contains(block->id)) return true;
  if (nodes_.size() >= kTreeBlocksMax && !GiveUpAbove(block->header.height)) return false;
  nodes_[block->id].block = block;
  waiting_.emplace(block->header.height, block->id);
  return true;
}

// A lower block comes first to be executed. Without this, blocks that wait for others below them,
// as a vote log with gaps brings when the store is lost, would keep those others out for ever.
bool BlockTree::GiveUpAbove(Height height) {
  if (waiting_.empty() || waiting_.rbegin()->first <= height) return false;
  nodes_.erase(waiting_.rbegin()->second);
  waiting_.erase(std::prev(waiting_.end()));
  return true;
}

void BlockTree::InsertExecuted(const BlockPtr& block, std::shared_ptr<const Execution> execution) {
  const StateView* parent = ViewAfter(block->header.parent);
  CHECK(parent != nullptr);
  Node& node = nodes_[block->id];
  if (node.overlay) return;
  waiting_.erase({block->header.height, block->id});
  node.block = block;
  node.overlay = std::make_unique<StateOverlay>(parent, &execution->delta);
  node.execution = std::move(execution);
}

std::vector<BlockTree::Judged> BlockTree::ExecuteReady() {
  std::vector<Judged> judged;
  const auto waiting = waiting_;   // ascending by height: parents first
  for (const auto& [height, id] : waiting) {
    Node& node = nodes_.at(id);
    const BlockId& parent_id = node.block->header.parent;
    const Node* parent_node = FindNode(parent_id);
    const bool parent_invalid = parent_node != nullptr && parent_node->invalid;
    const StateView* parent = ViewAfter(parent_id);
    if (parent == nullptr && !parent_invalid) continue;
    waiting_.erase({height, id});
    if (parent_invalid) {
      node.invalid = true;
      judged.push_back({node.block, BlockReject::kBadParent});
      continue;
    }
    auto execution = ExecuteBlock(genesis_, *HeaderOf(parent_id), *parent, *node.block,
                                  leaders_.At(node.block->header.view));
    if (!execution) {
      node.invalid = true;
      judged.push_back({node.block, execution.error()});
      continue;
    }
    node.execution = std::make_shared<const Execution>(std::move(*execution));
    node.overlay = std::make_unique<StateOverlay>(parent, &node.execution->delta);
    judged.push_back({node.block, std::nullopt});
  }
  return judged;
}

std::vector<std::pair<BlockId, Header>> BlockTree::MissingParents() const {
  std::vector<std::pair<BlockId, Header>> missing;
  for (const auto& [height, id] : waiting_) {
    const Header& child = nodes_.at(id).block->header;
    if (FindNode(child.parent) != nullptr || child.parent == tip_id_) continue;
    missing.emplace_back(child.parent, child);
  }
  return missing;
}

const StateView* BlockTree::ViewAfter(const BlockId& id) const {
  if (id == tip_id_) return &committed_;
  const Node* node = FindNode(id);
  return node == nullptr ? nullptr : node->overlay.get();
}

std::optional<Header> BlockTree::HeaderOf(const BlockId& id) const {
  if (id == tip_id_) return tip_;
  const Node* node = FindNode(id);
  if (node == nullptr) return std::nullopt;
  return node->block->header;
}

std::optional<std::vector<BlockPtr>> BlockTree::Path(const BlockId& from, const BlockId& to) const {
  std::vector<BlockPtr> path;
  BlockId id = to;
  while (id != from) {
    const Node* node = FindNode(id);
    if (node == nullptr || !node->overlay) return std::nullopt;
    path.push_back(node->block);
    id = node->block->header.parent;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

void BlockTree::Commit(const BlockId& id) {
  const Node* node = FindNode(id);
  CHECK(node != nullptr && node->overlay && node->block->header.parent == tip_id_);
  committed_.Apply(node->execution->delta);
  tip_ = node->block->header;
  tip_id_ = id;
  for (auto& [child_id, child] : nodes_) {
    if (child.overlay && child.block->header.parent == id) child.overlay->Rebase(&committed_);
  }
  // Abandoned branches go with everything that stands on them.
  std::set<BlockId> kept{id};
  std::set<std::pair<Height, BlockId>> by_height;
  for (const auto& [other, n] : nodes_) by_height.emplace(n.block->header.height, other);
  for (const auto& [height, other] : by_height) {
    const Node& n = nodes_.at(other);
    const bool waits = !n.overlay && !n.invalid;   // an invalid block's height may be anything
    const bool on_base = height > tip_.height &&
                         (waits || (n.overlay && kept.contains(n.block->header.parent)));
    if (on_base) {
      kept.insert(other);
    } else {
      waiting_.erase({height, other});
      nodes_.erase(other);
    }
  }
}

}  // namespace beian
