#pragma once

#include <map>
#include <set>

#include "ledger/chain/state.h"

namespace beian {

/// A state in maps: the genesis state when made, then whatever is applied.
class MemoryState : public StateView {
 public:
  void Apply(const StateDelta& delta);

  std::optional<Bytes> Record(const MapKey& key) const override;
  std::optional<Bytes> Page(const PagePath& path) const override;
  bool HasTransaction(const TransactionId& id) const override;
  LogFrontier Log() const override { return log_; }

  const std::map<MapKey, Bytes>& records() const { return records_; }

 private:
  std::map<MapKey, Bytes> records_;
  std::map<PagePath, Bytes> pages_;
  std::set<TransactionId> transactions_;
  LogFrontier log_;
};

}  // namespace beian
