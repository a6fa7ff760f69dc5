#pragma once

#include <span>

/// What the sources of beian-sim-canaries, into which plant.py has put bugs, see of the program
/// that switches one of them on. Production code knows nothing of it.
namespace beian::sim {

struct PlantedBug {
  const char* name;
  const char* what;   ///< is broken
};

inline std::span<const PlantedBug> planted_bugs;   ///< of this program; of beian-sim none
inline int planted_bug = -1;   ///< number of the bug that is switched on; -1: none
inline bool IsPlanted(int number) { return planted_bug == number; }

}  // namespace beian::sim
