#pragma once

#include <span>
#include <string>

#include "sim/canaries/planted.h"

namespace beian::sim {

struct CanariesArguments {
  std::string seeds = "0:400";
  std::string only;              ///< one of them, by name; empty: all
  std::string output = "text";   ///< or json
};
/// Hunts one after another and prints a row for each. 0 when every one was found and nothing was
/// where nothing is broken.
int RunCanaries(const CanariesArguments& arguments, std::span<const PlantedBug> planted);
/// Becomes beian-sim-canaries, which stands beside this program; returns only when it does not.
int BecomeTwin(char** argv);

}  // namespace beian::sim
