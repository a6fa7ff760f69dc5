#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "sim/memory_store.h"

namespace beian::sim {

/// Every block that anyone has made, and the state after each: what a dishonest validator is taken
/// to know, however little it was told.
class Book {
 public:
  explicit Book(const Genesis& genesis);
  void OnBlock(const BlockPtr& block) { blocks_.emplace(block->id, block); }
  void OnFirstCommit(const CommitBlock& commit);   ///< in order of heights
  BlockPtr Find(const BlockId& id) const;          ///< null when unknown

  /// State after a block that is not below the last committed one, as long as this lives and
  /// nothing more is committed.
  struct StateAfter {
    Header header;
    std::vector<std::unique_ptr<StateOverlay>> overlays;
    const StateView* view = nullptr;
  };
  std::optional<StateAfter> After(const BlockId& id);
  Header Tip() const { return store_.Tip(); }

 private:
  const Genesis& genesis_;
  MemoryStore store_;
  std::map<BlockId, BlockPtr> blocks_;
  std::map<BlockId, std::shared_ptr<const Execution>> executions_;
};

}  // namespace beian::sim
