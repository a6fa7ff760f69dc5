#pragma once

#include <string>

#include "sim/canaries/hunt.h"

namespace beian::sim {

/// "FIRST:END"; throws CLI::ValidationError when it is not.
Seeds ParseSeeds(const std::string& text);

/// What tells a run of one seed from another, and so stands in the line that repeats it.
struct Replay {
  std::string program = "beian-sim";
  size_t nodes = 4;
  std::string canary = std::string(kControl);
  std::string strategy;   ///< of dishonest validators; empty: the seed decides
};
std::string ReplayCommand(const Replay& replay, uint64_t seed);

}  // namespace beian::sim
