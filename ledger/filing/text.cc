#include "ledger/filing/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace beian {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Code points that are never plain text, but for the last two of every plane.
constexpr std::array kRefused = {
    Range{0x0000, 0x001f},     // C0 controls
    Range{0x007f, 0x009f},     // delete and C1 controls
    Range{0x061c, 0x061c},     // Arabic letter mark (bidirectional control)
    Range{0x200e, 0x200f},     // left-to-right and right-to-left marks
    Range{0x2028, 0x202e},     // line and paragraph separators, embeddings and overrides
    Range{0x2066, 0x2069},     // isolates
    Range{0xd800, 0xdfff},     // surrogates
    Range{0xe000, 0xf8ff},     // private use
    Range{0xfdd0, 0xfdef},     // non-characters
    Range{0xf0000, 0x10ffff},  // private use, planes 15 and 16
};

bool IsRefused(char32_t code) {
  if ((code & 0xfffe) == 0xfffe) {
    return true;
  }
  return std::ranges::any_of(
      kRefused, [code](const Range& range) { return code >= range.first && code <= range.last; });
}

struct Sequence {
  size_t octets;
  char32_t bits;      ///< of the first octet
  char32_t smallest;  ///< that needs so many octets: anything below is overlong
};

std::optional<Sequence> SequenceOf(uint8_t lead) {
  if (lead < 0x80) {
    return Sequence{1, lead, 0};
  }
  if ((lead & 0xe0) == 0xc0) {
    return Sequence{2, static_cast<char32_t>(lead & 0x1f), 0x80};
  }
  if ((lead & 0xf0) == 0xe0) {
    return Sequence{3, static_cast<char32_t>(lead & 0x0f), 0x800};
  }
  if ((lead & 0xf8) == 0xf0) {
    return Sequence{4, static_cast<char32_t>(lead & 0x07), 0x10000};
  }
  return std::nullopt;
}

/// Takes one code point off the front of `text`; nothing when it is not well-formed UTF-8.
std::optional<char32_t> TakeCodePoint(std::string_view& text) {
  const std::optional<Sequence> sequence = SequenceOf(static_cast<uint8_t>(text.front()));
  if (!sequence || text.size() < sequence->octets) {
    return std::nullopt;
  }
  char32_t code = sequence->bits;
  for (size_t i = 1; i < sequence->octets; ++i) {
    const auto octet = static_cast<uint8_t>(text[i]);
    if ((octet & 0xc0) != 0x80) {
      return std::nullopt;
    }
    code = (code << 6) | (octet & 0x3f);
  }
  if (code < sequence->smallest || code > 0x10ffff) {
    return std::nullopt;
  }
  text.remove_prefix(sequence->octets);
  return code;
}

}  // namespace

bool IsPlainText(std::string_view text) {
  while (!text.empty()) {
    const std::optional<char32_t> code = TakeCodePoint(text);
    if (!code || IsRefused(*code)) {
      return false;
    }
  }
  return true;
}

}  // namespace beian
