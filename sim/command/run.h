#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/options.h"

namespace beian::sim {

/// What `beian-sim run` is told.
struct RunArguments {
  size_t nodes = 4;
  uint64_t first = 0;
  uint64_t end = 100;                  ///< not included
  std::vector<std::string> settings;   ///< "name=value", over what the seed draws
  Canary canary = Canary::kNone;
  bool trace = false;
  bool verbose = false;
  bool stop_at_first = false;
  bool json = false;
  uint64_t check_determinism = 50;     ///< every so manieth seed runs twice; 0: none
};

/// Runs seeds one after another and reports. Returns the exit code: 1 when a seed failed.
int RunSeeds(const RunArguments& arguments);

/// Those that the seed draws, with the settings over them. Nothing when they contradict each other.
std::optional<Options> MakeOptions(uint64_t seed, size_t nodes,
                                   const std::vector<std::string>& settings);

}  // namespace beian::sim
