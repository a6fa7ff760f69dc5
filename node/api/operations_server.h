#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>

#include "node/api/http_server.h"
#include "node/api/metrics.h"
#include "node/api/node_service.h"

namespace beian {

/// A loop that has not come round for so long is stuck: restart the process.
inline constexpr uint64_t kLoopStuckMs = 30'000;

struct OperationsConfig {
  HttpConfig http;
  /// Milliseconds since the replica's loop last came round. Must not block. Empty: not watched.
  std::function<uint64_t()> loop_age_ms;
};

/// For the machine's operator, on loopback: /livez (200 while the loop comes round, whatever the
/// quorum does), /readyz (200 only in state "ready"), /metrics,
/// /version.
class OperationsServer {
 public:
  /// `node` and `metrics` must outlive the server.
  OperationsServer(OperationsConfig config, NodeService& node, Metrics& metrics);
  ~OperationsServer();
  std::expected<void, ApiError> Start();
  uint16_t port() const;
  void Stop();

 private:
  HttpResponse Answer(const HttpRequest& request) const;
  OperationsConfig config_;
  NodeService& node_;
  Metrics& metrics_;
  HttpServer server_;
};

}  // namespace beian
