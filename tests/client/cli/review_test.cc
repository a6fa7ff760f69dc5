#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"
#include "tests/client/support/http_listener.h"
#include "tests/client/support/small_answers.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

TEST(ReviewCommand, TakesEverythingThatWaitsInTheOfficesProvince) {
  Desk desk;
  desk.File(1);
  desk.File(2);
  EXPECT_EQ(desk.Json({"review", "list"})["filings"].size(), 2u);
  EXPECT_THAT(desk.Run({"review", "take", "--all", "--key", "office-31"}).out,
              HasSubstr("nothing to do"));
  const auto taken = desk.Json({"review", "take", "--all", "--key", "office-11"});
  ASSERT_EQ(taken["results"].size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(taken["results"][i]["accepted"], true) << taken["results"][i];
  }
  EXPECT_EQ(desk.Json({"review", "take", "--all", "--key", "office-11"})["results"].size(), 0u);
}

TEST(ReviewCommand, TheTimeBoundsTheListOfAllToo) {
  Desk desk;
  size_t pages = 0;
  desk.node().before = [&pages](const TestRequest& request) {
    if (!request.target.starts_with("/v1/filings?")) return TestReply{0, "", "", false};
    nlohmann::json json = FilingsAnswer(1);
    json["filings"][0]["id"] = std::string(64, static_cast<char>('1' + pages++));
    json["next"] = std::to_string(10 + pages);
    return TestReply{200, "application/json", json.dump(), false};
  };
  const Ran ran = desk.Run(
      {"review", "take", "--all", "--limit", "3", "--timeout", "0", "--key", "office-11"});
  EXPECT_THAT(ran.error, HasSubstr("node.bad_reply")) << ran.out;
  EXPECT_EQ(pages, 1u);
}

TEST(ReviewCommand, AListForAKeyThatIsNoOfficesIsRefusedWithTheKeyAndWhoMay) {
  Desk desk;
  desk.File();
  const std::string key = desk.Json({"key", "show", "--key", "own"})["key_id"];
  const Ran ran = desk.Run({"review", "list", "--key", "own"});
  EXPECT_EQ(ran.exit, 4) << ran.out;
  EXPECT_THAT(ran.error, HasSubstr("review.not_an_office"));
  EXPECT_THAT(ran.error, HasSubstr(key));
  EXPECT_THAT(ran.error, HasSubstr("next: beian filing list"));
}

TEST(ReviewCommand, ListsForTheCacWhatIsWithItAndNeverMoreThanAskedFor) {
  Desk desk;
  desk.File();
  const std::string second = desk.File(2);
  EXPECT_EQ(desk.Json({"review", "list", "--key", "cac"})["filings"].size(), 0u);
  desk.Run({"review", "take", second, "--key", "office-11"});
  EXPECT_EQ(desk.Json({"review", "list", "--limit", "1"})["filings"].size(), 1u);
  desk.Run({"review", "forward", second, "--key", "office-11"});
  EXPECT_EQ(desk.Json({"review", "list", "--key", "cac"})["filings"].size(), 1u);
}

TEST(ReviewCommand, AllAndNamesTogetherAreRefused) {
  Desk desk;
  const std::string filing = desk.File(1);
  desk.File(2);
  const Ran ran = desk.Run({"review", "take", "--all", filing, "--key", "office-11"});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.error, HasSubstr("usage.bad_arguments"));
  EXPECT_EQ(desk.Json({"review", "list", "--status", "not_reviewed"})["filings"].size(), 2u);
}

TEST(ReviewCommand, AListForAKeyThatIsNotThereIsRefused) {
  Desk desk;
  desk.File();
  const Ran ran = desk.Run({"review", "list", "--key", "nosuch"});
  EXPECT_NE(ran.exit, 0);
  EXPECT_THAT(ran.error, HasSubstr("key."));
}

