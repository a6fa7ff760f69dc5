#include "client/published/comparison.h"

#include <gtest/gtest.h>

#include "tests/client/published/fixture.h"

namespace beian::client {
namespace {

/// The records that a ledger holds after the plan has been filed and published.
class Ledger {
 public:
  Ledger() {
    const auto plan = PlanFilings(ProjectData(), {1, 5});
    for (const PlannedSet& set : *plan) {
      for (const PlannedFiling& filing : set.filings) {
        FilingRecord record;
        record.division = filing.fields.at("subject.division");
        record.synthetic = true;
        record.set = set.number;
        record.id.octets[0] = static_cast<uint8_t>(filings.size() >> 8);
        record.id.octets[1] = static_cast<uint8_t>(filings.size());
        record.status = FilingStatus::kListed;
        record.stage = Stage::kCac;
        record.service_name = "x";
        record.code = RegistrationCode::Make(record.division, 2019, 1, 1);
        filings.push_back(record);
      }
      sets.push_back(SetRecord{.number = set.number, .published_on = set.published,
                               .filings = static_cast<uint32_t>(set.filings.size()), .codes = {}});
    }
  }

  CountedSets Count() const {
    CountedSets counts;
    for (const FilingRecord& record : filings) {
      CountRecord(FilingKey(record.id), record.Encode(), counts);
      // The same octets stand under the code, and count once.
      CountRecord(CodeKey(*record.code), record.Encode(), counts);
    }
    for (const SetRecord& record : sets) {
      CountRecord(SetKey(record.number), record.Encode(), counts);
    }
    return counts;
  }

  std::string FirstDifference() const {
    for (const ComparedCell& cell : CompareSets(ProjectData(), Count(), {1, 5})) {
      if (!cell.same()) return Describe(cell);
    }
    return "";
  }

  FilingRecord& Find(uint32_t set, std::string_view gb2260) {
    for (FilingRecord& record : filings) {
      if (record.set == set && record.division.starts_with(gb2260)) return record;
    }
    ADD_FAILURE() << "no filing of " << gb2260 << " in set " << set;
    return filings.front();
  }

  std::vector<FilingRecord> filings;
  std::vector<SetRecord> sets;
};

void Move(FilingRecord& record, const std::string& division) {
  record.division = division;
  record.code = RegistrationCode::Make(division, 2019, 1, 1);
}

TEST(Comparison, FindsThePlanEqualToWhatIsPublished) {
  const Ledger ledger;
  EXPECT_EQ(ledger.FirstDifference(), "");
  EXPECT_EQ(CompareSets(ProjectData(), ledger.Count(), {1, 5}).size(), 5u * 2 + 15);
}

TEST(Comparison, NamesTheCellOfADroppedFiling) {
  for (const auto& [set, gb2260, difference] :
       {std::tuple{1u, "11", "set 1, filings: published 197, on the ledger 196"},
        std::tuple{2u, "31", "set 2, filings: published 309, on the ledger 308"},
        std::tuple{5u, "65", "set 5, filings: published 223, on the ledger 222"}}) {
    Ledger ledger;
    FilingRecord& record = ledger.Find(set, gb2260);
    record.set = 0;
    record.status = FilingStatus::kFiled;
    EXPECT_EQ(ledger.FirstDifference(), difference);
  }
}

TEST(Comparison, NamesTheCellOfAMovedFiling) {
  for (const auto& [set, from, to, difference] :
       {std::tuple{1u, "11", "120101", "set 1, 北京: published 63, on the ledger 62"},
        std::tuple{2u, "33", "110101", "set 2, 北京: published 87, on the ledger 88"},
        std::tuple{2u, "31", "440303", "set 2, 广东: published 72, on the ledger 73"},
        std::tuple{2u, "31", "120101", "set 2, 浙江+上海: published 88, on the ledger 87"},
        std::tuple{5u, "65", "320102", "set 5, 江苏: published 34, on the ledger 35"}}) {
    Ledger ledger;
    Move(ledger.Find(set, from), to);
    EXPECT_EQ(ledger.FirstDifference(), difference);
  }
}

TEST(Comparison, NamesBothSetsOfAFilingInTheWrongSet) {
  Ledger ledger;
  ledger.Find(3, "11").set = 4;
  EXPECT_EQ(ledger.FirstDifference(), "set 3, filings: published 224, on the ledger 223");
}

TEST(Comparison, CountsOneProvinceForAnotherInACellOfBoth) {
  Ledger ledger;
  Move(ledger.Find(2, "31"), "330102");
  EXPECT_EQ(ledger.FirstDifference(), "");
}

TEST(Comparison, NamesASetOfAnotherDayOrNone) {
  Ledger ledger;
  ledger.sets[1].published_on = "2019-10-19";
  EXPECT_EQ(ledger.FirstDifference(),
            "set 2, published: published 2019-10-18, on the ledger 2019-10-19");
  ledger.sets.erase(ledger.sets.begin());
  EXPECT_EQ(ledger.FirstDifference(), "set 1, published: published 2019-03-30, on the ledger -");
}

TEST(Ranking, PutsBeijingFirstWithItsShareOfAll) {
  const auto rows = RankProvinces(ProjectData(), Ledger().Count(), {1, 5});
  ASSERT_EQ(rows.size(), 31u);
  EXPECT_EQ(rows[0].province, FindProvince("11"));
  EXPECT_EQ(rows[0].filings, 346u);
  EXPECT_EQ(rows[0].published, 346u);
  EXPECT_EQ(rows[0].known_sets, 5u);
  EXPECT_EQ(rows[0].in_known_sets, 346u);
  uint32_t total = 0;
  for (const ProvinceRow& row : rows) {
    total += row.filings;
    EXPECT_EQ(row.published, row.in_known_sets) << row.province->name_en;
  }
  EXPECT_EQ(total, 1238u);
}

TEST(Ranking, CountsNoSharedCellForOneProvince) {
  const auto rows = RankProvinces(ProjectData(), Ledger().Count(), {2, 2});
  for (const ProvinceRow& row : rows) {
    const bool alone = row.province->gb2260 == "11" || row.province->gb2260 == "44";
    EXPECT_EQ(row.known_sets, alone ? 1u : 0u) << row.province->name_en;
  }
}

}  // namespace
}  // namespace beian::client
