#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/http_server.h"
#include "node/api/metrics.h"
#include "node/api/node_service.h"

namespace beian {

inline constexpr size_t kSubmitTransactionsMax = 512;
inline constexpr uint64_t kWaitMsMax = 60'000;
inline constexpr size_t kExportBlocksMax = 512;
inline constexpr size_t kExportBytesMax = 1'000'000;  ///< of several blocks; one may be longer
inline constexpr size_t kExportsMax = 64;             ///< that wait for their turn or are built
inline constexpr size_t kListCountMax = 100;          ///< records in one page of a list

using ApiConfig = HttpConfig;

/// One route of the API: a method and a path whose segments in braces match any one segment.
struct RouteName {
  HttpRequest::Method method;
  std::string_view pattern;  ///< "/v1/codes/{code}"
};

/// The node's HTTP API: /v1/..., described in node/api/openapi.yaml. Answers from snapshots of the
/// store; everything it hands out can be checked with ledger/verify and the genesis file alone.
class ApiServer {
 public:
  /// `node` and `metrics` must outlive the server; `metrics` may be null.
  ApiServer(const ApiConfig& config, NodeService& node, Metrics* metrics = nullptr);
  ~ApiServer();
  std::expected<void, ApiError> Start();
  uint16_t port() const;
  void Stop();
  /// Every route, for the test that compares them with the description.
  static std::vector<RouteName> Routes();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace beian
