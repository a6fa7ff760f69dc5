#pragma once

#include <optional>
#include <unordered_map>

#include "ledger/chain/state.h"

namespace beian {

/// Values that were used last, and which keys are absent. Bounded: a generation that is full
/// becomes the old one, and the one that was old is forgotten. One thread.
class StateCache {
 public:
  /// Two generations of `generation_bytes` each, keys, values and their nodes counted.
  explicit StateCache(size_t generation_bytes) : generation_bytes_(generation_bytes) {}

  using Value = std::optional<Bytes>;  ///< nothing: known to be absent
  /// Null when it does not know. Valid until the next call.
  const Value* Find(BytesView key);
  void Put(BytesView key, Value value);
  /// Replaces the value of a key that it knows.
  void Refresh(BytesView key, const Bytes& value);
  size_t bytes() const { return young_bytes_ + old_bytes_; }

 private:
  /// The keys are digests and paths along digests: any of their octets would do.
  struct Hash {
    using is_transparent = void;
    size_t operator()(BytesView key) const { return std::hash<BytesView>()(key); }
  };
  using Generation = std::unordered_map<Bytes, Value, Hash, std::equal_to<>>;

  size_t generation_bytes_;
  Generation young_;
  Generation old_;
  size_t young_bytes_ = 0;
  size_t old_bytes_ = 0;
};

/// The state that is committed, with what was read or applied last at hand. The store may be ahead
/// of what has been applied here, as it commits on another thread: Apply puts right what was read
/// meanwhile. The replica's thread.
class CommittedState : public StateView {
 public:
  explicit CommittedState(const StateView& store);
  /// The store holds the block that changed this.
  void Apply(const StateDelta& delta);
  std::optional<Bytes> Record(const MapKey& key) const override;
  std::optional<Bytes> Page(const PagePath& path) const override;
  bool HasTransaction(const TransactionId& id) const override;
  LogFrontier Log() const override { return log_; }

 private:
  const StateView& store_;
  LogFrontier log_;
  mutable StateCache records_;
  mutable StateCache pages_;
};

}  // namespace beian
