#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "ledger/chain/block.h"
#include "ledger/chain/execute.h"
#include "ledger/filing/record.h"
#include "node/api/http_server.h"
#include "node/api/node_service.h"

/// JSON forms of what the API hands out; fields as in node/api/openapi.yaml. Octets are base64,
/// digests hex, times both milliseconds and RFC 3339.
namespace beian::api {

using Json = nlohmann::ordered_json;

/// Text with bad UTF-8 replaced, so that printing never fails.
std::string Print(const Json& json);
/// 200 with {"schema":"beian.<name>.v1", ...body}.
HttpResponse JsonResponse(std::string_view name, const Json& body, int status = 200);
HttpResponse ProtobufResponse(Bytes body, int status = 200);

Json HeaderJson(const Header& header);
Json FilingJson(const FilingRecord& record);
Json SubjectJson(const SubjectRecord& record);
Json KeyJson(const KeyRecord& record);
Json SetJson(const SetRecord& record);
/// One object for each action: accepted, code or error id and remedy.
Json ResultsJson(const TransactionResult& result);
/// The filing that an action carries, by Protobuf's own mapping with the names of the .proto file;
/// null when the action carries none.
Json ContentJson(const v1::Action& action);
Json StatusJson(const NodeStatus& status, const Genesis& genesis);

}  // namespace beian::api
