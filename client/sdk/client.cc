#include "client/sdk/client.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "beian/v1/api.pb.h"
#include "client/sdk/reply.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

constexpr uint64_t kExportTimeoutMs = 60'000;

/// That something is absent is believed with its proof alone.
ClientError LacksProof(const HttpReply& reply, std::string_view url) {
  ClientError error = ErrorOfReply(reply, url);
  return error.exit == Exit::kNotFound ? BadReplyError(url, "proof") : error;
}

}  // namespace

Client::Client(const Genesis& genesis, std::vector<std::string> nodes)
    : genesis_(genesis), nodes_(std::move(nodes)), connections_(nodes_.size()) {
  CHECK(!nodes_.empty());
}

void Client::EndIn(uint64_t ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  end_ = end_ ? std::min(*end_, end) : end;
}

uint64_t Client::LeftMs() const {
  if (!end_) return std::numeric_limits<uint64_t>::max();
  const auto left = *end_ - std::chrono::steady_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
  return ms > 0 ? static_cast<uint64_t>(ms) : 0;
}

uint64_t Client::ShareMs(uint64_t answer_ms, uint64_t left_ms, size_t nodes) {
  return std::clamp(left_ms / nodes, kTryMsMin, answer_ms);
}

void Client::StopWhen(bool (*stop)()) {
  stop_ = stop;
  for (HttpClient& connection : connections_) connection.StopWhen(stop);
}

ClientError Client::NotReached(size_t node, ClientError error) const {
  if (no_answer_ && !stop_()) no_answer_(nodes_[node], error);
  return error;
}

void Client::RememberLiar(size_t node, VerifyError error) {
  liars_.emplace_back(nodes_[node], VerifyErrorId(error));
}

std::expected<Client::Answer, ClientError> Client::Ask(const std::string& path,
                                                       std::string_view accept,
                                                       const Patience& patience,
                                                       const Judge& judge) {
  std::optional<ClientError> first;
  for (size_t i = 0; i < nodes_.size() && (i == 0 || LeftMs() > 0); ++i) {
    const size_t node = (preferred_ + i) % nodes_.size();
    const uint64_t share_ms = ShareMs(patience.answer_ms, LeftMs(), nodes_.size() - i);
    auto reply = connections_[node].Get(nodes_[node] + path, accept, patience.wait_ms + share_ms);
    std::optional<ClientError> error;
    if (reply) {
      error = judge(*reply, node);
    } else {
      error = NotReached(node, reply.error());
    }
    if (error && stop_()) return std::unexpected(*std::move(error));
    if (!error) {
      preferred_ = node;
      return Answer{*std::move(reply), node};
    }
    // A refusal without a proof, too, is one node's word.
    if (!first || first->exit == Exit::kUnreachable) first = error;
  }
  return std::unexpected(*std::move(first));
}

std::expected<VerifiedRecord, ClientError> Client::GetRecord(const std::string& path,
                                                             const MapKey& key) {
  VerifiedRecord verified;
  const auto judge = [&](const HttpReply& reply, size_t node) -> std::optional<ClientError> {
    const auto octets = ProofOctets(reply);
    if (!octets) return LacksProof(reply, nodes_[node] + path);
    auto proof = DecodeRecordProof(*octets, genesis_.validators.size());
    const auto shown =
        proof ? VerifyRecordProof(*proof, key, genesis_)
              : std::expected<bool, VerifyError>(
                    std::unexpected(WhyRefused(*octets, genesis_.chain_id)));
    if (!shown) {
      RememberLiar(node, shown.error());
      return BadProofError(shown.error(), nodes_[node] + path);
    }
    verified = {proof->record, *std::move(proof), *octets, nodes_[node]};
    return std::nullopt;
  };
  const auto answer = Ask(path, kProtobufType, {}, judge);
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
  const auto answer = Ask(path, kProtobufType, {0, kExportTimeoutMs}, judge);
  if (!answer) return std::unexpected(answer.error());
  return exported;
}

std::expected<nlohmann::json, ClientError> Client::GetJson(const std::string& path,
                                                           Promise promise) {
  nlohmann::json json;
  const auto judge = [&](const HttpReply& reply, size_t node) -> std::optional<ClientError> {
    auto kept = KeptPromise(reply, nodes_[node] + path, promise);
    if (!kept) return kept.error();
    json = *std::move(kept);
    return std::nullopt;
  };
  const auto answer = Ask(path, kJsonType, {}, judge);
  if (!answer) return std::unexpected(answer.error());
  return json;
}

std::expected<nlohmann::json, ClientError> Client::GetJsonFrom(const std::string& node,
                                                               const std::string& path,
                                                               Promise promise) {
  HttpClient connection;
  const auto reply = connection.Get(node + path, kJsonType, kRequestTimeoutMs);
  if (!reply) return std::unexpected(reply.error());
  return KeptPromise(*reply, node + path, promise);
}

}  // namespace beian::client
