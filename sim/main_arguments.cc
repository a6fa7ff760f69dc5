#include "sim/main_arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace beian::sim {

Seeds ParseSeeds(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) throw CLI::ValidationError("--seeds", "expected FIRST:END");
  return {std::stoull(text.substr(0, colon)), std::stoull(text.substr(colon + 1))};
}

std::string ReplayCommand(const Replay& replay, uint64_t seed) {
  std::string command = fmt::format("{} run --nodes {} --seeds {}:{} --trace", replay.program,
                                    replay.nodes, seed, seed + 1);
  if (replay.canary != kControl) command += " --canary " + replay.canary;
  if (!replay.strategy.empty()) command += " --strategy " + replay.strategy;
  return command;
}

}  // namespace beian::sim
