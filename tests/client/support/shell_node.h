#pragma once

#include <sys/types.h>

#include <string>

#include "tests/client/support/folder.h"

namespace beian::client {

/// A shell that runs `script` under the name of a node's program, with the command line of the node
/// of that configuration, in a session of its own. The name ends with `suffix`.
pid_t StartShellNode(const Folder& folder, const std::string& script, const std::string& config,
                     const std::string& suffix = "");

}  // namespace beian::client
