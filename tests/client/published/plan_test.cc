#include "client/published/plan.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/client/published/fixture.h"

namespace beian::client {
namespace {

const std::vector<PlannedSet>& Plan() {
  static const std::vector<PlannedSet> plan = *PlanFilings(ProjectData(), {1, 5});
  return plan;
}

std::set<std::string> MarksOf(const PlannedFiling& filing) {
  std::set<std::string> marks;
  std::istringstream stream(filing.fields.at("synthetic"));
  for (std::string mark; std::getline(stream, mark, ';');) marks.insert(mark);
  return marks;
}

std::vector<PlannedFiling> FilingsOf(const std::string& provider) {
  std::vector<PlannedFiling> found;
  for (const PlannedSet& set : Plan()) {
    for (const PlannedFiling& filing : set.filings) {
      if (filing.fields.at("subject.name") == provider) found.push_back(filing);
    }
  }
  return found;
}

TEST(Plan, HasThePublishedTotalsAndDays) {
  const PublishedData data = ProjectData();
  ASSERT_EQ(Plan().size(), 5u);
  size_t total = 0;
  for (const PlannedSet& set : Plan()) {
    EXPECT_EQ(set.filings.size(), data.FindSet(set.number)->filings);
    EXPECT_EQ(set.published, data.FindSet(set.number)->published);
    total += set.filings.size();
  }
  EXPECT_EQ(total, 1238u);
}

TEST(Plan, MeetsEveryKnownCellByTheDivisionsOfItsFilings) {
  const PublishedData data = ProjectData();
  uint32_t beijing = 0;
  for (const PlannedSet& set : Plan()) {
    ProvinceCounts counts;
    for (const PlannedFiling& filing : set.filings) {
      const Province* province = FindProvince(filing.fields.at("subject.division"));
      EXPECT_EQ(province, filing.province);
      ++counts[province];
    }
    beijing += counts[FindProvince("11")];
    for (const PublishedCell& cell : data.cells) {
      if (cell.set != set.number) continue;
      uint32_t sum = 0;
      for (const Province* province : cell.provinces) sum += counts[province];
      EXPECT_EQ(sum, cell.filings) << set.number << " " << cell.name;
    }
  }
  EXPECT_EQ(beijing, 346u);
}

TEST(Plan, EveryFilingPassesTheRulesOfTheLedger) {
  for (const PlannedSet& set : Plan()) {
    for (const PlannedFiling& filing : set.filings) {
      const auto built = BuildFiling(filing.fields);
      ASSERT_TRUE(built.has_value())
          << filing.fields.at("service.name") << ": " << built.error().path << " "
          << built.error().id;
      EXPECT_GT(built->filing.synthetic_size(), 0);
      EXPECT_EQ(built->disclosures.size(), 5u);
    }
  }
}

TEST(Plan, MarksAllOfAnInventedFiling) {
  const PlannedFiling& filing = Plan()[3].filings.front();  // no report names a filing of set 4
  const std::set<std::string> marks = MarksOf(filing);
  EXPECT_FALSE(filing.fields.contains("source"));
  for (const auto& [path, value] : filing.fields) {
    EXPECT_TRUE(path == "synthetic" || value.empty() || marks.contains(path)) << path;
  }
}

TEST(Plan, MarksOnlyWhatIsInventedOfANamedFiling) {
  const PlannedFiling& filing = Plan()[0].filings.front();
  EXPECT_EQ(filing.fields.at("subject.name"), "百度");
  EXPECT_EQ(filing.fields.at("service.name"), "百度区块链引擎BBE");
  EXPECT_NE(filing.fields.at("source"), "");
  const std::set<std::string> marks = MarksOf(filing);
  for (const char* known : {"subject.name", "subject.nature", "service.name", "service.name_en",
                            "source"}) {
    EXPECT_FALSE(marks.contains(known)) << known;
  }
  for (const auto& [path, value] : filing.fields) {
    const bool known = path == "subject.name" || path == "subject.nature" ||
                       path == "service.name" || path == "service.name_en" || path == "source" ||
                       path == "synthetic";
    EXPECT_TRUE(known || marks.contains(path)) << path;
  }
}

TEST(Plan, MarksTheProvinceOfAFilingWhoseProvinceNobodyKnows) {
  const auto filings = FilingsOf("平安");
  ASSERT_EQ(filings.size(), 2u);
  for (const PlannedFiling& filing : filings) {
    EXPECT_TRUE(MarksOf(filing).contains("subject.division"));
    for (const char* counted : {"11", "44", "33", "31"}) {  // known cells of set 1
      EXPECT_NE(filing.province->gb2260, counted);
    }
  }
}

TEST(Plan, ShowsARealCodeAsPublishedAndKeepsItsDivision) {
  const auto filings = FilingsOf("DDN");
  ASSERT_EQ(filings.size(), 1u);
  const FilingFields& fields = filings.front().fields;
  EXPECT_EQ(fields.at("published_code"), "11010519864491550014");
  EXPECT_EQ(fields.at("subject.division"), "110105");
  EXPECT_FALSE(MarksOf(filings.front()).contains("subject.division"));
  EXPECT_TRUE(MarksOf(filings.front()).contains("subject.credit_code"));
}

TEST(Plan, OneRowStandsForFiveFilingsWhoseNamesAreInvented) {
  const auto filings = FilingsOf("招商银行");
  ASSERT_EQ(filings.size(), 5u);
  std::set<std::string> names;
  for (const PlannedFiling& filing : filings) {
    names.insert(filing.fields.at("service.name"));
    EXPECT_TRUE(MarksOf(filing).contains("service.name"));
    EXPECT_FALSE(MarksOf(filing).contains("subject.name"));
  }
  EXPECT_EQ(names.size(), 5u);
}

TEST(Plan, EachCreditCodeHasOneProvider) {
  std::map<std::string, std::string> names;
  for (const PlannedSet& set : Plan()) {
    for (const PlannedFiling& filing : set.filings) {
      const std::string& code = filing.fields.at("subject.credit_code");
      const std::string& name = filing.fields.at("subject.name");
      EXPECT_EQ(names.try_emplace(code, name).first->second, name);
    }
  }
  EXPECT_GT(names.size(), 1200u);
}

TEST(Plan, AFilingIsTheSameInEveryRange) {
  const auto third = PlanFilings(ProjectData(), {3, 3});
  ASSERT_TRUE(third.has_value());
  ASSERT_EQ(third->size(), 1u);
  EXPECT_EQ(FormatPlan(*third), FormatPlan({Plan()[2]}));
}

TEST(Plan, IsWrittenOneFilingALineInTheFormOfFilingFiles) {
  std::istringstream lines(FormatPlan(Plan()));
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    nlohmann::json row = nlohmann::json::parse(line);
    EXPECT_EQ(row["key_file"], row["subject.credit_code"].get<std::string>() + ".pem");
    row.erase("key_file");
    const auto fields = ParseFilingText(row.dump(), "plan");
    ASSERT_TRUE(fields.has_value()) << fields.error().message;
    EXPECT_TRUE(BuildFiling(*fields).has_value());
  }
  EXPECT_EQ(count, 1238u);
}

TEST(Plan, RefusesSetsOfWhichTooLittleIsKnown) {
  EXPECT_EQ(PlanFilings(ProjectData(), {6, 6}).error().id, "published.unknown_set");
  PublishedData data = ProjectData();
  data.sets[2].published = "2020-04";
  EXPECT_EQ(PlanFilings(data, {1, 5}).error().id, "published.no_day");
  EXPECT_TRUE(PlanFilings(data, {1, 2}).has_value());
}

}  // namespace
}  // namespace beian::client
