#include "client/cli/cluster_next.h"

#include <fmt/format.h>

#include "client/cli/language.h"
#include "client/cli/process.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr uint16_t kBasePortStep = 1'000;

bool AllFree(uint64_t base, size_t nodes) {
  for (const uint64_t first : {base, base + kApiPortOffset, base + kOperationsPortOffset}) {
    for (size_t i = 0; i < nodes; ++i) {
      if (PortHolder(static_cast<uint16_t>(first + i))) return false;
    }
  }
  return true;
}

/// Nothing when none was found.
std::optional<uint64_t> FreeBasePort(size_t nodes) {
  for (uint64_t base = kBasePortDefault; base <= kBasePortMax; base += kBasePortStep) {
    if (AllFree(base, nodes)) return base;
  }
  return std::nullopt;
}

}  // namespace

fs::path OtherFolder(const fs::path& dir) {
  std::error_code ignored;
  fs::path plain = fs::absolute(dir).lexically_normal();
  if (!plain.has_filename()) plain = plain.parent_path();
  for (int number = 2;; ++number) {
    fs::path other = plain;
    other += fmt::format("-{}", number);
    if (!fs::exists(other, ignored)) return other;
  }
}

std::string UpCommand(const fs::path& dir, size_t nodes) {
  std::string command = fmt::format("beian cluster up --dir {}", dir.string());
  if (nodes != kClusterNodesDefault) command += fmt::format(" -n {}", nodes);
  if (const auto port = FreeBasePort(nodes)) command += fmt::format(" --base-port {}", *port);
  return command;
}

std::optional<fs::path> FindExample(std::span<const fs::path> folders) {
  std::error_code ignored;
  for (const fs::path& folder : folders) {
    for (fs::path at = fs::absolute(folder).lexically_normal();; at = at.parent_path()) {
      const fs::path example = at / "deploy/example-filing.toml";
      if (fs::is_regular_file(example, ignored)) return example;
      if (at == at.parent_path()) break;
    }
  }
  return std::nullopt;
}

std::string UseCommand(const ClusterPlan& plan) {
  return fmt::format("{} export BEIAN_CONFIG={}\n", Tr("Next:"),
                     (plan.dir / "beian.toml").string());
}

std::string FirstCommands(const ClusterPlan& plan, const std::optional<fs::path>& example) {
  const std::string form = example ? example->string() : "filing.toml";
  std::string text = fmt::format("\n{}\n  export BEIAN_CONFIG={}\n", Tr("Next:"),
                                 (plan.dir / "beian.toml").string());
  if (!example) {
    text += fmt::format("  beian filing template > {}   # {}\n", form, Tr("fill it in; then:"));
  }
  return text + fmt::format(
                    "  beian key new my-key.pem\n"
                    "  beian filing submit {} --key my-key.pem --disclosures my-disclosures\n"
                    "  beian audit run\n",
                    form);
}

std::optional<pid_t> RunningPid(const ClusterNode& node) {
  const auto pid = ReadPid(node.pid_file());
  if (!pid || !IsNode(*pid, node.config())) return std::nullopt;
  return pid;
}

std::optional<pid_t> ProcessOf(std::span<const fs::path> connection_files,
                               const std::string& api_url) {
  for (const fs::path& file : connection_files) {
    const fs::path folder = fs::absolute(file).parent_path();
    const auto plan = ClusterExists(folder) ? std::optional(LoadPlan(folder)) : std::nullopt;
    if (!plan || !*plan) continue;
    for (const ClusterNode& node : (*plan)->nodes) {
      if (node.api_url() == api_url) return RunningPid(node);
    }
  }
  return std::nullopt;
}

std::string KillSilentCommand(std::span<const pid_t> silent) {
  return fmt::format("kill -KILL {}", fmt::join(silent, " "));
}

std::vector<std::string> RestartCommands(const ClusterPlan& plan, size_t up,
                                         std::span<const pid_t> silent) {
  std::vector<std::string> commands;
  if (!silent.empty()) commands.push_back(KillSilentCommand(silent));
  if (up < plan.nodes.size() && plan.local) {
    commands.push_back(fmt::format("beian cluster up --dir {}", plan.dir.string()));
  }
  return commands;
}

}  // namespace beian::client
