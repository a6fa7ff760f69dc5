#include "client/cli/bulk_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace beian::client {
namespace {

using testing::HasSubstr;
using testing::Not;

Json Refused(size_t number, const std::string& id, const std::string& message) {
  return {{"row", number},  {"state", "committed"}, {"accepted", false},
          {"error_id", id}, {"message", message},   {"remedy", "Mend it."}};
}

TEST(BulkReportTest, SaysNothingOfRowsThatAreFiledOrUnderWay) {
  EXPECT_EQ(FailureText({{{"row", 1}, {"state", "committed"}, {"accepted", true}},
                         {{"row", 2}, {"state", "pending"}, {"accepted", false}},
                         {{"row", 3}, {"state", "dry_run"}, {"accepted", false}}}),
            "");
}

TEST(BulkReportTest, NamesEachOfAFewRows) {
  EXPECT_EQ(FailureText({Refused(4, "x.y", "One."), Refused(7, "x.y", "Two.")}),
            "row 4: One. [x.y] Mend it.\nrow 7: Two. [x.y] Mend it.\n");
}

TEST(BulkReportTest, NamesTheLineOfTheFileWhereItHasAnotherNumber) {
  Json rows = Json::array();
  for (size_t number = 1; number <= 4; ++number) {
    rows.push_back(Refused(number, "bulk.bad_row", "Case " + std::to_string(number)));
    rows.back()["line"] = number + 1;
  }
  const std::string many = FailureText(rows);
  EXPECT_THAT(many, HasSubstr("4 rows (lines 2, 3, 4, ...): "));
  EXPECT_THAT(many, HasSubstr("  row 1 (line 2): Case 1\n"));
  EXPECT_THAT(FailureText(Json::array({rows[3]})), HasSubstr("row 4 (line 5): Case 4 "));
}

TEST(BulkReportTest, PutsManyRowsWithOneFaultIntoOneLine) {
  Json rows = Json::array();
  for (size_t number = 2; number <= 413; ++number) rows.push_back(Refused(number, "x.y", "Bad."));
  rows.push_back(Refused(500, "other", "Bad."));
  EXPECT_EQ(FailureText(rows),
            "412 rows (lines 2, 3, 4, ...): Bad. [x.y] Mend it.\nrow 500: Bad. [other] Mend it.\n"
            "Every row with its fault: add -o csv.\n");
}

TEST(BulkReportTest, SaysOfManyRowsWhatTheIdMeansAndOfTheFirstWhatDiffers) {
  Json rows = Json::array();
  for (size_t number = 1; number <= 5; ++number) {
    rows.push_back(Refused(number, "bulk.bad_row", "Case " + std::to_string(number)));
  }
  const std::string text = FailureText(rows);
  EXPECT_THAT(text, HasSubstr("5 rows (lines 1, 2, 3, ...): A row cannot be read. [bulk.bad_row]"));
  EXPECT_THAT(text, HasSubstr("  row 3: Case 3\n"));
  EXPECT_THAT(text, Not(HasSubstr("Case 4")));
}

}  // namespace
}  // namespace beian::client
