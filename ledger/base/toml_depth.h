#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace beian {

/// toml11 descends once for each bracket, and once for each dot of a key: a short text can take its
/// whole stack. The first line, from 1, from which on a text has more of them than anything that
/// people write; nothing when it may be parsed.
std::optional<uint64_t> TomlTooDeepAt(std::string_view text);

}  // namespace beian
