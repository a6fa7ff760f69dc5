#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "client/sdk/filing_input.h"
#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

TEST(FilingText, TomlAndJsonSayTheSame) {
  const auto toml = ParseFilingText(
      "synthetic = [\"service.form\", \"service.name\"]\n[service]\nname = \"北京\"\n"
      "has_information_management = true\n",
      "a.toml");
  const auto nested = ParseFilingText(
      R"({"synthetic": ["service.form", "service.name"],
          "service": {"name": "北京", "has_information_management": true}})",
      "a.json");
  const auto flat = ParseFilingText(
      R"({"synthetic": "service.form;service.name", "service.name": "北京",
          "service.has_information_management": "true"})",
      "b.json");
  ASSERT_TRUE(toml.has_value());
  EXPECT_EQ(*toml, *nested);
  EXPECT_EQ(*toml, *flat);
  EXPECT_EQ(toml->at("synthetic"), "service.form;service.name");
}

TEST(FilingText, AnUnknownFieldIsNamedWithTheNearest) {
  const auto fields = ParseFilingText("[service]\nnmae = \"x\"\n", "a.toml");
  ASSERT_FALSE(fields.has_value());
  EXPECT_EQ(fields.error().id, "filing.unknown_field");
  EXPECT_NE(fields.error().message.find("service.nmae"), std::string::npos);
  EXPECT_NE(fields.error().remedy.find("service.name"), std::string::npos);
}

TEST(FilingText, WhatDoesNotParseIsAnError) {
  EXPECT_EQ(ParseFilingText("[service\n", "a.toml").error().id, "filing.bad_file");
  EXPECT_EQ(ParseFilingText("{\"service\": ", "a.json").error().id, "filing.bad_file");
  EXPECT_EQ(ParseFilingText("[service]\n\nname 一\n", "a.toml").error().message,
            "Line 3: `name 一` cannot be read.");
  EXPECT_EQ(ParseFilingText("{\n\"service\": x\n}\n", "a.json").error().message,
            "Line 2: `\"service\": x` cannot be read.");
  const Folder folder;
  EXPECT_EQ(ReadFilingFile(folder / "none").error().exit, Exit::kNotFound);
}

TEST(FilingText, AnotherEncodingIsNamedWithTheCommandThatConverts) {
  const std::string gbk = "[subject]\nname = \"\xb1\xb1\xbe\xa9\"\n";
  const auto fields = ParseFilingText(gbk, "f.toml");
  ASSERT_FALSE(fields.has_value());
  EXPECT_EQ(fields.error().id, "filing.not_utf8");
  EXPECT_NE(fields.error().message.find("Line 2 "), std::string::npos) << fields.error().message;
  EXPECT_NE(fields.error().message.find("GBK"), std::string::npos);
  EXPECT_EQ(fields.error().next, "iconv -f GB18030 -t UTF-8 f.toml > utf8.toml");
  const std::string utf16("\xff\xfe[\0s\0", 6);
  EXPECT_EQ(ParseFilingText(utf16, "f.toml").error().next,
            "iconv -f UTF-16 -t UTF-8 f.toml > utf8.toml");
}

TEST(FilingText, TheTemplateIsAFilingFileWithEveryField) {
  const auto fields = ParseFilingText(FilingTemplate(), "template.toml");
  ASSERT_TRUE(fields.has_value()) << fields.error().message;
  EXPECT_EQ(fields->size(), FilingFieldList().size());
  EXPECT_NE(FilingTemplate().find("[personal]"), std::string::npos);
  for (const char* line : {"division = \"110105\"  # [required] GB",
                           "credit_code = \"\"  # [required of an organisation] ",
                           "document = \"\"  # [required of a person] [personal] "}) {
    EXPECT_NE(FilingTemplate().find(line), std::string::npos) << line << FilingTemplate();
  }
}

}  // namespace
}  // namespace beian::client
