#pragma once

#include <sys/types.h>

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/sdk/error.h"

/// Nodes that run though the folder of their cluster is gone: nothing but their command lines
/// says whose they are.
namespace beian::client {

/// The folder of the cluster, when the process is such a node.
std::optional<std::filesystem::path> GoneClusterOf(pid_t pid);

/// Those of one folder, ascending; none while there is a cluster in it.
std::vector<pid_t> OrphansOf(const std::filesystem::path& dir);

/// "kill 4711 4712"
std::string KillCommand(const std::vector<pid_t>& pids);

/// "cluster.folder_gone" when the folder has orphans.
std::expected<void, ClientError> RefuseOrphans(const std::filesystem::path& dir);

}  // namespace beian::client
