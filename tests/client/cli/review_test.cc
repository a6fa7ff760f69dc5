#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/support/desk.h"

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
