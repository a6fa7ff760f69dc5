#pragma once

#include <memory>

#include "sim/byzantine/scene.h"
#include "sim/byzantine/strategy.h"

namespace beian::sim {

/// A dishonest validator: one strategy each, in a file of its own.
class Puppet {
 public:
  virtual ~Puppet() = default;
  /// Every few tens of milliseconds.
  virtual void Act(const Scene& scene) = 0;
  /// A message arrived. By default it serves bodies, transactions and certificates, as somebody who
  /// wants its blocks to be accepted would.
  virtual void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message);
};

std::unique_ptr<Puppet> MakePuppet(Strategy strategy);

std::unique_ptr<Puppet> MakeDoubleVoter();
std::unique_ptr<Puppet> MakeEquivocator();
std::unique_ptr<Puppet> MakeWrongParent();
std::unique_ptr<Puppet> MakeLiar();
std::unique_ptr<Puppet> MakeWithholder();
std::unique_ptr<Puppet> MakeReplayer();
std::unique_ptr<Puppet> MakeFlooder();
std::unique_ptr<Puppet> MakeLyingHeight();
std::unique_ptr<Puppet> MakeImpersonator();
std::unique_ptr<Puppet> MakeMangler();
std::unique_ptr<Puppet> MakeNullifyAndFinalize();
std::unique_ptr<Puppet> MakeFutureView();
std::unique_ptr<Puppet> MakeLyingClock();
std::unique_ptr<Puppet> MakeTardy();
std::unique_ptr<Puppet> MakeSignedTwice();
std::unique_ptr<Puppet> MakePoisoner();
std::unique_ptr<Puppet> MakeSelectiveSender();
std::unique_ptr<Puppet> MakeAmnesiac();
std::unique_ptr<Puppet> MakeSmallScope();
std::unique_ptr<Puppet> MakeTwins();

/// The next view, from the lowest that anybody may still be in, of which this validator is leader.
std::optional<View> OwnView(const Scene& scene);

/// Signs whatever somebody has signed in the newest views: of one that lies about other things.
/// Without its votes the honest could not go on while one of them is away, and none would lag.
void VoteAlong(const Scene& scene);

}  // namespace beian::sim
