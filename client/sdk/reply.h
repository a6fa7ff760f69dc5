#pragma once

#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "client/sdk/error.h"
#include "client/sdk/http_client.h"
#include "client/sdk/promise.h"
#include "ledger/verify/verify_error.h"

/// What a node's replies mean, before anything in them is verified.
namespace beian::client {

inline constexpr int kHttpOk = 200;
inline constexpr std::string_view kProtobufType = "application/x-protobuf";
inline constexpr std::string_view kJsonType = "application/json";

bool IsProtobuf(const HttpReply& reply);

/// RecordProof octets: the body, or what an error about something absent carries.
std::optional<Bytes> ProofOctets(const HttpReply& reply);

/// The error that a reply carries, its texts made printable; by its status when it carries none.
ClientError ErrorOfReply(const HttpReply& reply, std::string_view url);

inline constexpr std::string_view kBadReplyId = "node.bad_reply";
/// `lacking` names the promised member that is missing; empty when nothing decodes at all.
ClientError BadReplyError(std::string_view url, std::string_view lacking = {});
/// The JSON answer that a reply carries when it is one and keeps its promise.
std::expected<nlohmann::json, ClientError> KeptPromise(const HttpReply& reply,
                                                       std::string_view url, Promise promise);
ClientError BadProofError(VerifyError error, std::string_view url);

}  // namespace beian::client
