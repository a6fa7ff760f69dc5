#include "node/api/route_table.h"

namespace beian::api {
namespace {

using Method = HttpRequest::Method;

Route Read(std::string_view pattern, ReadRoute read,
           std::vector<std::string_view> parameters = {}) {
  return {{Method::kGet, pattern}, std::move(parameters), read, nullptr};
}

}  // namespace

const std::vector<Route>& RouteTable() {
  static const std::vector<Route> table = {
      {{Method::kPost, "/v1/transactions"}, {}, nullptr, SubmitTransactions},
      {{Method::kGet, "/v1/transactions/{id}"}, {"wait_ms"}, nullptr, GetTransaction},
      Read("/v1/codes/{code}", GetCode),
      Read("/v1/filings", ListFilings,
           {"status", "province", "set", "subject", "owner", "cursor", "count"}),
      Read("/v1/filings/{id}", GetFiling),
      Read("/v1/sets", ListSets, {"cursor", "count"}),
      Read("/v1/sets/{number}", GetSet),
      Read("/v1/subjects/{id}", GetSubject),
      Read("/v1/keys/{id}", GetKey),
      Read("/v1/blocks/{height}", GetBlock),
      {{Method::kGet, "/v1/export"}, {"first", "count"}, nullptr, ExportBlocks},
      Read("/v1/genesis", GetGenesis),
      Read("/v1/status", GetStatus),
      Read("/v1/openapi.yaml", GetOpenApi),
  };
  return table;
}

}  // namespace beian::api
