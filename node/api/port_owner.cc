#include "node/api/port_owner.h"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace beian {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kListening = "0A";

struct ListeningSocket {
  std::string inode;
  uint32_t user = 0;
};

/// Columns of /proc/net/tcp: sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout
/// inode.
std::optional<ListeningSocket> ParseRow(const std::string& row, uint16_t port) {
  std::istringstream in(row);
  std::string slot, local, remote, state, queues, timer, retransmits, timeout;
  ListeningSocket socket;
  in >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> socket.user >>
      timeout >> socket.inode;
  const size_t colon = local.rfind(':');
  if (!in || state != kListening || colon == std::string::npos) {
    return std::nullopt;
  }
  uint16_t row_port = 0;
  std::from_chars(local.data() + colon + 1, local.data() + local.size(), row_port, 16);
  return row_port == port ? std::optional(socket) : std::nullopt;
}

std::optional<ListeningSocket> FindListening(uint16_t port) {
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream in(table);
    for (std::string row; std::getline(in, row);) {
      if (auto socket = ParseRow(row, port)) {
        return socket;
      }
    }
  }
  return std::nullopt;
}

bool HoldsSocket(const fs::path& process, const std::string& target) {
  std::error_code error;
  for (fs::directory_iterator it(process / "fd", error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (fs::read_symlink(it->path(), ignored) == target) {
      return true;
    }
  }
  return false;
}

std::string CommandOf(const fs::path& process) {
  std::ifstream in(process / "comm");
  std::string command;
  std::getline(in, command);
  for (char& c : command) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
      c = '?';
    }
  }
  return command;
}

}  // namespace

std::optional<PortOwner> FindPortOwner(uint16_t port) {
  const auto socket = FindListening(port);
  if (!socket) {
    return std::nullopt;
  }
  PortOwner owner{0, "", socket->user};
  const std::string target = "socket:[" + socket->inode + "]";
  std::error_code error;
  for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename();
    int pid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (parsed.ptr != name.data() + name.size() || !HoldsSocket(it->path(), target)) {
      continue;
    }
    owner.pid = pid;
    owner.command = CommandOf(it->path());
    break;
  }
  return owner;
}

std::string DescribePortOwner(uint16_t port) {
  const auto owner = FindPortOwner(port);
  if (!owner) {
    return "another process";
  }
  if (owner->pid == 0) {
    return "a process of user " + std::to_string(owner->user);
  }
  return "process " + std::to_string(owner->pid) + " (" + owner->command + ")";
}

}  // namespace beian
