#include "ledger/filing/province.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace beian {
namespace {

TEST(Provinces, TableEqualsTheDataFile) {
  std::ifstream file(BEIAN_SOURCE_DIR "/data/provinces.tsv");
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  ASSERT_EQ(line, "gb2260\tabbreviation\tname_en\tname_zh\tkind");
  size_t row = 0;
  for (; std::getline(file, line); ++row) {
    ASSERT_LT(row, Provinces().size());
    const Province& province = Provinces()[row];
    const std::string start =
        std::string(province.gb2260) + "\t" + std::string(province.abbreviation) + "\t" +
        std::string(province.name_en) + "\t" + std::string(province.name_zh) + "\t";
    EXPECT_EQ(line.substr(0, start.size()), start);
  }
  EXPECT_EQ(row, 31u);
  EXPECT_EQ(Provinces().size(), row);
}

TEST(Provinces, AreFoundByDivisionAndByAbbreviation) {
  for (const Province& province : Provinces()) {
    EXPECT_EQ(FindProvince(province.gb2260), &province);
    EXPECT_EQ(FindProvince(std::string(province.gb2260) + "9999"), &province);
    EXPECT_EQ(FindProvinceByAbbreviation(province.abbreviation), &province);
  }
}

TEST(Provinces, NothingElseIsFound) {
  for (const char* division : {"", "1", "10", "00", "71", "81", "82", "99", "x1"}) {
    EXPECT_EQ(FindProvince(division), nullptr) << division;
  }
  for (const char* abbreviation : {"", "台", "京京", "B", "\xe4"}) {
    EXPECT_EQ(FindProvinceByAbbreviation(abbreviation), nullptr) << abbreviation;
  }
}

TEST(Provinces, ADivisionHasSixDigitsOfAProvince) {
  EXPECT_TRUE(IsDivision("110105"));
  EXPECT_TRUE(IsDivision("659999"));
  for (const char* text : {"", "11", "11010", "1101055", "11010a", "11010 ", "990105", "１１"}) {
    EXPECT_FALSE(IsDivision(text)) << text;
  }
}

}  // namespace
}  // namespace beian
