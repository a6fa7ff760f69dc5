#include "client/sdk/toml_text.h"

#include <fmt/format.h>

#include <sstream>

#include "client/sdk/text.h"
#include "ledger/base/toml_depth.h"

namespace beian::client {

std::string UnreadableLine(std::string_view text, size_t number) {
  std::string_view line = text;
  for (size_t i = 1; i < number && line.find('\n') != std::string_view::npos; ++i) {
    line.remove_prefix(line.find('\n') + 1);
  }
  line = line.substr(0, line.find_first_of("\r\n"));
  return fmt::format("Line {}: `{}` cannot be read.", number, Printable(line));
}

std::expected<toml::value, std::string> ParseToml(const std::string& text,
                                                  const std::string& file_name) {
  if (const auto deep = TomlTooDeepAt(text)) {
    return std::unexpected(fmt::format("Line {}: there are too many brackets or dots.", *deep));
  }
  try {
    std::istringstream stream(text);
    return toml::parse(stream, file_name);
  } catch (const toml::exception& error) {
    return std::unexpected(UnreadableLine(text, error.location().line()));
  } catch (const std::exception& error) {
    return std::unexpected(PrintableLines(error.what()));
  }
}

}  // namespace beian::client
