#include "ledger/base/toml_depth.h"

namespace beian {
namespace {

constexpr size_t kBracketsMax = 500;   // in all
constexpr size_t kKeyDotsMax = 100;    // of a line, before its value

}  // namespace

std::optional<uint64_t> TomlTooDeepAt(std::string_view text) {
  uint64_t line = 1;
  size_t brackets = 0;
  size_t dots = 0;
  bool in_key = true;
  for (const char c : text) {
    if (c == '\n') {
      ++line;
      dots = 0;
      in_key = true;
      continue;
    }
    if (c == '[' || c == '{') ++brackets;
    if (c == '=' || c == '#') in_key = false;
    if (in_key && c == '.') ++dots;
    if (brackets > kBracketsMax || dots > kKeyDotsMax) return line;
  }
  return std::nullopt;
}

}  // namespace beian
