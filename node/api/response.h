#pragma once

#include <string_view>

#include "ledger/json/json.h"
#include "node/api/http_server.h"
#include "node/api/node_service.h"

/// What the API answers with; members as in node/api/openapi.yaml.
namespace beian::api {

/// 200 with {"schema":"beian.<name>.v1", ...body}.
HttpResponse JsonResponse(std::string_view name, const Json& body, int status = 200);
HttpResponse ProtobufResponse(Bytes body, int status = 200);

Json StatusJson(const NodeStatus& status, const Genesis& genesis);

}  // namespace beian::api
