#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/canaries/planted.h"
#include "sim/checkers/findings.h"
#include "sim/options.h"

namespace beian::sim {

inline constexpr std::string_view kControl = "none";   ///< nothing is broken, nothing may be found

/// A fault made on purpose, which a checker must find: in the code, or in the harness.
struct Bug {
  std::string name{kControl};
  std::string what;                 ///< is broken
  int planted = -1;                 ///< its number; -1: the code is as it ships
  Canary canary = Canary::kNone;
};
/// The control, those of the code, those of the harness.
std::vector<Bug> AllBugs(std::span<const PlantedBug> planted);
/// From now on, in this process.
void SwitchOn(const Bug& bug, Options& options);

/// What a seed of a hunt runs: seven validators every fifth time, else four; somebody is dishonest
/// every other time, each strategy in its turn, else the seed decides that too.
Options HuntOptions(uint64_t seed);

struct Seeds {
  uint64_t first = 0;
  uint64_t end = 0;   ///< not included
};
/// What a hunt came to.
struct Catch {
  bool found = false;
  uint64_t seed = 0;    ///< the last one that was run: the one that found it, if any
  Finding finding;      ///< the first
};
using Trial = std::function<std::vector<Finding>(uint64_t seed)>;
/// Tries seed after seed until there is a finding, in a process of its own: one that aborts is one.
Catch Hunt(const Seeds& seeds, const Trial& trial);
Catch Hunt(const Seeds& seeds, const Bug& bug);

}  // namespace beian::sim
