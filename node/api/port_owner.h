#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace beian {

/// The process that listens on a TCP port of this machine, as /proc tells.
struct PortOwner {
  int pid = 0;          ///< 0: its descriptors are not ours to read
  std::string command;  ///< control characters are replaced
  uint32_t user = 0;    ///< user id of the socket
};
std::optional<PortOwner> FindPortOwner(uint16_t port);
/// "process 4711 (beiand)", "a process of user 0", "another process".
std::string DescribePortOwner(uint16_t port);

}  // namespace beian
