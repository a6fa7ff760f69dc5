#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/types.h"
#include "node/api/http_server.h"

/// From a request as received to parsed arguments, and from failures to error replies.
namespace beian::api {

/// What went wrong with a request, as the user sees it.
struct Failure {
  int status = 400;
  std::string id;  ///< stable: "request.bad_number"
  std::string message;
  std::string object;  ///< which part of the request; untrusted text
  std::string remedy;
  uint64_t retry_after_ms = 0;
  Bytes proof = {};  ///< RecordProof octets of an absence
};
HttpResponse ErrorResponse(const Failure& failure);

/// The request with its path and query taken apart. `arguments` are the decoded segments in braces.
struct RouteRequest {
  const HttpRequest& http;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> query;

  bool WantsProtobuf() const;
  bool WantsJson() const;
};

inline constexpr std::string_view kProtobufType = "application/x-protobuf";
inline constexpr std::string_view kJsonType = "application/json";
/// "application/json" of "Application/JSON; charset=utf-8".
std::string MediaType(std::string_view content_type);

/// %XX and nothing else; nothing on a broken escape or a NUL octet.
std::optional<std::string> PercentDecode(std::string_view text);
/// Segments of `path` that stand for the braces of `pattern`, still encoded; nothing when the path
/// is another one.
std::optional<std::vector<std::string_view>> MatchPath(std::string_view pattern,
                                                       std::string_view path);
/// Each key once and one of `allowed`.
std::expected<std::map<std::string, std::string>, Failure> ParseQuery(
    std::string_view query, const std::vector<std::string_view>& allowed);

struct NumberRange {
  uint64_t min;
  uint64_t max;
};
/// Decimal without sign or leading zeros.
std::expected<uint64_t, Failure> ParseNumber(std::string_view name, std::string_view text,
                                             NumberRange range);
/// The query's number under `name`, or `otherwise`.
std::expected<uint64_t, Failure> QueryNumber(const RouteRequest& request, const std::string& name,
                                             uint64_t otherwise, NumberRange range);
std::expected<Bytes, Failure> ParseDigest(std::string_view name, std::string_view hex);
template <class Id>
std::expected<Id, Failure> ParseId(std::string_view name, std::string_view hex) {
  const auto octets = ParseDigest(name, hex);
  if (!octets) {
    return std::unexpected(octets.error());
  }
  return Id::FromBytes(*octets);
}

}  // namespace beian::api
