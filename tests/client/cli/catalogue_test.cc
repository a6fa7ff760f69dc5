#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/sdk/files.h"
#include "client/sdk/filing_input.h"
#include "ledger/json/json.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/fake_node.h"

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
      const bool words = option.default_text.find(' ') != std::string::npos;
      EXPECT_TRUE(!words || IsTranslated(option.default_text)) << option.default_text;
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

/// English words before the first wide gap of a line: titles, headings, comments.
std::set<std::string> EnglishTitles(const std::string& text) {
  // What names the same in every language: commands, options, algorithms, roles of keys, files.
  const std::set<std::string> names = {
      "beian", "API", "URL", "TOML", "JSON", "NDJSON", "CSV",  "node", "bash", "XDG",    "Pid",
      "UTF",   "GBK", "ISO", "key",  "keys", "nodes",  "lang", "CAC",  "MOD",  "genesis"};
  const std::regex word(R"re([A-Za-z][A-Za-z_.]{2,})re");
  std::set<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t start = line.find_first_not_of(' ');
    if (start == std::string::npos) continue;
    std::string title = line.substr(start, line.find("  ", start) - start);
    if (title.find('=') != std::string::npos || title.find('/') != std::string::npos) continue;
    if (title.find("beian ") != std::string::npos) continue;
    // Commands, ids of errors, hashes.
    title = std::regex_replace(title, std::regex("`[^`]*`|\\[[^\\]]*\\]|[0-9a-f]{64}"), "");
    for (std::sregex_iterator it(title.begin(), title.end(), word), end; it != end; ++it) {
      if (!names.contains(it->str())) found.insert(it->str() + " in: " + line);
    }
  }
  return found;
}

TEST_F(Catalogue, LeavesNoTitleInEnglish) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string code = desk.Approve(filing);
  EXPECT_EQ(desk.Run({"set", "publish", code, "--number", "1", "--key", "cac"}).exit, 0);
  const std::string form = desk.folder().Write("form.json", OrganisationJson(2));
  for (const auto& entry : std::filesystem::directory_iterator(desk.path("d"))) {
    std::filesystem::copy_file(entry.path(), desk.path("kept.json"));
  }
  const std::vector<std::vector<std::string>> commands = {
      {"filing", "get", filing},
      {"filing", "open", desk.path("kept.json")},
      {"filing", "history", filing},
      {"filing", "list"},
      {"filing", "validate", form},
      {"filing", "submit", form, "--key", "own-2", "--dry-run"},
      {"review", "list"},
      {"set", "list"},
      {"set", "show", "1"},
      {"code", "verify", code},
      {"code", "verify", "九九"},
      {"code", "check", code},
      {"code", "lookup", "一"},
      {"chain", "status"},
      {"chain", "head"},
      {"chain", "block", "2"},
      {"key", "show", "--key", "own"},
      {"key", "show", "--key", "office-11"},
      {"key", "new", desk.path("new.pem")},
      {"config", "show"},
      {"config", "check", "--key", "own"},
      {"doctor", "--key", "own"},
      {"audit", "run"},
      {"stats", "provinces"},
      {"stats", "sets"}};
  for (std::vector<std::string> words : commands) {
    const std::string name = words[0] + " " + words[1];
    words.insert(words.end(), {"--config", desk.path("beian.toml"), "--quiet", "--lang", "zh-CN"});
    const Ran ran = RunProgram(words);
    EXPECT_NE(ran.out, "") << name << ran.error;
    for (const std::string& title : EnglishTitles(ran.out)) ADD_FAILURE() << name << ": " << title;
  }
}

TEST_F(Catalogue, TranslatesTheHeadingsOfHelp) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"--help"}, {"key", "--help"}, {"key", "show", "--help"}}) {
    auto all = words;
    all.insert(all.end(), {"--lang", "zh-CN"});
    const std::string help = RunProgram(all).out;
    EXPECT_THAT(help, testing::HasSubstr("选项"));
    for (const char* heading : {"Usage", "Options:", "Subcommands:", "Positionals:", "TEXT"}) {
      EXPECT_THAT(help, testing::Not(testing::HasSubstr(heading))) << words[0];
    }
  }
}

TEST_F(Catalogue, TranslatesTheCommentsOfTheTemplate) {
  std::istringstream lines(RunProgram({"filing", "template", "--lang", "zh-CN"}).out);
  const std::regex words(R"re([A-Za-z]{3,} [A-Za-z]{2,})re");
  size_t comments = 0;
  for (std::string line; std::getline(lines, line);) {
    const size_t at = line.find('#');
    if (at == std::string::npos) continue;
    ++comments;
    EXPECT_FALSE(std::regex_search(line.substr(at), words)) << line;
  }
  EXPECT_GT(comments, 15u);
  EXPECT_TRUE(ParseFilingText(RunProgram({"filing", "template", "--lang", "zh-CN"}).out, "t"));
  const Ran json = RunProgram({"filing", "template", "--lang", "zh-CN", "-o", "json"});
  EXPECT_EQ(json.json()["template"], FilingTemplate()) << "JSON is never translated";
}

TEST_F(Catalogue, ExplainsTheAnswersOfWhatIsNoNode) {
  Desk desk;
  desk.node().before = [](const TestRequest&) {
    return TestReply{404, "text/html", "<h1>Not Found</h1>", false};
  };
  const Ran ran =
      RunProgram({"filing", "list", "--config", desk.path("beian.toml"), "--lang", "zh-CN"});
  EXPECT_THAT(ran.error, testing::HasSubstr("node.status_404"));
  EXPECT_THAT(ran.error, testing::Not(testing::HasSubstr("another node"))) << ran.error;
  EXPECT_THAT(RunProgram({"explain", "node.status_404", "--lang", "zh-CN"}).out,
              testing::HasSubstr("节点"));
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
