#include "tests/bench/target.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "client/cli/cluster_plan.h"

namespace beian::bench {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) Fail("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

void Fail(const std::string& what) {
  std::cerr << "bench: " << what << '\n';
  std::exit(1);
}

Target LoadTarget(const std::string& directory) {
  const auto plan = client::LoadPlan(directory);
  if (!plan) Fail("no cluster in " + directory + "; start one with: beian cluster up");
  Target target;
  const std::string genesis_file = directory + "/genesis.toml";
  auto genesis = ParseGenesis(genesis_file, ReadAll(genesis_file));
  if (!genesis) Fail(genesis.error().message);
  target.genesis = std::move(*genesis);
  for (const client::ClusterNode& node : plan->nodes) {
    target.nodes.push_back({node.name, node.api_url(), std::stoi(ReadAll(node.pid_file())),
                            node.data().string()});
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory + "/keys")) {
    auto key = PrivateKey::FromPem(ReadAll(entry.path().string()));
    if (key) target.role_keys.emplace(entry.path().stem().string(), std::move(*key));
  }
  return target;
}

double CpuSeconds(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 2)));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;   // up to utime, field 14
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

uint64_t ResidentBytes(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

uint64_t DiskBytes(const std::string& directory) {
  uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, error)) {
    struct stat info {};
    if (::stat(entry.path().c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
      bytes += static_cast<uint64_t>(info.st_blocks) * 512;
    }
  }
  return bytes;
}

}  // namespace beian::bench
