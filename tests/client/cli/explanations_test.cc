#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "client/cli/language.h"
#include "client/sdk/files.h"
#include "ledger/chain/transaction.h"
#include "ledger/filing/registration_code.h"
#include "ledger/filing/reject.h"
#include "ledger/verify/verify_error.h"

namespace beian::client {
namespace {

TEST(Explanations, CoverEveryIdOfTheLedgerThatAUserMeets) {
  for (uint16_t number = 1; const auto reject = FilingRejectFromNumber(number); ++number) {
    EXPECT_TRUE(Explain(FilingRejectId(*reject)).has_value()) << FilingRejectId(*reject);
  }
  for (int i = 0; i <= static_cast<int>(TransactionError::kBadSignature); ++i) {
    const auto id = TransactionErrorId(static_cast<TransactionError>(i));
    EXPECT_TRUE(Explain(id).has_value()) << id;
  }
  for (int i = 0; i <= static_cast<int>(VerifyError::kBadRecord); ++i) {
    const auto id = VerifyErrorId(static_cast<VerifyError>(i));
    EXPECT_TRUE(Explain(id).has_value()) << id;
  }
  for (int i = 0; i <= static_cast<int>(CodeError::kBadSequence); ++i) {
    const auto id = CodeErrorId(static_cast<CodeError>(i));
    EXPECT_TRUE(Explain(id).has_value()) << id;
  }
}

TEST(Explanations, CoverEveryFindingOfTheWalk) {
  const std::string text =
      *ReadFile(BEIAN_SOURCE_DIR "/ledger/verify/chain_walk.cc", kTextFileBytesMax);
  const std::regex id(R"re("(audit\.[a-z_]+)")re");
  std::set<std::string> ids;
  for (std::sregex_iterator it(text.begin(), text.end(), id), end; it != end; ++it) {
    ids.insert((*it)[1]);
  }
  EXPECT_GE(ids.size(), 20u);
  for (const std::string& finding : ids) EXPECT_TRUE(Explain(finding).has_value()) << finding;
}

/// Every text of the form "group.what" in the sources of a folder.
std::set<std::string> DottedWords(const std::string& folder) {
  const std::regex id(R"re("([a-z]+\.[a-z_]+)")re");
  std::set<std::string> words;
  for (const auto& file : std::filesystem::directory_iterator(BEIAN_SOURCE_DIR "/" + folder)) {
    // Titles of members are written like ids.
    if (file.path().extension() != ".cc" || file.path().filename() == "catalogue.cc") continue;
    const std::string text = *ReadFile(file.path(), kTextFileBytesMax);
    for (std::sregex_iterator it(text.begin(), text.end(), id), end; it != end; ++it) {
      words.insert((*it)[1]);
    }
  }
  return words;
}

TEST(Explanations, CoverEveryErrorThatTheCommandLineOrTheApiCanGive) {
  const std::set<std::string> endings = {"toml", "pem", "json", "ndjson", "tsv", "log", "pid"};
  size_t ids = 0;
  for (const char* folder : {"client/cli", "client/sdk", "client/audit", "client/published",
                             "node/api", "ledger/chain"}) {
    for (const std::string& word : DottedWords(folder)) {
      const std::string group = word.substr(0, word.find('.'));
      const bool field = group == "service" || group == "responsible" ||
                         (group == "subject" && word != "subject.unknown");
      // Faults of blocks are between validators, those of octets stand beside another id.
      const bool inner = (group == "block" && word != "block.unknown") || group == "wire";
      if (field || inner || endings.contains(word.substr(group.size() + 1))) continue;
      ++ids;
      EXPECT_TRUE(Explain(word).has_value()) << word << " in " << folder;
    }
  }
  EXPECT_GT(ids, 150u);
}

TEST(Explanations, CoverEveryFindingThatANodeCanHave) {
  const std::regex id(R"re("((votelog|store|descriptors)\.[a-z_]+)[":])re");
  std::set<std::string> ids;
  for (const char* file : {"store/vote_log.cc", "runtime/data_directory.cc", "runtime/node.cc",
                           "runtime/descriptor_limit.cc"}) {
    const std::string text =
        *ReadFile(BEIAN_SOURCE_DIR "/node/" + std::string(file), kTextFileBytesMax);
    for (std::sregex_iterator it(text.begin(), text.end(), id), end; it != end; ++it) {
      ids.insert((*it)[1]);
    }
  }
  EXPECT_GE(ids.size(), 10u);
  for (const std::string& finding : ids) EXPECT_TRUE(Explain(finding).has_value()) << finding;
}

TEST(Explanations, AreShownWithWhatWasSaidOfTheCase) {
  SetLanguage(Language::kEnglish);  // whatever a test before this one spoke
  EXPECT_EQ(Shown("filing.bad_date", "x", "y").message, "x");
  SetLanguage(Language::kChinese);
  const auto shown = Shown("filing.bad_date", "no day: no", "in English");
  EXPECT_EQ(shown.message, Explain("filing.bad_date")->message + " (no day: no)");
  EXPECT_EQ(shown.remedy, Explain("filing.bad_date")->remedy);
  EXPECT_EQ(Shown("filing.bad_date", "", "").message, Explain("filing.bad_date")->message);
  EXPECT_EQ(Shown("no.such_id", "x", "y").remedy, "y");
  SetLanguage(Language::kEnglish);
}

TEST(Explanations, HaveBothPartsInBothLanguages) {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    SetLanguage(language);
    for (const std::string& id : ExplainedIds()) {
      EXPECT_FALSE(Explain(id)->message.empty()) << id;
      EXPECT_FALSE(Explain(id)->remedy.empty()) << id;
    }
  }
  SetLanguage(Language::kEnglish);
  EXPECT_FALSE(Explain("no.such_id").has_value());
}

}  // namespace
}  // namespace beian::client
