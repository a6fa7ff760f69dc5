#include "node/runtime/descriptor_limit.h"

#include <sys/resource.h>

#include "node/net/peer_network.h"
#include "node/store/rocks_schema.h"

namespace beian {
namespace {

constexpr uint64_t kPerPeer = 2;  ///< the connection, and the one that takes its place
/// Vote log, the store's own logs and what it writes anew, listeners, event queues, streams.
constexpr uint64_t kOther = 128;

}  // namespace

uint64_t DescriptorsNeeded(size_t http_connections, size_t validators) {
  return http_connections + kPerPeer * validators + NetLimits{}.pending_max + rocks::kOpenFilesMax +
         kOther;
}

std::optional<std::string> RaiseDescriptorLimit(uint64_t needed) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) return std::nullopt;
  return "descriptors.too_few: this process may open " + std::to_string(limit.rlim_cur) +
         " files, and its connections and tables may come to " + std::to_string(needed) +
         "; raise the hard limit (ulimit -Hn, LimitNOFILE=) or lower limits.connections";
}

}  // namespace beian
