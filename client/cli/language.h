#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beian::client {

enum class Language { kEnglish, kChinese };
/// Set once by main before anything is printed.
void SetLanguage(Language language);
Language CurrentLanguage();

/// The text in the current language; the English one when there is no translation. Every
/// translation stands in client/cli/catalogue.cc.
std::string_view Tr(std::string_view english);

/// What was said of one case ("Port 7100 is held by another process."), in the current language, by
/// its form in client/cli/detail_table.cc; as it is when no form fits.
std::string TrDetail(std::string_view english);

/// What an error id means, in the current language.
struct Explanation {
  std::string message;
  std::string remedy;
};
std::optional<Explanation> Explain(std::string_view error_id);
/// What people see of an error: its translation, and beside it what was said of this case.
Explanation Shown(std::string_view error_id, std::string message, std::string remedy);
/// The same in English, for what programs read.
std::optional<Explanation> ExplainInEnglish(std::string_view error_id);
/// Every id that Explain knows, ascending.
std::vector<std::string> ExplainedIds();

}  // namespace beian::client
