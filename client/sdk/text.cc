#include "client/sdk/text.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

namespace beian::client {
namespace {

struct CodePoint {
  utf8proc_int32_t value = -1;  ///< below zero: not UTF-8
  size_t octets = 1;
};

CodePoint ReadCodePoint(std::string_view rest) {
  CodePoint read;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                                       static_cast<utf8proc_ssize_t>(rest.size()), &read.value);
  if (length <= 0) return {};
  read.octets = static_cast<size_t>(length);
  return read;
}

bool IsSafe(utf8proc_int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::optional<std::string> ToNfc(std::string_view text) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (length < 0) return std::nullopt;
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<size_t>(length));
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const CodePoint read = ReadCodePoint(text);
    if (read.value >= 0) {
      width += static_cast<size_t>(std::max(0, utf8proc_charwidth(read.value)));
    } else {
      width += 1;
    }
    text.remove_prefix(read.octets);
  }
  return width;
}

std::string PadTo(std::string_view text, size_t width) {
  const size_t used = DisplayWidth(text);
  std::string padded(text);
  if (used < width) padded.append(width - used, ' ');
  return padded;
}

std::string Printable(std::string_view text) {
  std::string printable;
  while (!text.empty()) {
    const CodePoint read = ReadCodePoint(text);
    if (read.value < 0) {
      printable += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (IsSafe(read.value)) {
      printable += text.substr(0, read.octets);
    } else {
      printable += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(read.value));
    }
    text.remove_prefix(read.octets);
  }
  return printable;
}

std::string PrintableLines(std::string_view text) {
  std::string printable;
  while (true) {
    const size_t end = text.find('\n');
    printable += Printable(text.substr(0, end));
    if (end == std::string_view::npos) return printable;
    printable += '\n';
    text.remove_prefix(end + 1);
  }
}

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace beian::client
