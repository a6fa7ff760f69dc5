#pragma once

#include <map>
#include <optional>
#include <set>

#include "ledger/base/types.h"
#include "ledger/merkle/log.h"
#include "ledger/merkle/map.h"

namespace beian {

/// The ledger's state after some block, as execution reads it. Implementations: the store (the last
/// committed block), StateOverlay (a block on its parent's state).
class StateView : public PageReader {
 public:
  virtual std::optional<Bytes> Record(const MapKey& key) const = 0;
  /// Whether a transaction with that id stands in this or an earlier block.
  virtual bool HasTransaction(const TransactionId& id) const = 0;
  virtual LogFrontier Log() const = 0;
};

/// What one block changes; the store writes it in the block's batch.
struct StateDelta {
  std::map<MapKey, Bytes> records;
  std::map<PagePath, Bytes> pages;
  std::set<TransactionId> transactions;
  LogFrontier log;
};

/// `delta` over `parent`; both must outlive it. Once the parent's block is in the store, Rebase
/// lets the parent's own overlay go.
class StateOverlay : public StateView {
 public:
  StateOverlay(const StateView* parent, const StateDelta* delta) : parent_(parent), delta_(delta) {}
  void Rebase(const StateView* parent) { parent_ = parent; }
  std::optional<Bytes> Record(const MapKey& key) const override;
  std::optional<Bytes> Page(const PagePath& path) const override;
  bool HasTransaction(const TransactionId& id) const override;
  LogFrontier Log() const override { return delta_->log; }

 private:
  const StateView* parent_;
  const StateDelta* delta_;
};

}  // namespace beian
