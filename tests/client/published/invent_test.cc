#include "client/published/invent.h"

#include <gtest/gtest.h>

#include "tests/client/published/fixture.h"

namespace beian::client {
namespace {

/// GB 11714 over the organisation code inside a credit code, written another way than the source.
bool IsOrganisationCode(const std::string& nine) {
  const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (int i = 0; i < 8; ++i) sum += (nine[static_cast<size_t>(i)] - '0') * weights[i];
  const int last = nine[8] == 'X' ? 10 : nine[8] - '0';
  return (sum + last) % 11 == 0;
}

TEST(InventedCreditCodes, AreFormallyRightButCanBelongToNobody) {
  for (uint32_t number : {0u, 1u, 2u, 9u, 123u, 1238u, 99'999'999u}) {
    const std::string code = InventCreditCode("110105", number);
    EXPECT_TRUE(IsCreditCode(code)) << code;
    EXPECT_FALSE(IsOrganisationCode(code.substr(8, 9))) << code;
  }
}

TEST(InventedCreditCodes, TheTestKnowsRealOrganisationCodes) {
  EXPECT_TRUE(IsOrganisationCode("802100433"));  // the example of GB 11714: 80210043-3
}

TEST(Inventor, KeepsAProvidersCodeAndDivisionWithinAProvince) {
  const PublishedData data = ProjectData();
  Inventor inventor(data);
  PublishedFiling filing;
  filing.provider = "百度";
  filing.service_zh = "图腾";
  const Province& beijing = *FindProvince("11");
  const auto first = inventor.Complete(filing, beijing).fields;
  const auto second = inventor.Complete(filing, beijing).fields;
  const auto elsewhere = inventor.Complete(filing, *FindProvince("44")).fields;
  EXPECT_EQ(first.at("subject.credit_code"), second.at("subject.credit_code"));
  EXPECT_EQ(first.at("subject.division"), second.at("subject.division"));
  EXPECT_NE(first.at("subject.credit_code"), elsewhere.at("subject.credit_code"));
  EXPECT_TRUE(elsewhere.at("subject.division").starts_with("44"));
}

TEST(Inventor, TakesTheDistrictsOfAProvinceInTurn) {
  const PublishedData data = ProjectData();
  Inventor inventor(data);
  const Province& shanghai = *FindProvince("31");
  std::set<std::string> divisions;
  for (int i = 0; i < 16; ++i) {
    divisions.insert(inventor.Invent(shanghai).fields.at("subject.division"));
  }
  EXPECT_EQ(divisions.size(), 16u);  // Shanghai has sixteen districts
}

}  // namespace
}  // namespace beian::client
