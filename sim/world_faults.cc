#include <algorithm>

#include "sim/world.h"

// What goes wrong, and when it stops.
namespace beian::sim {
namespace {

constexpr uint64_t kPauseMsMax = 3'000;
constexpr uint64_t kTearActionsMax = 12;
constexpr uint64_t kRestartAllMsMax = 300;
constexpr uint64_t kQuickRestartPerMille = 300;
constexpr uint64_t kDisconnectPerMille = 300;

}  // namespace

uint64_t World::Every(Fault fault) const {
  switch (fault) {
    case Fault::kPartition: return options_.partition_every_ms;
    case Fault::kCrashOne: return options_.crash_every_ms;
    case Fault::kCrashAll: return options_.crash_all_every_ms;
    case Fault::kPause: return options_.pause_every_ms;
    case Fault::kLoseLog: return options_.lose_log_every_ms;
    case Fault::kCanary: return options_.canary == Canary::kNone ? 0 : 1'000;
  }
  return 0;
}

void World::ScheduleFaults() {
  for (Fault fault : {Fault::kPartition, Fault::kCrashOne, Fault::kCrashAll, Fault::kPause,
                      Fault::kLoseLog, Fault::kCanary}) {
    if (Every(fault) > 0) Schedule(random_.Around(Every(fault)), fault);
  }
}

void World::Strike(Fault fault) {
  if (healed_) return;
  Schedule(now_ms_ + random_.Around(Every(fault)), fault);
  Node& node = nodes_[random_.Below(nodes_.size())];
  switch (fault) {
    case Fault::kPartition: StrikePartition(node); break;
    case Fault::kCrashOne: Break(node); break;
    case Fault::kCrashAll: StrikeAll(); break;
    case Fault::kPause:
      node.busy_until_ms = now_ms_ + random_.Below(kPauseMsMax);
      if (node.replica) statistics_.faults.Add(FaultKind::kPause);
      break;
    case Fault::kLoseLog: StrikeLog(); break;
    case Fault::kCanary: StrikeCanary(); break;
  }
}

void World::StrikePartition(const Node& node) {
  network_.Partition();
  Schedule(now_ms_ + random_.Around(options_.partition_every_ms / 2 + 1), Mending{});
  for (const Node& other : nodes_) {   // some connections break, others only fall silent
    const bool cut = other.index != node.index && network_.IsCut(other.index, node.index);
    if (!cut || !random_.Chance(kDisconnectPerMille)) continue;
    statistics_.faults.Add(FaultKind::kBrokenConnection);
    Schedule(now_ms_, Connection{node.index, other.index, false});
  }
}

/// At once, or in the middle of one of the next steps.
void World::Break(Node& node) {
  if (!node.replica) return;
  if (options_.tear_steps) {
    node.crash_in = random_.Below(kTearActionsMax);
    return;
  }
  Crash(node);
  const bool quick = random_.Chance(kQuickRestartPerMille);
  Schedule(now_ms_ + (quick ? 1 : random_.Around(options_.down_ms)), Restart{node.index});
}

void World::StrikeAll() {
  statistics_.faults.Add(FaultKind::kCrashAll);
  for (Node& node : nodes_) {
    Crash(node);
    Schedule(now_ms_ + 1 + random_.Below(kRestartAllMsMax), Restart{node.index});
  }
}

void World::StrikeLog() {
  if (Unreliable() + options_.dishonest >= chain_.genesis.validators.faulty_max()) return;
  Node& node = nodes_[random_.Below(nodes_.size())];
  if (node.puppet) return;
  Crash(node);
  LoseDisk(node);
  Schedule(now_ms_ + random_.Around(options_.down_ms), Restart{node.index});
}

void World::StrikeCanary() {
  if (options_.canary == Canary::kForgedSignature) forge_next_ = true;
  if (options_.canary == Canary::kRottenRecord) nodes_.front().store->Damage();
}

void World::Heal() {
  healed_ = true;
  network_.Heal();
  // At most f do not come back, those that have lost their logs among them: who asks for
  // re-entry needs answers from q others.
  size_t dead = std::min(options_.dead, chain_.genesis.validators.faulty_max());
  dead -= std::min(dead, Unreliable() + options_.dishonest);
  for (Node& node : nodes_) {
    node.busy_until_ms = std::min(node.busy_until_ms, now_ms_ + kPauseMsMax);
    node.crash_in.reset();
  }
  while (dead > 0) {
    Node& node = nodes_[random_.Below(nodes_.size())];
    if (node.unreliable || node.dead || node.puppet) continue;
    Crash(node);
    node.dead = true;
    statistics_.faults.Add(FaultKind::kStayedDown);
    --dead;
  }
  for (Node& node : nodes_) {
    Schedule(now_ms_ + random_.Below(kRestartAllMsMax), Restart{node.index});
    if (options_.heal_silently) continue;   // then only what is sent again arrives
    for (const Node& other : nodes_) {
      if (other.index == node.index || other.dead || node.puppet) continue;
      Schedule(now_ms_ + kRestartAllMsMax, Connection{node.index, other.index, true});
    }
  }
  if (options_.canary == Canary::kNeverHeals) {
    for (const Node& other : nodes_) {
      network_.Cut(ValidatorIndex(0), other.index);
      network_.Cut(other.index, ValidatorIndex(0));
    }
  }
}

}  // namespace beian::sim
