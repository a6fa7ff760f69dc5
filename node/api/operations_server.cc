#include "node/api/operations_server.h"

#include "node/api/response.h"
#include "node/api/route.h"
#include "node/api/version.h"

namespace beian {
namespace {

using api::ErrorResponse;
using api::JsonResponse;

HttpResponse Livez(const OperationsConfig& config) {
  const uint64_t age_ms = config.loop_age_ms ? config.loop_age_ms() : 0;
  if (age_ms > kLoopStuckMs) {
    return ErrorResponse(
        {503, "node.stuck",
         "the replica's loop has not come round for " + std::to_string(age_ms) + " ms", "",
         "restart the process and keep its log"});
  }
  return JsonResponse("livez", {{"alive", true}, {"loop_age_ms", age_ms}});
}

HttpResponse Readyz(const NodeService& node) {
  const NodeStatus status = node.Status();
  const ReplicaStatus& replica = status.replica;
  if (status.state == "ready") {
    return JsonResponse("readyz", {{"ready", true}, {"state", status.state}});
  }
  size_t connected = 0;
  for (const PeerStatus& peer : status.peers) {
    connected += peer.connected ? 1 : 0;
  }
  return ErrorResponse({503, "node.not_ready",
                        "the node's state is " + status.state + "; committed height " +
                            std::to_string(replica.committed_height.value()) + ", known height " +
                            std::to_string(replica.highest_known.value()) + ", " +
                            std::to_string(connected) + " peers connected",
                        status.state, "wait, or look at /v1/status of the API", 1'000});
}

HttpResponse MetricsText(NodeService& node, Metrics& metrics) {
  metrics.Observe(node.Status());
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics.Text();
  return response;
}

}  // namespace

OperationsServer::OperationsServer(OperationsConfig config, NodeService& node, Metrics& metrics)
    : config_(std::move(config)),
      node_(node),
      metrics_(metrics),
      server_(config_.http, [this](const HttpRequest& request, const HttpRespond& respond) {
        respond(Answer(request));
      }) {}

OperationsServer::~OperationsServer() {
  Stop();
}

std::expected<void, ApiError> OperationsServer::Start() {
  return server_.Start();
}
uint16_t OperationsServer::port() const {
  return server_.port();
}
void OperationsServer::Stop() {
  server_.Stop();
}

HttpResponse OperationsServer::Answer(const HttpRequest& request) const {
  if (request.method != HttpRequest::Method::kGet) {
    return ErrorResponse(
        {405, "http.method_not_allowed", "this listener knows GET only", "", "use GET"});
  }
  if (request.path == "/livez") {
    return Livez(config_);
  }
  if (request.path == "/readyz") {
    return Readyz(node_);
  }
  if (request.path == "/metrics") {
    return MetricsText(node_, metrics_);
  }
  if (request.path == "/version") {
    return JsonResponse("version", {{"version", BuildVersion()},
                                    {"commit", BuildCommit()},
                                    {"compiler", BuildCompiler()},
                                    {"chain_id", node_.genesis().chain_id.hex()}});
  }
  return ErrorResponse({404, "http.not_found", "no such path", request.path,
                        "one of /livez, /readyz, /metrics, /version"});
}

}  // namespace beian
