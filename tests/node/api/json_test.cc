#include "node/api/json.h"

#include <gtest/gtest.h>

#include "tests/support/fixture.h"

namespace beian::api {
namespace {

TEST(Json, NamesItsSchemaFirstAndReplacesBadUtf8) {
  const HttpResponse response = JsonResponse("thing", {{"text", "a\xff\"\n\x1b"}}, 404);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body,
            "{\"schema\":\"beian.thing.v1\",\"text\":\"a\xef\xbf\xbd\\\"\\n\\u001b\"}\n");
}

TEST(Json, ShowsOptionalFieldsOfAFilingOnlyWhenTheyAreThere) {
  FilingRecord record;
  record.division = "110105";
  Json json = FilingJson(record);
  for (const char* name : {"code", "code_display", "set", "reason"}) {
    EXPECT_FALSE(json.contains(name)) << name;
  }
  record.code = RegistrationCode::Make("110105", 2019, 12345678, 1);
  record.set = 3;
  record.reason = "why";
  json = FilingJson(record);
  EXPECT_EQ(json["code"], record.code->characters());
  EXPECT_EQ(json["code_display"], record.code->Display());
  EXPECT_EQ(json["set"], 3);
  EXPECT_EQ(json["reason"], "why");
}

TEST(Json, ShowsTheContentOfEveryActionThatCarriesAFiling) {
  const v1::Filing filing = ValidFiling(3);
  v1::Action submit, resubmit, supplement, approve;
  *submit.mutable_submit()->mutable_filing() = filing;
  *resubmit.mutable_resubmit()->mutable_filing() = filing;
  *supplement.mutable_supplement()->mutable_filing() = filing;
  approve.mutable_approve();
  for (const v1::Action& action : {submit, resubmit, supplement}) {
    EXPECT_EQ(ContentJson(action)["service"]["site"], "https://service-3.example");
    EXPECT_EQ(ContentJson(action)["service"]["has_information_management"], true);
  }
  EXPECT_TRUE(ContentJson(approve).is_null());
}

TEST(Json, ShowsAStatusWhoseLeaderIsUnknownToGenesis) {
  const Genesis genesis = MakeGenesis(4).genesis;
  NodeStatus status;
  status.replica.leader = ValidatorIndex(3);
  EXPECT_EQ(StatusJson(status, genesis)["leader"], "validator-3");
  status.replica.leader = ValidatorIndex(4);
  EXPECT_EQ(StatusJson(status, genesis)["leader"], "");
}

}  // namespace
}  // namespace beian::api
