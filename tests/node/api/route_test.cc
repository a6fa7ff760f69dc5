#include "node/api/route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beian::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Route, DecodesPercentEscapesStrictly) {
  EXPECT_EQ(PercentDecode("a%20b"), "a b");
  EXPECT_EQ(PercentDecode("%E4%BA%AC"), "京");
  EXPECT_EQ(PercentDecode("a+b"), "a+b");
  EXPECT_EQ(PercentDecode(""), "");
  for (const char* bad : {"%", "%4", "%zz", "%4g", "a%", "%00", "%%41"}) {
    EXPECT_FALSE(PercentDecode(bad).has_value()) << bad;
  }
}

TEST(Route, MatchesWholePathsOnly) {
  const auto match = MatchPath("/v1/codes/{code}", "/v1/codes/x%2Fy");
  ASSERT_TRUE(match.has_value());
  EXPECT_THAT(*match, ElementsAre("x%2Fy"));
  EXPECT_THAT(*MatchPath("/v1/sets", "/v1/sets"), IsEmpty());
  for (const char* other : {"", "v1/sets", "/v1/sets/", "/v1/set", "/v1/setsx", "/V1/sets",
                            "//v1/sets", "/v1//sets", "/v1"}) {
    EXPECT_FALSE(MatchPath("/v1/sets", other).has_value()) << other;
  }
}

TEST(Route, ReadsEachKnownParameterOnce) {
  const auto query = ParseQuery("a=1&b=%32&c=", {"a", "b", "c"});
  ASSERT_TRUE(query.has_value());
  EXPECT_EQ(query->at("a"), "1");
  EXPECT_EQ(query->at("b"), "2");
  EXPECT_EQ(query->at("c"), "");
  EXPECT_EQ(ParseQuery("d=1", {"a"}).error().id, "request.unknown_parameter");
  EXPECT_EQ(ParseQuery("a=1&a=1", {"a"}).error().id, "request.bad_parameter");
  EXPECT_EQ(ParseQuery("a=%", {"a"}).error().id, "request.bad_parameter");
  EXPECT_EQ(ParseQuery("&", {"a"}).error().id, "request.unknown_parameter");
}

TEST(Route, ReadsCanonicalNumbersInRange) {
  EXPECT_EQ(ParseNumber("n", "0", {0, 10}), 0u);
  EXPECT_EQ(ParseNumber("n", "10", {0, 10}), 10u);
  for (const char* bad :
       {"", "11", "01", "00", "+1", "-1", " 1", "1 ", "0x1", "1.0", "18446744073709551616"}) {
    EXPECT_EQ(ParseNumber("n", bad, {0, 10}).error().id, "request.bad_number") << bad;
  }
}

TEST(Route, RefusesANumberBelowItsRange) {
  EXPECT_EQ(ParseNumber("n", "1", {1, 10}), 1u);
  EXPECT_EQ(ParseNumber("n", "0", {1, 10}).error().id, "request.bad_number");
}

TEST(Route, ReadsAMediaTypeWithoutCaseAndParameters) {
  for (const char* json : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                           "application/json ; charset=UTF-8"}) {
    EXPECT_EQ(MediaType(json), kJsonType) << json;
  }
  for (const char* other : {"", ";", "application/jsonl", "application/json5; x", "text/json"}) {
    EXPECT_NE(MediaType(other), kJsonType) << other;
  }
}

TEST(Route, WritesRetryAfterInWholeSecondsRoundedUp) {
  const HttpResponse response = ErrorResponse({429, "a.b", "m", "o", "r", 1'001});
  EXPECT_EQ(response.status, 429);
  EXPECT_THAT(response.headers, testing::Contains(testing::Pair("Retry-After", "2")));
  EXPECT_EQ(response.body,
            "{\"schema\":\"beian.error.v1\",\"id\":\"a.b\",\"message\":\"m\",\"object\":\"o\","
            "\"remedy\":\"r\",\"retry_after_ms\":1001}\n");
}

}  // namespace
}  // namespace beian::api
