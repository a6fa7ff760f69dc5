#include "client/cli/published_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/sdk/files.h"
#include "client/sdk/key_file.h"
#include "tests/client/published/fixture.h"
#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

Values ValuesOf(std::map<std::string, std::string> texts) {
  Values values;
  for (const auto& [key, text] : texts) values.Add(key, {text});
  return values;
}

Session QuietSession() {
  GlobalFlags flags;
  flags.quiet = true;
  flags.no_colour = true;
  return Session(flags, Connection());
}

/// What a ledger holds after the plan has been filed and published.
CountedSets PlanAsCounts() {
  CountedSets counts;
  const auto plan = PlanFilings(ProjectData(), {1, 5});
  for (const PlannedSet& set : *plan) {
    CountedSet& counted = counts[set.number];
    counted.record = SetRecord{.number = set.number,
                               .published_on = set.published,
                               .filings = static_cast<uint32_t>(set.filings.size()),
                               .codes = {}};
    for (const PlannedFiling& filing : set.filings) {
      ++counted.provinces[filing.province];
      ++counted.filings;
      ++counted.synthetic;
    }
  }
  return counts;
}

const Values kCompare = ValuesOf({{"published", BEIAN_SOURCE_DIR "/data"}});

TEST(PlanSets, NamesTheFolderOfTablesThatIsNotThere) {
  Session session = QuietSession();
  const Folder folder;
  const auto outcome =
      SetPlanCommand().run(session, ValuesOf({{"data", folder / "none"}, {"out", folder / "p"}}));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().id, "published.no_data");
  EXPECT_EQ(outcome.error().object, folder / "none");
  EXPECT_THAT(outcome.error().remedy, HasSubstr("--data FOLDER"));
}

TEST(CompareSetsReport, SaysThatEveryPublishedNumberIsMet) {
  Session session = QuietSession();
  const auto outcome = CompareSetsReport(session, kCompare, PlanAsCounts(), Json::object());
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->exit, Exit::kOk);
  EXPECT_EQ(outcome->report.body["same"], true);
  EXPECT_EQ(outcome->report.body["filings"], 1238);
  EXPECT_EQ(outcome->report.body["cells"].size(), 25u);
  EXPECT_THAT(outcome->report.text, HasSubstr("浙江+上海 88"));
  EXPECT_THAT(outcome->report.text, HasSubstr("Every published number is met."));
}

TEST(CompareSetsReport, NamesTheTotalAndTheProvinceOfADroppedFiling) {
  Session session = QuietSession();
  CountedSets counts = PlanAsCounts();
  --counts[1].provinces[FindProvince("11")];
  --counts[1].filings;
  const auto outcome = CompareSetsReport(session, kCompare, counts, Json::object());
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->exit, Exit::kFailed);
  EXPECT_EQ(outcome->report.body["differences"],
            Json::array({"set 1, filings: published 197, on the ledger 196",
                         "set 1, 北京: published 63, on the ledger 62"}));
}

TEST(CompareSetsReport, FailsAndNamesTheCellOfAMovedFiling) {
  Session session = QuietSession();
  CountedSets counts = PlanAsCounts();
  --counts[3].provinces[FindProvince("33")];
  ++counts[3].provinces[FindProvince("65")];
  const auto outcome = CompareSetsReport(session, kCompare, counts, Json::object());
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->exit, Exit::kFailed);
  EXPECT_EQ(outcome->report.body["differences"],
            Json::array({"set 3, 浙江: published 27, on the ledger 26"}));
  EXPECT_EQ(outcome->report.body["same"], false);
  EXPECT_THAT(outcome->report.text, HasSubstr("浙江 26 ≠ 27"));
}

TEST(CompareSetsReport, ComparesOnlyTheSetsAskedFor) {
  Session session = QuietSession();
  CountedSets counts = PlanAsCounts();
  counts.erase(5);
  const auto two = ValuesOf({{"published", BEIAN_SOURCE_DIR "/data"}, {"sets", "1:4"}});
  EXPECT_EQ(CompareSetsReport(session, two, counts, Json::object())->exit, Exit::kOk);
  EXPECT_EQ(CompareSetsReport(session, kCompare, counts, Json::object())->exit, Exit::kFailed);
  const auto six = ValuesOf({{"published", BEIAN_SOURCE_DIR "/data"}, {"sets", "1:6"}});
  EXPECT_EQ(CompareSetsReport(session, six, counts, Json::object()).error().id,
            "published.unknown_set");
}

TEST(CompareProvincesReport, PutsBeijingFirstWithTwentyEightPerCent) {
  Session session = QuietSession();
  const auto outcome = CompareProvincesReport(session, kCompare, PlanAsCounts(), Json::object());
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->exit, Exit::kOk);
  const Json& first = outcome->report.body["provinces"][0];
  EXPECT_EQ(first["name_en"], "Beijing");
  EXPECT_EQ(first["filings"], 346);
  EXPECT_EQ(first["share"], "28 %");
  EXPECT_EQ(first["published"], 346);
}

TEST(CompareProvincesReport, FailsAndNamesTheProvince) {
  Session session = QuietSession();
  CountedSets counts = PlanAsCounts();
  --counts[4].provinces[FindProvince("11")];
  const auto outcome = CompareProvincesReport(session, kCompare, counts, Json::object());
  EXPECT_EQ(outcome->exit, Exit::kFailed);
  EXPECT_EQ(outcome->report.body["differences"],
            Json::array({"北京市: published 346, on the ledger 345"}));
}

TEST(SetPlan, WritesTheFilingsAndAKeyForEachProvider) {
  Session session = QuietSession();
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "published-report";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const Values values = ValuesOf({{"data", BEIAN_SOURCE_DIR "/data"},
                                  {"sets", "5"},
                                  {"keys", (folder / "keys").string()},
                                  {"out", (folder / "plan.ndjson").string()}});
  const auto outcome = SetPlanCommand().run(session, values);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome->report.body["sets"][0]["filings"], 223);
  EXPECT_EQ(outcome->report.body["sets"][0]["named"], 7);
  const auto plan = ReadFile(folder / "plan.ndjson", kTextFileBytesMax);
  EXPECT_EQ(std::ranges::count(*plan, '\n'), 223);
  size_t keys = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder / "keys")) {
    EXPECT_TRUE(LoadKeyFile(file.path()).has_value()) << file.path();
    ++keys;
  }
  EXPECT_EQ(keys, 223u);  // nobody files twice in this set
  const auto again = SetPlanCommand().run(session, values);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(*ReadFile(folder / "plan.ndjson", kTextFileBytesMax), *plan);
  std::filesystem::remove_all(folder);
}

TEST(SetPlan, ReplacesNothingButAnEarlierPlan) {
  Session session = QuietSession();
  const Folder folder;
  const std::string form = folder.Write("form.toml", "# A filing\n");
  const auto outcome = SetPlanCommand().run(session, ValuesOf({{"data", BEIAN_SOURCE_DIR "/data"},
                                                               {"sets", "1"},
                                                               {"keys", folder / "keys"},
                                                               {"out", form}}));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().id, "file.other_kind");
  EXPECT_EQ(*ReadFile(form, kTextFileBytesMax), "# A filing\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "keys"));
}

}  // namespace
}  // namespace beian::client
