#include "node/api/response.h"

#include <gtest/gtest.h>

#include "tests/support/fixture.h"

namespace beian::api {
namespace {

TEST(Response, NamesItsSchemaFirstAndReplacesBadUtf8) {
  const HttpResponse response = JsonResponse("thing", {{"text", "a\xff\"\n\x1b"}}, 404);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body,
            "{\"schema\":\"beian.thing.v1\",\"text\":\"a\xef\xbf\xbd\\\"\\n\\u001b\"}\n");
}

TEST(Response, ShowsAStatusWhoseLeaderIsUnknownToGenesis) {
  const Genesis genesis = MakeGenesis(4).genesis;
  NodeStatus status;
  status.replica.leader = ValidatorIndex(3);
  EXPECT_EQ(StatusJson(status, genesis)["leader"], "validator-3");
  status.replica.leader = ValidatorIndex(4);
  EXPECT_EQ(StatusJson(status, genesis)["leader"], "");
}

}  // namespace
}  // namespace beian::api
