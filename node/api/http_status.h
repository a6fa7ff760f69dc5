#pragma once

#include <string_view>

#include "node/api/http_server.h"

namespace beian {

/// "Not Found" of 404; of a status that this API never gives, that of 500.
std::string_view ReasonPhrase(int status);
/// Says why a request was refused unread: 411, 413, 414 or 431 for its head, 503 for want of
/// memory.
HttpResponse RefusalOf(int status, const HttpLimits& limits);

}  // namespace beian
