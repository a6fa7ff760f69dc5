#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/chain/state.h"

namespace beian {

/// The state of a replay, in memory. Ids of transactions are kept for as long as one of them could
/// be repeated: a transaction is valid until its expiry, at most kExpiryWindowMs after the block it
/// stood in, and older blocks cannot matter.
class ReplayedState : public StateView {
 public:
  std::optional<Bytes> Record(const MapKey& key) const override;
  std::optional<Bytes> Page(const PagePath& path) const override;
  bool HasTransaction(const TransactionId& id) const override;
  LogFrontier Log() const override { return log_; }

  /// Adopts what a block of that time changed. Times must not decrease.
  void Apply(StateDelta delta, TimeMs time);
  /// In order of the keys.
  void ForEachRecord(const std::function<void(const MapKey& key, BytesView record)>& visit) const;

 private:
  /// Keys are SHA-256 values, so their first octets are spread evenly.
  struct KeyHash {
    size_t operator()(const MapKey& key) const;
  };
  std::unordered_map<MapKey, Bytes, KeyHash> records_;
  std::unordered_map<PagePath, Bytes> pages_;
  std::set<TransactionId> recent_;
  std::deque<std::pair<TimeMs, std::vector<TransactionId>>> recent_by_time_;
  LogFrontier log_;
};

}  // namespace beian
