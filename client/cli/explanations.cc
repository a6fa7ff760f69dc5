#include <algorithm>

#include "client/cli/explanation_table.h"
#include "client/cli/language.h"
#include "ledger/chain/evidence.h"
#include "ledger/chain/transaction.h"
#include "ledger/filing/reject.h"
#include "ledger/verify/verify_error.h"

namespace beian::client {
namespace {

/// The remedy that the ledger gives for an id of its own.
std::string_view LedgerRemedy(std::string_view id) {
  for (uint16_t number = 0; const auto reject = FilingRejectFromNumber(number); ++number) {
    if (FilingRejectId(*reject) == id) return FilingRejectRemedy(*reject);
  }
  for (int number = 0; number <= static_cast<int>(TransactionError::kBadSignature); ++number) {
    const auto error = static_cast<TransactionError>(number);
    if (TransactionErrorId(error) == id) return TransactionErrorRemedy(error);
  }
  for (int number = 0; number <= static_cast<int>(VerifyError::kBadRecord); ++number) {
    const auto error = static_cast<VerifyError>(number);
    if (VerifyErrorId(error) == id) return VerifyErrorRemedy(error);
  }
  for (int number = 0; number <= static_cast<int>(EvidenceError::kBadSignature); ++number) {
    const auto error = static_cast<EvidenceError>(number);
    if (EvidenceErrorId(error) == id) return EvidenceErrorRemedy(error);
  }
  return {};
}

/// "node.status_404" and its like are one entry.
std::string_view EntryId(std::string_view error_id) {
  constexpr std::string_view kStatus = "node.status";
  return error_id.starts_with("node.status_") ? kStatus : error_id;
}

std::optional<Explanation> ExplainIn(Language language, std::string_view asked_id) {
  const std::string_view error_id = EntryId(asked_id);
  const std::span<const ExplanationEntry> table = ExplanationTable();
  const auto found = std::ranges::lower_bound(table, error_id, {}, &ExplanationEntry::id);
  if (found == table.end() || found->id != error_id) return std::nullopt;
  if (language == Language::kChinese) {
    return Explanation{std::string(found->chinese), std::string(found->chinese_remedy)};
  }
  const std::string_view remedy =
      found->english_remedy.empty() ? LedgerRemedy(error_id) : found->english_remedy;
  return Explanation{std::string(found->english), std::string(remedy)};
}

}  // namespace

std::optional<Explanation> Explain(std::string_view error_id) {
  return ExplainIn(CurrentLanguage(), error_id);
}

Explanation Shown(std::string_view error_id, std::string message, std::string remedy) {
  const auto translated = ExplainIn(Language::kChinese, error_id);
  if (CurrentLanguage() == Language::kEnglish || !translated) {
    return {std::move(message), std::move(remedy)};
  }
  const bool general = message.empty() || message == ExplainInEnglish(error_id)->message;
  // A remedy of this case says more than that of the id.
  const std::string of_case = TrDetail(remedy);
  return {general ? translated->message : translated->message + " (" + TrDetail(message) + ")",
          of_case == remedy ? translated->remedy : of_case};
}

std::optional<Explanation> ExplainInEnglish(std::string_view error_id) {
  return ExplainIn(Language::kEnglish, error_id);
}

std::vector<std::string> ExplainedIds() {
  std::vector<std::string> ids;
  for (const ExplanationEntry& entry : ExplanationTable()) ids.emplace_back(entry.id);
  return ids;
}

}  // namespace beian::client
