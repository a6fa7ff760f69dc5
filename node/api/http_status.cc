#include "node/api/http_status.h"

#include "node/api/route.h"

namespace beian {
namespace {

constexpr uint64_t kBusyBodiesRetryMs = 1'000;

}  // namespace

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Entity";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

HttpResponse RefusalOf(int status, const HttpLimits& limits) {
  if (status == 400) {
    return api::ErrorResponse({400, "http.bad_head",
                               "a header's name holds a space, or the version is neither HTTP/1.1 "
                               "nor HTTP/1.0",
                               "", "write the request as RFC 9112 says"});
  }
  if (status == 414) {
    return api::ErrorResponse(
        {414, "http.url_too_long",
         "the path and query are longer than " + std::to_string(kUrlBytesMax) + " octets", "",
         "see /v1/openapi.yaml for every path"});
  }
  if (status == 431) {
    return api::ErrorResponse({431, "http.headers_too_large",
                               "a request has at most " + std::to_string(kHeadersMax) +
                                   " headers, each of at most " +
                                   std::to_string(kHeaderValueBytesMax) + " octets",
                               "", "send fewer or shorter headers"});
  }
  if (status == 503) {
    return api::ErrorResponse({503, "node.busy",
                               "the bodies that the node reads through already hold " +
                                   std::to_string(limits.under_way_bytes_max) + " octets",
                               "", "send the same request again", kBusyBodiesRetryMs});
  }
  if (status == 411) {
    return api::ErrorResponse({411, "http.length_required",
                               "a body needs a Content-Length; chunked bodies are refused", "",
                               "send the body with its length"});
  }
  return api::ErrorResponse(
      {413, "http.body_too_large",
       "the body is longer than " + std::to_string(limits.body_bytes_max) + " octets", "",
       "send fewer transactions in one request"});
}

}  // namespace beian
