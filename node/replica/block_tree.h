#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "ledger/chain/execute.h"
#include "ledger/chain/genesis.h"
#include "node/replica/state_cache.h"

namespace beian {

/// Blocks above the last committed one, each executed on its parent as soon as that is possible.
/// Bounded by kTreeBlocksMax. Pure; the replica's thread.
class BlockTree {
 public:
  BlockTree(const Genesis& genesis, const LeaderSchedule& leaders, const StateView& committed,
            const Header& tip);

  enum class State : uint8_t { kUnknown, kWaiting, kValid, kInvalid };
  State StateOf(const BlockId& id) const;
  BlockPtr Find(const BlockId& id) const;                 ///< null when unknown
  std::shared_ptr<const Execution> ExecutionOf(const BlockId& id) const;   ///< null unless valid

  /// False when the tree is full or the block is at or below the committed height. A block that is
  /// already there stays.
  bool Insert(const BlockPtr& block);
  /// A block of our own making with its execution, on an executed parent.
  void InsertExecuted(const BlockPtr& block, std::shared_ptr<const Execution> execution);

  struct Judged {
    BlockPtr block;
    std::optional<BlockReject> reject;   ///< nothing: valid
  };
  /// Executes what can be executed, parents first.
  std::vector<Judged> ExecuteReady();
  /// Parents that waiting blocks need and that are not here, each with the header of such a block.
  std::vector<std::pair<BlockId, Header>> MissingParents() const;

  /// State after a valid block, or after the committed one; null otherwise.
  const StateView* ViewAfter(const BlockId& id) const;
  std::optional<Header> HeaderOf(const BlockId& id) const;  ///< a block here, or the committed tip
  /// Blocks after `from` up to `to`, ascending, all valid; nothing when one of them is missing.
  std::optional<std::vector<BlockPtr>> Path(const BlockId& from, const BlockId& to) const;

  /// The store holds this block: it becomes the base, other blocks at or below its height go.
  void Commit(const BlockId& id);
  const Header& tip() const { return tip_; }
  const BlockId& tip_id() const { return tip_id_; }
  size_t size() const { return nodes_.size(); }

 private:
  struct Node {
    BlockPtr block;
    std::shared_ptr<const Execution> execution;
    std::unique_ptr<StateOverlay> overlay;   ///< when valid
    bool invalid = false;
  };
  const Node* FindNode(const BlockId& id) const;
  /// Room for a block of `height`: drops the highest waiting one, if that is higher.
  bool GiveUpAbove(Height height);

  const Genesis& genesis_;
  const LeaderSchedule& leaders_;
  CommittedState committed_;
  Header tip_;
  BlockId tip_id_;
  std::map<BlockId, Node> nodes_;
  std::set<std::pair<Height, BlockId>> waiting_;   ///< neither executed nor invalid
};

inline constexpr size_t kTreeBlocksMax = 512;

}  // namespace beian
