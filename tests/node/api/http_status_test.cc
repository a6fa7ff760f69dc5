#include "node/api/http_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beian {
namespace {

using testing::HasSubstr;

TEST(HttpStatus, HasAPhraseForEachStatusThatTheApiGives) {
  for (const int status : {200, 202, 400, 404, 405, 409, 411, 413, 414, 415, 422, 429, 431, 503}) {
    EXPECT_NE(ReasonPhrase(status), ReasonPhrase(500)) << status;
  }
  EXPECT_EQ(ReasonPhrase(418), "Internal Server Error");
}

TEST(HttpStatus, RefusesWithTheLimitThatWasPassed) {
  const struct {
    int status;
    const char* id;
    const char* limit;
  } kCases[] = {
      {411, "http.length_required", "Content-Length"},
      {413, "http.body_too_large", "7 octets"},
      {400, "http.bad_head", "HTTP/1.1"},
      {414, "http.url_too_long", "4096 octets"},
      {431, "http.headers_too_large", "64 headers"},
      {503, "node.busy", "9 octets"},
  };
  HttpLimits limits;
  limits.under_way_bytes_max = 9;
  limits.body_bytes_max = 7;
  for (const auto& [status, id, limit] : kCases) {
    const HttpResponse response = RefusalOf(status, limits);
    EXPECT_EQ(response.status, status);
    EXPECT_THAT(response.body, HasSubstr(id));
    EXPECT_THAT(response.body, HasSubstr(limit));
  }
}

}  // namespace
}  // namespace beian
