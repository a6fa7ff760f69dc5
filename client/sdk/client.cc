#include "client/sdk/client.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "beian/v1/api.pb.h"
#include "client/sdk/reply.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

constexpr uint64_t kExportTimeoutMs = 60'000;

/// A failure that another node may not have.
bool WorthAnotherNode(const ClientError& error) {
  return error.exit == Exit::kUnreachable || error.exit == Exit::kUnchecked ||
         error.retry_after_ms != 0 || error.id == kUnknownTransactionId;
}

}  // namespace

Client::Client(const Genesis& genesis, std::vector<std::string> nodes)
    : genesis_(genesis), nodes_(std::move(nodes)), connections_(nodes_.size()) {
  CHECK(!nodes_.empty());
}

void Client::RememberLiar(size_t node, VerifyError error) {
  liars_.emplace_back(nodes_[node], VerifyErrorId(error));
}

std::expected<Client::Answer, ClientError> Client::Ask(const std::string& path,
                                                       std::string_view accept, uint64_t timeout_ms,
                                                       const Judge& judge) {
  std::optional<ClientError> first;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    const size_t node = (preferred_ + i) % nodes_.size();
    auto reply = connections_[node].Get(nodes_[node] + path, accept, timeout_ms);
    std::optional<ClientError> error;
    if (reply) {
      error = judge(*reply, node);
    } else {
      error = reply.error();
    }
    if (!error) {
      preferred_ = node;
      return Answer{*std::move(reply), node};
    }
    if (!first || first->exit == Exit::kUnreachable) first = error;
    if (!WorthAnotherNode(*error)) break;
  }
  return std::unexpected(*std::move(first));
}

std::expected<VerifiedRecord, ClientError> Client::GetRecord(const std::string& path,
                                                             const MapKey& key) {
  VerifiedRecord verified;
  const auto judge = [&](const HttpReply& reply, size_t node) -> std::optional<ClientError> {
    const auto octets = ProofOctets(reply);
    if (!octets) return ErrorOfReply(reply, nodes_[node] + path);
    auto proof = DecodeRecordProof(*octets, genesis_.validators.size());
    const auto shown =
        proof ? VerifyRecordProof(*proof, key, genesis_)
              : std::expected<bool, VerifyError>(std::unexpected(VerifyError::kMalformed));
    if (!shown) {
      RememberLiar(node, shown.error());
      return BadProofError(shown.error(), nodes_[node] + path);
    }
    verified = {proof->record, *std::move(proof), *octets, nodes_[node]};
    return std::nullopt;
  };
  const auto answer = Ask(path, kProtobufType, kRequestTimeoutMs, judge);
  if (!answer) return std::unexpected(answer.error());
  return verified;
}

std::expected<VerifiedRecord, ClientError> Client::GetCode(const RegistrationCode& code) {
  return GetRecord(fmt::format("/v1/codes/{}", code.characters()), CodeKey(code));
}

std::expected<VerifiedRecord, ClientError> Client::GetFiling(const FilingId& id) {
  return GetRecord("/v1/filings/" + id.hex(), FilingKey(id));
}

std::expected<VerifiedRecord, ClientError> Client::GetSet(uint32_t number) {
  return GetRecord(fmt::format("/v1/sets/{}", number), SetKey(number));
}

std::expected<VerifiedRecord, ClientError> Client::GetSubject(const SubjectId& id) {
  return GetRecord("/v1/subjects/" + id.hex(), SubjectKey(id));
}

std::expected<ExportedBlocks, ClientError> Client::Export(Height first, size_t count) {
  ExportedBlocks exported;
  const std::string path = fmt::format("/v1/export?first={}&count={}", first.value(), count);
  const auto judge = [&](const HttpReply& reply, size_t node) -> std::optional<ClientError> {
    const std::string url = nodes_[node] + path;
    if (reply.status != kHttpOk) return ErrorOfReply(reply, url);
    v1::BlocksReply message;
    if (!IsProtobuf(reply) || !message.ParseFromString(reply.body)) return BadReplyError(url);
    exported.tip = message.tip();
    exported.blocks.clear();
    for (const Bytes& octets : message.blocks()) {
      auto block = DecodeStoredBlock(octets);
      if (!block) return BadReplyError(url);
      exported.blocks.push_back(*std::move(block));
    }
    return std::nullopt;
  };
  const auto answer = Ask(path, kProtobufType, kExportTimeoutMs, judge);
  if (!answer) return std::unexpected(answer.error());
  return exported;
}

std::expected<nlohmann::json, ClientError> Client::GetJson(const std::string& path) {
  nlohmann::json json;
  const auto judge = [&](const HttpReply& reply, size_t node) -> std::optional<ClientError> {
    if (reply.status != kHttpOk) return ErrorOfReply(reply, nodes_[node] + path);
    json = nlohmann::json::parse(reply.body, nullptr, false);
    if (json.is_object()) return std::nullopt;
    return BadReplyError(nodes_[node] + path);
  };
  const auto answer = Ask(path, kJsonType, kRequestTimeoutMs, judge);
  if (!answer) return std::unexpected(answer.error());
  return json;
}

std::expected<nlohmann::json, ClientError> Client::GetJsonFrom(const std::string& node,
                                                               const std::string& path) {
  HttpClient connection;
  const auto reply = connection.Get(node + path, kJsonType, kRequestTimeoutMs);
  if (!reply) return std::unexpected(reply.error());
  if (reply->status != kHttpOk) return std::unexpected(ErrorOfReply(*reply, node + path));
  auto json = nlohmann::json::parse(reply->body, nullptr, false);
  if (!json.is_object()) return std::unexpected(BadReplyError(node + path));
  return json;
}

}  // namespace beian::client
