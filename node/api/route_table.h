#pragma once

#include <atomic>
#include <memory>
#include <span>

#include "node/api/api_server.h"
#include "node/api/route.h"

/// The table of routes and what answers them. Internal to node/api.
namespace beian::api {

/// What the routes of one server share.
struct Context {
  NodeService& node;
  std::atomic<size_t> exports = 0;  ///< that wait for their turn or are built
  /// Runs a task where it may read the store; set before the first request.
  std::function<void(std::function<void()>)> run;
};

/// A request that may be answered later. Owns what RouteRequest refers to.
struct Call {
  std::shared_ptr<Context> context;
  HttpRequest http;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> query;
  HttpRespond respond;

  RouteRequest request() const { return {http, arguments, query}; }
};

using ReadRoute = HttpResponse (*)(NodeService& node, const RouteRequest& request);
using CallRoute = void (*)(std::shared_ptr<Call> call);

struct Route {
  RouteName name;
  std::vector<std::string_view> parameters;  ///< of the query
  ReadRoute read = nullptr;                  ///< one of the two
  CallRoute call = nullptr;
};
const std::vector<Route>& RouteTable();

// transaction_routes.cc
void SubmitTransactions(std::shared_ptr<Call> call);
void GetTransaction(std::shared_ptr<Call> call);
// record_routes.cc
HttpResponse GetCode(NodeService& node, const RouteRequest& request);
HttpResponse GetFiling(NodeService& node, const RouteRequest& request);
HttpResponse ListFilings(NodeService& node, const RouteRequest& request);
HttpResponse ListSets(NodeService& node, const RouteRequest& request);
HttpResponse GetSet(NodeService& node, const RouteRequest& request);
HttpResponse GetSubject(NodeService& node, const RouteRequest& request);
HttpResponse GetKey(NodeService& node, const RouteRequest& request);
// chain_routes.cc
HttpResponse GetBlock(NodeService& node, const RouteRequest& request);
void ExportBlocks(std::shared_ptr<Call> call);
HttpResponse GetGenesis(NodeService& node, const RouteRequest& request);
HttpResponse GetStatus(NodeService& node, const RouteRequest& request);
HttpResponse GetOpenApi(NodeService& node, const RouteRequest& request);

}  // namespace beian::api
