#include "sim/byzantine/book.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace beian::sim {

Book::Book(const Genesis& genesis) : genesis_(genesis), store_(genesis) {}

void Book::OnFirstCommit(const CommitBlock& commit) {
  CHECK(store_.Commit(commit).has_value());
  blocks_.emplace(commit.block->id, commit.block);
  executions_.erase(commit.block->id);
}

BlockPtr Book::Find(const BlockId& id) const {
  const auto found = blocks_.find(id);
  return found == blocks_.end() ? nullptr : found->second;
}

std::optional<Book::StateAfter> Book::After(const BlockId& id) {
  std::vector<BlockPtr> path;
  const Header base = store_.Tip();
  for (BlockId at = id; at != base.id();) {
    const BlockPtr block = Find(at);
    if (block == nullptr || block->header.height <= base.height) return std::nullopt;
    path.push_back(block);
    at = block->header.parent;
  }
  std::ranges::reverse(path);
  StateAfter after{base, {}, &store_};
  for (const BlockPtr& block : path) {
    auto& execution = executions_[block->id];
    if (!execution) {
      auto executed = Execute(genesis_, *after.view, block->header.time, block->header.height,
                              block->transactions);
      if (!executed) return std::nullopt;
      execution = std::make_shared<const Execution>(*std::move(executed));
    }
    after.overlays.push_back(std::make_unique<StateOverlay>(after.view, &execution->delta));
    after.view = after.overlays.back().get();
    after.header = block->header;
  }
  return after;
}

}  // namespace beian::sim
