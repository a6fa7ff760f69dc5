#include "client/sdk/views.h"

#include <gtest/gtest.h>

#include "tests/support/fixture.h"

namespace beian::client {
namespace {

TEST(Views, ShowAFilingAsTheApiDoes) {
  FilingRecord record;
  record.status = FilingStatus::kListed;
  record.division = "110105";
  record.service_name = "服务";
  record.code = *RegistrationCode::Parse("11010519864491550014");
  record.set = 2;
  const Json json = FilingView(record);
  EXPECT_EQ(json["status"], "listed");
  EXPECT_EQ(json["public_status"], "审核通过");
  EXPECT_EQ(json["province"], "11");
  EXPECT_EQ(json["code_display"], "京网信备11010519864491550014号");
  EXPECT_EQ(json["set"], 2);
  EXPECT_FALSE(json.contains("reason"));
}

TEST(Views, ShowResultsWithIdAndRemedy) {
  TransactionResult result;
  result.actions = {{FilingReject::kAccepted, std::nullopt},
                    {FilingReject::kWrongState, std::nullopt}};
  const Json json = ResultsView(result);
  EXPECT_EQ(json[0]["accepted"], true);
  EXPECT_EQ(json[1]["error_id"], "filing.wrong_state");
  EXPECT_FALSE(json[1]["remedy"].get<std::string>().empty());
}

TEST(Views, NameActionsAsTheProtocolDoes) {
  EXPECT_EQ(ActionName(TakeUpAction(FilingId{})), "take_up");
  EXPECT_EQ(ActionName(v1::Action()), "none");
  EXPECT_EQ(FilingOf(TakeUpAction(FilingId{})), nullptr);
  v1::Action submit;
  submit.mutable_submit()->mutable_filing()->mutable_service()->set_name("s");
  ASSERT_NE(FilingOf(submit), nullptr);
  EXPECT_EQ(ContentView(*FilingOf(submit))["service"]["name"], "s");
}

TEST(Views, PrintingNeverFails) {
  EXPECT_NE(Dump(Json{{"text", "\xFF"}}, -1).find("\xEF\xBF\xBD"), std::string::npos);
}

}  // namespace
}  // namespace beian::client
