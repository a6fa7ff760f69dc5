#pragma once

#include <span>

#include "sim/canaries/planted.h"

namespace beian::sim {

/// The command line of beian-sim, and of its twin beian-sim-canaries, which has bugs `planted`.
int RunProgram(int argc, char** argv, std::span<const PlantedBug> planted);

}  // namespace beian::sim
