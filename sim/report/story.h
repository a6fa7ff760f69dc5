#pragma once

#include <string>
#include <string_view>

#include "sim/run.h"

namespace beian::sim {

/// Everything that one needs to look into a failed seed: findings, options, the last events, a
/// sequence diagram and the command that runs it again. Runs it again itself, for the diagram.
std::string TellFailure(const Chain& chain, const Options& options, const Finding& first);

/// The line that shows this failure again. `invariant`: I13 needs two runs.
std::string ReplayCommand(const Options& options, std::string_view invariant);

}  // namespace beian::sim
