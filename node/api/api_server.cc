#include "node/api/api_server.h"

#include <chrono>

#include "node/api/route_table.h"

namespace beian {
namespace {

using api::Call;
using api::Failure;
using api::Route;
using Method = HttpRequest::Method;

/// The route of a request with its decoded arguments, or the answer that says why there is none.
struct Match {
  const Route* route = nullptr;
  std::vector<std::string> arguments;
};

Failure BadEscape(const std::string& path) {
  return {400, "request.bad_path", "the path has a broken % escape", path,
          "percent-encode the path"};
}

std::expected<Match, Failure> FindRoute(const HttpRequest& request) {
  bool other_method = false;
  for (const Route& route : api::RouteTable()) {
    const auto encoded = api::MatchPath(route.name.pattern, request.path);
    if (!encoded) {
      continue;
    }
    if (route.name.method != request.method) {
      other_method = true;
      continue;
    }
    Match match{&route, {}};
    for (const std::string_view argument : *encoded) {
      auto decoded = api::PercentDecode(argument);
      if (!decoded) {
        return std::unexpected(BadEscape(request.path));
      }
      match.arguments.push_back(std::move(*decoded));
    }
    return match;
  }
  if (other_method) {
    return std::unexpected(Failure{405, "http.method_not_allowed", "this path knows another method",
                                   request.path, "see /v1/openapi.yaml"});
  }
  return std::unexpected(Failure{404, "http.not_found", "no such path", request.path,
                                 "see /v1/openapi.yaml for every path"});
}

}  // namespace

struct ApiServer::State {
  State(const ApiConfig& config, NodeService& node, Metrics* m)
      : metrics(m), context(std::make_shared<api::Context>(node)), http(config, Handler()) {}

  HttpHandler Handler() {
    return [this](HttpRequest request, HttpRespond respond) {
      Serve(std::move(request), std::move(respond));
    };
  }
  void Serve(HttpRequest request, HttpRespond respond);
  HttpRespond Observed(std::string_view route, HttpRespond respond);

  Metrics* metrics;
  std::shared_ptr<api::Context> context;
  HttpServer http;
};

/// Counts the answer under the route's pattern: a path as received would make one series each.
HttpRespond ApiServer::State::Observed(std::string_view route, HttpRespond respond) {
  if (metrics == nullptr) {
    return respond;
  }
  const auto begin = std::chrono::steady_clock::now();
  return [m = metrics, route, begin, respond = std::move(respond)](HttpResponse response) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    m->ObserveHttp(route, response.status, took.count());
    respond(std::move(response));
  };
}

void ApiServer::State::Serve(HttpRequest request, HttpRespond respond) {
  auto match = FindRoute(request);
  if (!match) {
    Observed("none", std::move(respond))(api::ErrorResponse(match.error()));
    return;
  }
  const Route& route = *match->route;
  respond = Observed(route.name.pattern, std::move(respond));
  auto query = api::ParseQuery(request.query, route.parameters);
  if (!query) {
    respond(api::ErrorResponse(query.error()));
    return;
  }
  auto call = std::make_shared<Call>(Call{context, std::move(request), std::move(match->arguments),
                                          std::move(*query), std::move(respond)});
  if (route.call != nullptr) {
    route.call(std::move(call));
  } else {
    call->respond(route.read(context->node, call->request()));
  }
}

ApiServer::ApiServer(const ApiConfig& config, NodeService& node, Metrics* metrics)
    : state_(std::make_shared<State>(config, node, metrics)) {
  // The node may call back when the server is gone.
  state_->context->run = [weak = std::weak_ptr(state_)](std::function<void()> task) {
    if (const auto state = weak.lock()) {
      state->http.Run(std::move(task));
    }
  };
}

ApiServer::~ApiServer() {
  Stop();
}

std::expected<void, ApiError> ApiServer::Start() {
  return state_->http.Start();
}

uint16_t ApiServer::port() const {
  return state_->http.port();
}

void ApiServer::Stop() {
  state_->http.Stop();
}

std::vector<RouteName> ApiServer::Routes() {
  std::vector<RouteName> names;
  for (const Route& route : api::RouteTable()) {
    names.push_back(route.name);
  }
  return names;
}

}  // namespace beian