TEST(ReviewCommand, ListsServiceProvinceAndWhatThisOfficeMayDoNext) {
  Desk desk;
  const std::string filing = desk.File();
  const auto row = [&](const std::string& key) {
    return desk.Json({"review", "list", "--province", "11", "--key", key})["filings"][0];
  };
  const auto text = [&](const std::string& key) {
    return desk.Run({"review", "list", "--province", "11", "--key", key}).out;
  };
  EXPECT_EQ(row("office-11")["service_name"], "一项服务");
  EXPECT_EQ(row("office-11")["province_en"], "Beijing");
  EXPECT_EQ(row("office-11")["province_zh"], "北京市");
  EXPECT_EQ(row("office-11")["next_actions"], Answer::Parse(R"(["take"])"));
  EXPECT_EQ(row("office-31")["next_actions"], Answer::Parse("[]"));
  EXPECT_THAT(text("office-11"), HasSubstr("Beijing"));
  EXPECT_THAT(text("office-11"), HasSubstr("not_reviewed"));
  EXPECT_THAT(text("office-11"), HasSubstr("  take\n"));
  desk.Run({"review", "take", filing, "--key", "office-11"});
  EXPECT_EQ(row("office-11")["next_actions"],
            Answer::Parse(R"(["request-supplement","refuse","forward"])"));
  desk.Run({"review", "forward", filing, "--key", "office-11"});
  EXPECT_EQ(row("office-11")["next_actions"], Answer::Parse("[]"));
  EXPECT_EQ(row("cac")["next_actions"],
            Answer::Parse(R"(["request-supplement","refuse","approve"])"));
  // Without a key it is what the holder may do.
  EXPECT_EQ(desk.Json({"review", "list"})["filings"][0]["next_actions"],
            Answer::Parse(R"(["request-supplement","refuse","approve"])"));
}

TEST(ReviewCommand, IssuesCodesOnlyAfterBothStages) {
  Desk desk;
  const std::string filing = desk.File();
  const Ran not_taken = desk.Run({"review", "forward", filing, "--key", "office-11"});
  EXPECT_EQ(not_taken.exit, 1);
  EXPECT_THAT(not_taken.out, HasSubstr("filing.wrong_state"));
  const Ran not_forwarded = desk.Run({"review", "approve", filing, "--key", "cac"});
  EXPECT_EQ(not_forwarded.exit, 4) << "it is still in the province's hands";
  EXPECT_THAT(not_forwarded.out, HasSubstr("filing.wrong_office"));
  const std::string code = desk.Approve(filing);
  EXPECT_EQ(code.size(), 20u);
  EXPECT_EQ(code.substr(0, 6), "110105");
  EXPECT_EQ(desk.Json({"filing", "get", code})["filing"]["id"], filing);
}

TEST(ReviewCommand, ClassesWhoMayNotByExitFour) {
  Desk desk;
  const std::string filing = desk.File();
  const Ran wrong = desk.Run({"review", "take", filing, "--key", "office-31"});
  EXPECT_EQ(wrong.exit, 4);
  EXPECT_THAT(wrong.out, HasSubstr("Remedy"));
  EXPECT_EQ(desk.Run({"review", "take", filing, "--key", "own"}).exit, 4);
  EXPECT_EQ(desk.Run({"review", "take", std::string(64, 'a'), "--key", "cac"}).exit, 4);
}

TEST(ReviewCommand, WantsAReasonAndAFiling) {
  Desk desk;
  const std::string filing = desk.File();
  const Ran refuse = desk.Run({"review", "refuse", filing, "--key", "office-11"});
  EXPECT_EQ(refuse.exit, 2);
  EXPECT_THAT(refuse.error, HasSubstr("filing.missing_reason"));
  EXPECT_EQ(desk.Run({"review", "take", "--key", "office-11"}).exit, 2);
}

TEST(ReviewCommand, ReadsListsFromFiles) {
  Desk desk;
  const std::string list = desk.folder().Write("ids", desk.File(1) + "\n" + desk.File(2) + "\n");
  const auto taken = desk.Json({"review", "take", "@" + list, "--key", "office-11"});
  EXPECT_EQ(taken["results"].size(), 2u);
}

}  // namespace
}  // namespace beian::client
