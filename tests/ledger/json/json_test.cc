#include "ledger/json/json.h"

#include <gtest/gtest.h>

#include "tests/support/fixture.h"

namespace beian {
namespace {

TEST(Json, ShowsAFilingWithItsWordsAndItsProvince) {
  FilingRecord record;
  record.status = FilingStatus::kListed;
  record.division = "110105";
  record.service_name = "服务";
  record.code = *RegistrationCode::Parse("11010519864491550014");
  record.set = 2;
  const Json json = FilingJson(record);
  EXPECT_EQ(json["status"], "listed");
  EXPECT_EQ(json["public_status"], "审核通过");
  EXPECT_EQ(json["province"], "11");
  EXPECT_EQ(json["code_display"], "京网信备11010519864491550014号");
  EXPECT_EQ(json["set"], 2);
  EXPECT_FALSE(json.contains("reason"));
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
  record.status = FilingStatus::kNotPassed;
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
    EXPECT_EQ(ContentJson(*FilingOf(action))["service"]["site"], "https://service-3.example");
    EXPECT_EQ(ContentJson(*FilingOf(action))["service"]["has_information_management"], true);
  }
  EXPECT_EQ(FilingOf(approve), nullptr);
}

TEST(Json, ShowsAReasonOnlyInTheStateThatItExplains) {
  FilingRecord record;
  record.division = "110105";
  record.reason = "why";
  record.status = FilingStatus::kAwaitingSupplement;
  EXPECT_EQ(FilingJson(record)["reason"], "why");
  record.status = FilingStatus::kFiled;
  EXPECT_FALSE(FilingJson(record).contains("reason"));
}

TEST(Json, ShowsResultsWithIdAndRemedy) {
  TransactionResult result;
  result.actions = {{FilingReject::kAccepted, std::nullopt},
                    {FilingReject::kWrongState, std::nullopt}};
  const Json json = ResultsJson(result);
  EXPECT_EQ(json[0]["accepted"], true);
  EXPECT_EQ(json[1]["error_id"], "filing.wrong_state");
  EXPECT_FALSE(json[1]["remedy"].get<std::string>().empty());
}

TEST(Json, NamesActionsAsTheProtocolDoes) {
  EXPECT_EQ(ActionName(TakeUpAction(FilingId{})), "take_up");
  EXPECT_EQ(ActionName(v1::Action()), "none");
  EXPECT_EQ(FilingOf(TakeUpAction(FilingId{})), nullptr);
  v1::Action submit;
  submit.mutable_submit()->mutable_filing()->mutable_service()->set_name("s");
  ASSERT_NE(FilingOf(submit), nullptr);
  EXPECT_EQ(ContentJson(*FilingOf(submit))["service"]["name"], "s");
}

TEST(Json, DiscardsWhatIsNestedTooDeep) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_FALSE(ParseJson(nested(kJsonDepthMax)).is_discarded());
  EXPECT_TRUE(ParseJson(nested(200'000)).is_discarded());
  EXPECT_TRUE(ParseJson("{\"a\":").is_discarded());
}

TEST(Json, PrintsOctetsThatAreNoText) {
  EXPECT_NE(PrintJson(Json{{"text", "\xFF"}}).find("\xEF\xBF\xBD"), std::string::npos);
}

}  // namespace
}  // namespace beian
