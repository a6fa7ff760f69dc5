#pragma once

#include <string>

#include "sim/canaries/hunt.h"

namespace beian::sim {

struct CanariesArguments {
  Seeds seeds{0, 400};
  std::string only;     ///< one of them, by name; empty: all
  bool json = false;
};
/// Hunts one after another, those planted in this program and those of the harness, and prints a
/// row for each. 0 when every one was found and nothing was where nothing is broken.
int RunCanaries(const CanariesArguments& arguments);
/// Becomes beian-sim-canaries, which stands beside this program; returns only when it does not.
int BecomeTwin(char** argv);

}  // namespace beian::sim
