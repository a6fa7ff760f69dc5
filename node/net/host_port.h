#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beian {

struct HostPort {
  std::string host;  ///< a name or an address, without the brackets of IPv6
  uint16_t port = 0;
  bool operator==(const HostPort&) const = default;
};

/// "127.0.0.1:7001", "node-1.example:7001", "[::1]:7001". Nothing when it is none of these.
std::optional<HostPort> ParseHostPort(std::string_view text);

}  // namespace beian
