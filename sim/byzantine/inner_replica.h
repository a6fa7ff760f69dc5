#pragma once

#include <functional>
#include <memory>

#include "node/replica/replica.h"
#include "sim/byzantine/scene.h"
#include "sim/disk.h"

namespace beian::sim {

/// The production replica in the hands of a dishonest validator: it hears what its owner lets it
/// hear, and what it wants to say goes to its owner first. It has a store and a log of its own.
class InnerReplica {
 public:
  /// Takes each message in the replica's stead, for one honest receiver.
  using Say = std::function<void(ValidatorIndex to, const Message& message)>;
  explicit InnerReplica(const Scene& scene);

  /// Every turn of its owner: timers.
  void Tick(const Scene& scene, const Say& say);
  void Hear(const Scene& scene, ValidatorIndex from, const Message& message, const Say& say);
  /// A restart that finds an empty log and knows nothing of re-entry: it will vote again where it
  /// has voted before.
  void Forget(const Scene& scene, const Say& say);
  ReplicaStatus status() const { return replica_->status(); }

 private:
  void Start(const Scene& scene);
  void Run(const Scene& scene, const Event& event, const Say& say);
  void Perform(const Scene& scene, Actions actions, const Say& say);
  void Send(const Scene& scene, const beian::Send& send, const Say& say) const;
  static Now NowOf(const Scene& scene);

  MemoryStore store_;
  VoteDisk disk_;
  std::unique_ptr<Replica> replica_;
  bool started_ = false;
};

}  // namespace beian::sim
