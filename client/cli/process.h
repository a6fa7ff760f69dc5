#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/sdk/error.h"

/// Processes of this machine that the command line starts and ends: nodes of a local cluster.
namespace beian::client {

/// Folder of the running program.
std::filesystem::path ProgramFolder();

/// Starts a program in a session of its own, output appended to `log`, and returns its id. It
/// outlives us.
std::expected<pid_t, ClientError> StartDetached(const std::vector<std::string>& command,
                                                const std::filesystem::path& log);

/// Runs a program to its end; its exit code and what it printed.
struct Finished {
  int exit_code = 0;
  std::string output;  ///< both streams, at most 64 kB
};
std::expected<Finished, ClientError> RunToEnd(const std::vector<std::string>& command);

/// Starts a program and returns the reading end of its standard output; its messages stay ours.
std::expected<int, ClientError> StartPiped(const std::vector<std::string>& command,
                                           int messages = STDERR_FILENO);

/// The configuration file, absolute, that a running beiand was started with; nothing when the
/// process has ended or is another program: ids are used again, and a pid file may be old.
std::optional<std::filesystem::path> NodeConfigOf(pid_t pid);
/// Whether the process is the node of that configuration.
bool IsNode(pid_t pid, const std::filesystem::path& config);

/// The id in a file; nothing when there is none.
std::optional<pid_t> ReadPid(const std::filesystem::path& file);

/// Ids of every process of this machine, ascending.
std::vector<pid_t> AllProcesses();

struct Holder {
  pid_t pid = 0;     ///< 0: it may not be seen
  std::string said;  ///< "process 4711 (beiand)"
};
/// Nothing when the port is free on the loopback address; otherwise who holds it.
std::optional<Holder> PortHolder(uint16_t port);

}  // namespace beian::client
