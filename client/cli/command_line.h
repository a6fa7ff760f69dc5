#pragma once

#include <expected>
#include <string>
#include <vector>

#include "client/cli/command.h"
#include "client/cli/session.h"

namespace beian::client {

struct ParsedLine {
  const Command* command = nullptr;  ///< null: only `help` is to be printed
  Values values;
  GlobalFlags flags;
  std::string help;
};

/// The only user of CLI11. `given` without the program's name. Errors exit with kUsage and name
/// the nearest command or option.
std::expected<ParsedLine, ClientError> ParseCommandLine(const std::vector<std::string>& given);

}  // namespace beian::client
