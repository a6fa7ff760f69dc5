#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/sdk/error.h"
#include "client/sdk/http_client.h"
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

ClientError BadReplyError(std::string_view url);
ClientError BadProofError(VerifyError error, std::string_view url);

}  // namespace beian::client
