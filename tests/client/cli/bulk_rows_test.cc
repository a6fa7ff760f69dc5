#include "client/cli/bulk_rows.h"

#include <gtest/gtest.h>

namespace beian::client {
namespace {

std::vector<std::vector<std::string>> Records(std::string_view text) {
  std::vector<std::vector<std::string>> records;
  while (!text.empty()) {
    const auto record = TakeCsvRecord(text);
    if (!record) return {};
    records.push_back(*record);
  }
  return records;
}

TEST(BulkRows, TheTemplateHasEveryColumnAndARowThatBuilds) {
  const auto rows = ParseBulk(BulkTemplate(), "template.csv");
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().fields.size(), FilingFieldList().size());
  EXPECT_FALSE(rows->front().key_file.empty());
  const auto built = BuildFiling(rows->front().fields);
  EXPECT_TRUE(built.has_value()) << built.error().path;
}

TEST(BulkRows, ReadsCsvAsRfc4180HasIt) {
  using Table = std::vector<std::vector<std::string>>;
  EXPECT_EQ(Records("a,b\r\nc,d\r\n"), (Table{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(Records("\"a,\"\"b\"\"\",\"c\nd\"\n"), (Table{{"a,\"b\"", "c\nd"}}));
  EXPECT_EQ(Records("a,,\n"), (Table{{"a", "", ""}}));
  EXPECT_EQ(Records("\"a"), Table{});
}

TEST(BulkRows, NumbersRowsAndTakesTheKeyOut) {
  const auto rows = ParseBulk("\xEF\xBB\xBFservice.name,key_file\n甲,k1\n\n乙,\n", "f");
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ(rows->at(0).key_file, "k1");
  EXPECT_EQ(rows->at(1).number, 2u);
  EXPECT_EQ(rows->at(1).fields, (FilingFields{{"service.name", "乙"}}));
}

TEST(BulkRows, ReadsNdjsonAndGoesOnAfterABadLine) {
  const auto rows = ParseBulk("{\"service\": {\"name\": \"甲\"}}\nnonsense\n{\"x\": 1}\n", "f");
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_EQ(rows->at(0).fields.at("service.name"), "甲");
  EXPECT_EQ(rows->at(1).error.id, "bulk.bad_row");
  EXPECT_EQ(rows->at(2).error.id, "filing.unknown_field");
}

TEST(BulkRows, OfTwoThatAreTheSameTheSecondIsAnError) {
  std::vector<BulkRow> rows(4);
  const char* digests[] = {"a", "b", "a", "a"};
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].number = i + 1;
    rows[i].digest = digests[i];
  }
  rows[0].error.id = "filing.unknown_field";
  RefuseRepeatedRows(rows);
  EXPECT_EQ(rows[0].error.id, "filing.unknown_field");
  EXPECT_EQ(rows[1].error.id, "");
  EXPECT_EQ(rows[2].error.id, "") << "the first with that digest that can be filed";
  EXPECT_EQ(rows[3].error.id, "bulk.same_row");
}

}  // namespace
}  // namespace beian::client
