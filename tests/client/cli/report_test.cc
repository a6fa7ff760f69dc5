#include "client/cli/report.h"

#include <gtest/gtest.h>

#include "client/cli/language.h"

namespace beian::client {
namespace {

Report Sample() {
  Report report;
  report.schema = "sample";
  report.rows = "items";
  report.columns = {{"name", "Name"}, {"count", "Count", true}};
  report.body = {{"total", 2},
                 {"items",
                  {{{"name", "北京"}, {"count", 12}, {"extra", true}},
                   {{"name", "a,\"b\""}, {"count", nullptr}}}}};
  return report;
}

TEST(ReportForms, JsonHasASchemaName) {
  const Json json = Json::parse(Render(Sample(), Format::kJson, {}));
  EXPECT_EQ(json["schema"], "beian.sample.v1");
  EXPECT_EQ(json["total"], 2);
}

TEST(ReportForms, NdjsonHasARowALine) {
  const std::string text = Render(Sample(), Format::kNdjson, {});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  const Json first = Json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(first["schema"], "beian.sample.v1");
  EXPECT_EQ(first["extra"], true) << "rows are whole";
}

TEST(ReportForms, CsvIsQuotedAndNeverTranslated) {
  SetLanguage(Language::kChinese);
  EXPECT_EQ(Render(Sample(), Format::kCsv, {}), "name,count\r\n北京,12\r\n\"a,\"\"b\"\"\",\r\n");
  SetLanguage(Language::kEnglish);
}

TEST(ReportForms, TablesAreAlignedByColumnsOfTheTerminal) {
  EXPECT_EQ(Render(Sample(), Format::kTable, {}),
            "Name   Count\n"
            "北京      12\n"
            "a,\"b\"\n");
}

TEST(ReportForms, TextsFromOutsideCannotCommandTheTerminal) {
  Report report = Sample();
  report.body["items"][0]["name"] = "\x1b[2J\xE2\x80\xAE";
  for (const Format format : {Format::kTable, Format::kText, Format::kJson}) {
    EXPECT_EQ(Render(report, format, {}).find('\x1b'), std::string::npos);
  }
  Report pairs;
  pairs.schema = "x";
  pairs.body = {{"name", "\x1b[2J"}};
  EXPECT_EQ(Render(pairs, Format::kText, {}).find('\x1b'), std::string::npos);
}

TEST(ReportForms, ABodyWithoutRowsIsOneRow) {
  Report report;
  report.schema = "one";
  report.body = {{"a", 1}, {"b", {{"c", "x"}}}};
  EXPECT_EQ(Render(report, Format::kText, {}), "a    1\nb.c  x\n");
  EXPECT_EQ(Render(report, Format::kCsv, {}), "a,b.c\r\n1,x\r\n");
  report.text = "words\n";
  EXPECT_EQ(Render(report, Format::kText, {}), "words\n");
  EXPECT_EQ(Render(report, Format::kTable, {}), "a    1\nb.c  x\n");
}

TEST(ReportForms, NoCellOfCsvHoldsJson) {
  Report report;
  report.schema = "one";
  report.body = {{"signers", {"cac", "beijing"}},
                 {"rows", Json::array({{{"a", 1}}})},
                 {"none", Json::array()},
                 {"deep", {{"er", {{"x", true}}}}}};
  EXPECT_EQ(Render(report, Format::kCsv, {}),
            "signers,none,deep.er.x\r\ncac;beijing,,true\r\n");
  report.rows = "rows";
  report.columns = {{"name", "Name"}, {"actions", "Actions"}};
  report.body["rows"] = Json::array({{{"name", "x"}, {"actions", {"take", "refuse"}}}});
  EXPECT_EQ(Render(report, Format::kCsv, {}), "name,actions\r\nx,take;refuse\r\n");
}

TEST(ReportForms, AProvinceStandsWithItsNameAndTheNumberThatOptionsTake) {
  Report report;
  report.body = {{"province", "11"}};
  EXPECT_EQ(Render(report, Format::kText, {}), "province  11 Beijing\n");
  EXPECT_EQ(ProvinceText("99"), "99");
  SetLanguage(Language::kChinese);
  EXPECT_EQ(ProvinceText("11"), "11 北京市");
  SetLanguage(Language::kEnglish);
}

TEST(ReportForms, ErrorsSayWhatToWhatAndHowToMendIt) {
  const ClientError error{"filing.wrong_state", "No.", "it", "Mend it.", "beian x",
                          Exit::kFailed,        0};
  EXPECT_EQ(RenderError(error, Format::kText, {}),
            "error: No. [filing.wrong_state]\n  object: it\n  remedy: Mend it.\n  next: beian x\n");
  const Json json = Json::parse(RenderError(error, Format::kJson, {}));
  EXPECT_EQ(json["schema"], "beian.error.v1");
  EXPECT_EQ(json["exit_code"], 1);
  SetLanguage(Language::kChinese);
  const std::string chinese = RenderError(error, Format::kText, {});
  EXPECT_NE(chinese.find("详情： No."), std::string::npos) << "what was said of this case";
  ClientError plain = error;
  plain.message = ExplainInEnglish(error.id)->message;
  EXPECT_EQ(RenderError(plain, Format::kText, {}).find("详情"), std::string::npos);
  plain.remedy = "Did you mean `list`?";
  EXPECT_NE(RenderError(plain, Format::kText, {}).find("办法： 您是指 `list` 吗？"),
            std::string::npos);
  SetLanguage(Language::kEnglish);
}

TEST(ReportForms, ColourIsOnlyUsedWhenAskedFor) {
  EXPECT_EQ(Red("x", {.colour = false}), "x");
  EXPECT_NE(Red("x", {.colour = true}), "x");
}

TEST(ReportForms, HaveNames) {
  EXPECT_EQ(ParseFormat("ndjson"), Format::kNdjson);
  EXPECT_EQ(ParseFormat("xml"), std::nullopt);
}

}  // namespace
}  // namespace beian::client
