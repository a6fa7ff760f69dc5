#include "sim/report/summary.h"

#include <algorithm>

namespace beian::sim {
namespace {

double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

void Totals::Add(const SeedRecord& record) {
  ++seeds;
  failed += record.failure ? 1 : 0;
  settled_ms_max = std::max(settled_ms_max, record.settled_ms);
  for (const CountField& field : CountFields()) {
    counts.*field.member += record.counts.*field.member;
  }
}

double Totals::Factor() const {
  return Ratio(static_cast<double>(counts.virtual_ms) * 1000, static_cast<double>(counts.real_us));
}

double Totals::SeedsPerCoreHour() const {
  return Ratio(static_cast<double>(seeds) * 3.6e9, static_cast<double>(counts.core_us));
}

double Totals::PerSeed(uint64_t count) const {
  return Ratio(static_cast<double>(count), static_cast<double>(seeds));
}

void Summary::Add(const SeedRecord& record) {
  all_.Add(record);
  by_nodes_[record.nodes].Add(record);
  for (const FaultKind kind : AllFaultKinds()) {
    Fired& fired = faults_[static_cast<size_t>(kind)];
    fired.times += record.faults.Of(kind);
    fired.seeds += record.faults.Of(kind) > 0 ? 1 : 0;
  }
  if (record.dishonest > 0) {
    Played& played = strategies_[static_cast<size_t>(record.strategy)];
    ++played.seeds;
    played.at_limit += record.dishonest == (record.nodes - 1) / 3 ? 1 : 0;
    played.turns += record.counts.puppet_turns;
    played.messages += record.counts.puppet_messages;
  }
  if (record.failure && failed_.size() < kFailedMax) {
    failed_.push_back({record.nodes, record.seed, *record.failure});
  }
}

}  // namespace beian::sim
