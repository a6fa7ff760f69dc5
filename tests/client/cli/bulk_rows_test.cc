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

TEST(BulkRows, LinesAreThoseOfTheFileAlsoAfterCellsWithLineEnds) {
  const auto rows = ParseBulk("service.name,key_file\r\n\"a\nb\",k\r\n\r\n,\r\n乙,\r\n", "f");
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ(RowName(rows->at(0)), "row 1 (line 2)");
  EXPECT_EQ(RowName(rows->at(1)), "row 2 (line 6)");
  const auto json = ParseBulk("{\"x\":1}\n\n{\"y\":1}\n", "f");
  ASSERT_TRUE(json.has_value());
  EXPECT_EQ(RowName(json->at(0)), "row 1");
  EXPECT_EQ(RowName(json->at(1)), "row 2 (line 3)");
  EXPECT_EQ(ParseBulk("service.name\nx\n\"y\n", "f").error().message,
            "Row 2 (line 3): a quotation does not end.");
}

TEST(BulkRows, ARowOfSeparatorsAloneIsNone) {
  const auto rows = ParseBulk("service.name,key_file\n甲,k\n,\n,,,\n", "f");
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->size(), 1u);
}

TEST(BulkRows, ReadsNdjsonAndGoesOnAfterABadLine) {
  const auto rows = ParseBulk("{\"service\": {\"name\": \"甲\"}}\nnonsense\n{\"x\": 1}\n", "f");
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_EQ(rows->at(0).fields.at("service.name"), "甲");
  EXPECT_EQ(rows->at(1).error.id, "bulk.bad_row");
  EXPECT_EQ(rows->at(2).error.id, "filing.unknown_field");
}

TEST(BulkRows, NamesTheSeparatorThatIsNoComma) {
  for (const char* text : {"service.name;key_file\n甲;k1\n", "service.name\tkey_file\n甲\tk1\n"}) {
    const auto rows = ParseBulk(text, "f.csv");
    ASSERT_FALSE(rows.has_value());
    EXPECT_EQ(rows.error().id, "bulk.other_separator");
    EXPECT_EQ(rows.error().object, "f.csv");
  }
  EXPECT_EQ(ParseBulk("nonsense;b,c\n", "f").error().id, "bulk.bad_file");
}

TEST(BulkRows, NamesTheEncodingThatIsNotUtf8AndHowToChangeIt) {
  const std::string gbk = "service.name,key_file\n\xBC\xD7,k1\n";
  const std::string utf16("\xFF\xFEs\0e\0", 6);
  for (const std::string& text :
       {gbk, utf16, std::string("{\"service\":{\"name\":\"\xBC\xD7\"}}\n")}) {
    const auto rows = ParseBulk(text, "f.csv");
    ASSERT_FALSE(rows.has_value());
    EXPECT_EQ(rows.error().id, "bulk.not_utf8");
    EXPECT_NE(rows.error().message.find("Line "), std::string::npos) << rows.error().message;
    EXPECT_NE(rows.error().next.find("iconv"), std::string::npos) << rows.error().next;
  }
  EXPECT_NE(ParseBulk(gbk, "f.csv").error().message.find("Line 2"), std::string::npos);
  EXPECT_NE(ParseBulk(gbk, "f.csv").error().next.find("-f GB18030"), std::string::npos);
  EXPECT_NE(ParseBulk(utf16, "f.csv").error().next.find("-f UTF-16"), std::string::npos);
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
