#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <toml.hpp>

namespace beian::client {

/// "Line 3: `nonsense` cannot be read.": what people are told of a text that does not parse.
std::string UnreadableLine(std::string_view text, size_t number);

/// TOML that a user wrote; the error is such a line.
std::expected<toml::value, std::string> ParseToml(const std::string& text,
                                                  const std::string& file_name);

}  // namespace beian::client
