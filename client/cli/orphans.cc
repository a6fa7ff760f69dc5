#include "client/cli/orphans.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/cli/cluster_plan.h"
#include "client/cli/process.h"

namespace beian::client {

namespace fs = std::filesystem;

std::optional<fs::path> GoneClusterOf(pid_t pid) {
  const auto config = NodeConfigOf(pid);
  if (!config) return std::nullopt;
  const fs::path nodes = config->parent_path().parent_path();
  if (nodes.filename() != "nodes" || ClusterExists(nodes.parent_path())) return std::nullopt;
  return nodes.parent_path();
}

std::vector<pid_t> OrphansOf(const fs::path& dir) {
  std::vector<pid_t> orphans;
  if (ClusterExists(dir)) return orphans;
  fs::path wanted = fs::absolute(dir).lexically_normal();
  if (!wanted.has_filename()) wanted = wanted.parent_path();
  for (const pid_t pid : AllProcesses()) {
    if (GoneClusterOf(pid) == wanted) orphans.push_back(pid);
  }
  return orphans;
}

std::string KillCommand(const std::vector<pid_t>& pids) {
  return fmt::format("kill {}", fmt::join(pids, " "));
}

std::expected<void, ClientError> RefuseOrphans(const fs::path& dir) {
  const auto orphans = OrphansOf(dir);
  if (orphans.empty()) return {};
  return std::unexpected(ClientError{
      "cluster.folder_gone", "The folder of this cluster is gone, and its nodes still run.",
      dir.string(), "End them, or put the folder back: without it their chain is lost.",
      KillCommand(orphans), Exit::kNotFound, 0});
}

}  // namespace beian::client
