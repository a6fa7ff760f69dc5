#pragma once

namespace beian::sim {

/// The command line of beian-sim.
int RunProgram(int argc, char** argv);

}  // namespace beian::sim
