#pragma once

#include <string>
#include <vector>

#include "sim/canaries/hunt.h"

namespace beian::sim {

/// What `beian-sim run` is told.
struct RunArguments {
  size_t nodes = 4;
  uint64_t first = 0;
  uint64_t end = 100;                  ///< not included
  std::vector<std::string> settings;   ///< "name=value", over what the seed draws
  Bug bug;                             ///< switched on
  bool trace = false;                  ///< every event and action is printed
  bool verbose = false;                ///< a line for each seed
  bool stop_at_first = false;          ///< failure
  bool minimise = false;               ///< each failure is shortened before it is told
  bool json = false;                   ///< the summary, and nothing else
  uint64_t check_determinism = 50;     ///< every so manieth seed runs twice; 0: none
};

/// Runs seeds one after another and reports. Returns the exit code: 1 when a seed failed, 2 when
/// the settings contradict each other.
int RunSeeds(const RunArguments& arguments);

}  // namespace beian::sim
