#include "client/sdk/reply.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "client/sdk/text.h"
#include "ledger/json/json.h"

namespace beian::client {
namespace {

constexpr int kHttpUnauthorised = 401;
constexpr int kHttpForbidden = 403;
constexpr int kHttpNotFound = 404;
constexpr int kHttpTooManyRequests = 429;
constexpr int kHttpServerErrors = 500;
constexpr uint64_t kBusyRetryMs = 500;
constexpr uint64_t kRetryAfterMsMax = 60'000;

Exit ExitOfStatus(int status) {
  if (status == kHttpNotFound) return Exit::kNotFound;
  if (status == kHttpUnauthorised || status == kHttpForbidden) return Exit::kNotAuthorised;
  if (status >= kHttpServerErrors) return Exit::kUnreachable;
  return Exit::kFailed;
}

std::string TextOf(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return {};
  return Printable(found->get<std::string>());
}

nlohmann::json ParseError(const HttpReply& reply) {
  auto json = ParseJson<nlohmann::json>(reply.body);
  if (!json.is_object() || TextOf(json, "schema") != "beian.error.v1") return {};
  return json;
}

}  // namespace

bool IsProtobuf(const HttpReply& reply) {
  return reply.content_type.starts_with(kProtobufType);
}

std::optional<Bytes> ProofOctets(const HttpReply& reply) {
  if (reply.status != kHttpOk && reply.status != kHttpNotFound) return std::nullopt;
  if (IsProtobuf(reply)) return reply.body;
  const auto json = ParseError(reply);
  if (!json.is_object() || !json.contains("proof")) return std::nullopt;
  return FromBase64(TextOf(json, "proof"));
}

ClientError ErrorOfReply(const HttpReply& reply, std::string_view url) {
  ClientError error;
  error.id = fmt::format("node.status_{}", reply.status);
  error.message = "What answers there is no beian node, or something stands before it.";
  error.object = url;
  error.remedy = "Try another node; check that the address is a beian node's.";
  error.exit = Exit::kUnreachable;  // what answers so is no node
  const auto json = ParseError(reply);
  if (json.is_object()) {
    error.exit = ExitOfStatus(reply.status);
    error.id = TextOf(json, "id");
    error.message = TextOf(json, "message");
    error.remedy = TextOf(json, "remedy");
    if (const std::string object = TextOf(json, "object"); !object.empty()) error.object = object;
    const auto retry = json.find("retry_after_ms");
    if (retry != json.end() && retry->is_number_unsigned()) {
      error.retry_after_ms = std::min(retry->get<uint64_t>(), kRetryAfterMsMax);
    }
  }
  if (reply.status == kHttpTooManyRequests && error.retry_after_ms == 0) {
    error.retry_after_ms = kBusyRetryMs;
  }
  return error;
}

ClientError BadReplyError(std::string_view url, std::string_view lacking) {
  return {std::string(kBadReplyId),
          lacking.empty() ? "The node's answer does not decode."
                          : fmt::format("The node's answer lacks `{}`, or it is of another form.",
                                        Printable(lacking)),
          std::string(url),
          "Give another node; check that the address is a beian node's.",
          "beian doctor",
          Exit::kUnreachable,
          0};
}

std::expected<nlohmann::json, ClientError> KeptPromise(const HttpReply& reply,
                                                       std::string_view url, Promise promise) {
  if (reply.status != kHttpOk) return std::unexpected(ErrorOfReply(reply, url));
  auto json = ParseJson<nlohmann::json>(reply.body);
  if (json.is_discarded()) return std::unexpected(BadReplyError(url));
  if (const auto broken = promise(json)) return std::unexpected(BadReplyError(url, *broken));
  return json;
}

ClientError BadProofError(VerifyError error, std::string_view url) {
  return {std::string(VerifyErrorId(error)),
          "The node's proof does not verify against the genesis file.",
          std::string(url),
          std::string(VerifyErrorRemedy(error)),
          "beian doctor",
          Exit::kUnchecked,
          0};
}

}  // namespace beian::client
