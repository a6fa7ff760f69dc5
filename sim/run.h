#pragma once

#include <optional>
#include <string>

#include "sim/world.h"

namespace beian::sim {

/// What became of one seed.
struct Outcome {
  std::vector<Finding> findings;   ///< empty: all is well
  Statistics statistics;
  uint64_t blocks = 0;
  uint64_t transactions = 0;
  uint64_t filings = 0;
  uint64_t codes = 0;
  uint64_t virtual_ms = 0;
  uint64_t settled_ms = 0;         ///< from the end of the faults until everything was committed
  Sha256Digest fingerprint;        ///< zero unless asked for
};

/// First phase: faults. Second phase: none, and everything pending must be committed everywhere in
/// bounded time (I14). Third phase: nothing to do, and the cluster must be quiet (I12).
struct RunRequest {
  Options options;
  bool fingerprint = false;
  World::TraceSink trace = nullptr;
};
Outcome RunSeed(const Chain& chain, const RunRequest& request);

/// And once more, unless something was found: the second run must be the first one, event for event
/// and action for action (I13).
Outcome RunTwice(const Chain& chain, const RunRequest& request);

}  // namespace beian::sim
