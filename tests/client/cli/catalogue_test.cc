#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/sdk/files.h"
#include "ledger/json/json.h"

namespace beian::client {
namespace {

class Catalogue : public testing::Test {
 protected:
  Catalogue() { SetLanguage(Language::kChinese); }
  ~Catalogue() override { SetLanguage(Language::kEnglish); }
  static bool IsTranslated(std::string_view text) { return Tr(text) != text; }
};

/// Every literal that is passed to Tr in the sources of the command line.
std::set<std::string> TranslatedLiterals() {
  const std::regex call(R"re(\bTr\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\))re");
  const std::regex piece(R"re("((?:[^"\\]|\\.)*)")re");
  std::set<std::string> literals;
  for (const auto& file : std::filesystem::directory_iterator(BEIAN_SOURCE_DIR "/client/cli")) {
    const std::string text = *ReadFile(file.path(), kTextFileBytesMax);
    for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) {
      const std::string pieces = (*it)[1];
      std::string literal;
      for (std::sregex_iterator p(pieces.begin(), pieces.end(), piece); p != end; ++p) {
        literal += (*p)[1];
      }
      literals.insert(literal);
    }
  }
  return literals;
}

TEST_F(Catalogue, TranslatesEveryTextThatPeopleRead) {
  const auto literals = TranslatedLiterals();
  EXPECT_GT(literals.size(), 60u);
  for (const std::string& literal : literals) EXPECT_TRUE(IsTranslated(literal)) << literal;
}

TEST_F(Catalogue, TranslatesTheHelpOfEveryCommand) {
  for (const Command& command : Commands()) {
    EXPECT_TRUE(IsTranslated(command.help)) << command.help;
    if (!command.verb.empty()) {
      EXPECT_TRUE(IsTranslated(NounHelp(command.noun))) << command.noun;
    }
    for (const Parameter& parameter : command.parameters) {
      EXPECT_TRUE(IsTranslated(parameter.help)) << parameter.help;
    }
    for (const Option& option : command.options) {
      EXPECT_TRUE(IsTranslated(option.help)) << option.help;
    }
  }
}

TEST_F(Catalogue, TranslatesTheWordsOfStatesStagesAndActions) {
  using enum FilingStatus;
  for (const FilingStatus status :
       {kNotReviewed, kInReview, kAwaitingSupplement, kNotPassed, kFiled, kListed}) {
    EXPECT_TRUE(IsTranslated(FilingStatusId(status))) << FilingStatusId(status);
    EXPECT_TRUE(Tr(FilingStatusId(status)).starts_with(PublicStatusWord(status)));
  }
  EXPECT_TRUE(IsTranslated(StageId(Stage::kProvince)));
  EXPECT_TRUE(IsTranslated(StageId(Stage::kCac)));
  const auto& actions = *v1::Action::descriptor();
  for (int i = 0; i < actions.field_count(); ++i) {
    EXPECT_TRUE(IsTranslated(actions.field(i)->name())) << actions.field(i)->name();
  }
}

TEST_F(Catalogue, KeepsThePlacesOfValues) {
  for (const std::string& literal : TranslatedLiterals()) {
    const auto places = [](std::string_view text) {
      size_t count = 0;
      for (size_t at = 0; (at = text.find("{}", at)) != std::string_view::npos; at += 2) ++count;
      return count;
    };
    EXPECT_EQ(places(Tr(literal)), places(literal)) << literal;
  }
}

TEST_F(Catalogue, LeavesAnUnknownTextAsItIs) {
  EXPECT_EQ(Tr("no such text"), "no such text");
  SetLanguage(Language::kEnglish);
  EXPECT_EQ(Tr("Code"), "Code");
}

}  // namespace
}  // namespace beian::client
