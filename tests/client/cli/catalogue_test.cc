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

/// Words of English in a line that are no name, command, option or file.
bool SpeaksEnglish(const std::string& line) {
  std::string text = std::regex_replace(line, std::regex("`[^`]*`|\\[[^\\]]*\\]|/[^ ]*"), "");
  return std::regex_search(text, std::regex("\\b[a-zA-Z]{2,} [a-z]{2,} [a-z]{2,}\\b"));
}

/// Commands that fail, each in its own way.
std::vector<std::vector<std::string>> Mistakes(const Desk& desk, const std::string& filing,
                                               const std::string& code) {
  const std::string text = desk.folder().Write("text", "no key\n");
  const std::string cut = desk.folder().Write("cut.bin", "beian-export/v1\n");
  const std::string unknown = desk.folder().Write("unknown.toml", "noeds = []\n");
  const std::string gbk = desk.folder().Write("gbk.toml", "a = \"\xb1\xb1\"\n");
  const std::string semicolons = desk.folder().Write("s.csv", "key_file;service.name\nx;y\n");
  return {
      {"fling"},
      {"filing", "sumbit"},
      {"filing", "get"},
      {"filing", "get", "a", "b"},
      {"filing", "list", "--limit", "0"},
      {"filing", "list", "--limit"},
      {"filing", "list", "--status", "lsted"},
      {"filing", "list", "--nosuch"},
      {"filing", "get", "nonsense"},
      {"filing", "get", std::string(64, 'a')},
      {"filing", "submit", text, "--key", "own"},
      {"filing", "submit", gbk, "--key", "own"},
      {"filing", "submit", desk.path("none"), "--key", "own"},
      {"filing", "submit", "--bulk", semicolons, "--key", "own"},
      {"filing", "submit", desk.path("f.json"), "--key", "own"},
      {"filing", "wait", "nonsense"},
      {"review", "list", "--key", "own"},
      {"review", "list", "--key", "nosuch"},
      {"review", "take", filing, "--all", "--key", "office-11"},
      {"review", "refuse", filing, "--key", "office-11"},
      {"set", "show", "9"},
      {"set", "show", "x"},
      {"set", "publish", "--key", "cac", "--number", "1"},
      {"code", "verify"},
      {"code", "verify", text},
      {"code", "verify", "--offline", text},
      {"code", "verify", code, "--node", "http://127.0.0.1:1"},
      {"chain", "block", "99"},
      {"chain", "export", text},
      {"chain", "export", desk.folder().path()},
      {"chain", "import", cut},
      {"audit", "run", "--level", "L4"},
      {"audit", "run", "--data-dir", desk.path("none")},
      {"audit", "run", "--export", "a", "--data-dir", "b"},
      {"key", "show", text},
      {"key", "new", text},
      {"key", "bar", "x", "--reason", "r", "--key", "cac"},
      {"proof", "check", text},
      {"explain", "code.bad_frm"},
      {"config", "check", "--config", unknown},
      {"cluster", "status", "--dir", desk.path("none")}};
}

TEST_F(Catalogue, LeavesNoErrorInEnglishAndStopsEachSentenceOnce) {
  Desk desk;
  const std::string filing = desk.File();
  const std::string code = desk.Approve(filing);
  const std::regex twice("[.?!](\\.|。)|(。|？|！)(\\.|。)");
  for (const char* language : {"en", "zh-CN"}) {
    for (std::vector<std::string> words : Mistakes(desk, filing, code)) {
      std::string name;
      for (const std::string& word : words) name += word + " ";
      if (std::ranges::find(words, "--config") == words.end()) {
        words.insert(words.end(), {"--config", desk.path("beian.toml")});
      }
      words.insert(words.end(), {"--quiet", "--lang", language});
      const Ran ran = RunProgram(words);
      EXPECT_NE(ran.exit, 0) << name;
      std::istringstream lines(ran.error + ran.out);
      for (std::string line; std::getline(lines, line);) {
        const std::string plain = std::regex_replace(line, std::regex("\\.\\.\\.|…+"), "");
        EXPECT_FALSE(std::regex_search(plain, twice)) << name << ": " << line;
        const bool command = line.find("下一步") != std::string::npos;
        if (std::string_view(language) == "zh-CN" && !command) {
          EXPECT_FALSE(SpeaksEnglish(line)) << name << ": " << line;
        }
      }
    }
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
