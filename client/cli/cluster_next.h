#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/cli/cluster_plan.h"

/// What to run next, as it is to be typed: whatever folder and ports it takes are named.
namespace beian::client {

/// Beside `dir`; nothing stands there.
std::filesystem::path OtherFolder(const std::filesystem::path& dir);

/// Starts a new cluster in `dir`, on ports that are free now if any were found.
std::string UpCommand(const std::filesystem::path& dir, size_t nodes);

/// deploy/example-filing.toml in one of the folders or above it: where the sources are.
std::optional<std::filesystem::path> FindExample(std::span<const std::filesystem::path> folders);

/// One line: how other commands find the cluster.
std::string UseCommand(const ClusterPlan& plan);

/// For whoever has a cluster for the first time; without `example` a form must be filled in.
std::string FirstCommands(const ClusterPlan& plan,
                          const std::optional<std::filesystem::path>& example);

/// The process of a node on this machine that runs.
std::optional<pid_t> RunningPid(const ClusterNode& node);

/// The same of the node with that API, when a connection file is in the folder of its cluster.
std::optional<pid_t> ProcessOf(std::span<const std::filesystem::path> connection_files,
                               const std::string& api_url);

/// Ends what runs and does not answer.
std::string KillSilentCommand(std::span<const pid_t> silent);

/// Starts again what does not run, when fewer than all are `up`; those that run and are `silent`
/// are ended first. Nothing when all are up, or on hosts of their own.
std::vector<std::string> RestartCommands(const ClusterPlan& plan, size_t up,
                                         std::span<const pid_t> silent);

}  // namespace beian::client
