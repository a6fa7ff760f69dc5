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
