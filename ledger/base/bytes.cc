#include "ledger/base/bytes.h"

#include <algorithm>
#include <limits>

#include "ledger/base/check.h"

namespace beian {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t kNotADigit = 0xff;

uint8_t Octet(char c) {
  return static_cast<uint8_t>(c);
}

uint8_t HexValue(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<uint8_t>(c - 'A' + 10);
  return kNotADigit;
}

constexpr std::array<uint8_t, 256> MakeBase64Values() {
  std::array<uint8_t, 256> values{};
  values.fill(kNotADigit);
  for (size_t i = 0; i < kBase64Digits.size(); ++i) {
    values[static_cast<uint8_t>(kBase64Digits[i])] = static_cast<uint8_t>(i);
  }
  return values;
}
constexpr std::array<uint8_t, 256> kBase64Values = MakeBase64Values();

/// Appends the `count` low octets of `value`, most significant first.
void AppendBigEndian(Bytes& out, uint64_t value, int count) {
  for (int shift = (count - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

uint64_t FromBigEndian(BytesView octets) {
  uint64_t value = 0;
  for (char c : octets) value = value << 8 | Octet(c);
  return value;
}

}  // namespace

std::string ToHex(BytesView octets) {
  std::string text;
  text.reserve(octets.size() * 2);
  for (char c : octets) {
    text.push_back(kHexDigits[Octet(c) >> 4]);
    text.push_back(kHexDigits[Octet(c) & 15]);
  }
  return text;
}

std::optional<Bytes> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes octets;
  octets.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const uint8_t high = HexValue(text[i]);
    const uint8_t low = HexValue(text[i + 1]);
    if (high == kNotADigit || low == kNotADigit) return std::nullopt;
    octets.push_back(static_cast<char>(high << 4 | low));
  }
  return octets;
}

std::string ToBase64(BytesView octets) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  for (size_t i = 0; i < octets.size(); i += 3) {
    const size_t count = std::min<size_t>(3, octets.size() - i);
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) group = group << 8 | (j < count ? Octet(octets[i + j]) : 0);
    for (size_t j = 0; j < 4; ++j) {
      text.push_back(j <= count ? kBase64Digits[group >> (18 - 6 * j) & 63] : '=');
    }
  }
  return text;
}

std::optional<Bytes> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  Bytes octets;
  octets.reserve(text.size() / 4 * 3);
  for (size_t i = 0; i < text.size(); i += 4) {
    size_t digits = 4;
    if (i + 4 == text.size()) {
      while (digits > 2 && text[i + digits - 1] == '=') --digits;
    }
    uint32_t group = 0;
    for (size_t j = 0; j < 4; ++j) {
      const uint8_t value = j < digits ? kBase64Values[Octet(text[i + j])] : 0;
      if (value == kNotADigit) return std::nullopt;
      group = group << 6 | value;
    }
    // Of the many texts with the same octets only the one with zero spare bits is canonical.
    const uint32_t spare = digits == 4 ? 0 : digits == 3 ? 0xff : 0xffff;
    if ((group & spare) != 0) return std::nullopt;
    for (size_t j = 0; j + 1 < digits; ++j) {
      octets.push_back(static_cast<char>(group >> (16 - 8 * j)));
    }
  }
  return octets;
}

void ByteWriter::U8(uint8_t value) {
  AppendBigEndian(bytes_, value, 1);
}
void ByteWriter::U16(uint16_t value) {
  AppendBigEndian(bytes_, value, 2);
}
void ByteWriter::U32(uint32_t value) {
  AppendBigEndian(bytes_, value, 4);
}
void ByteWriter::U64(uint64_t value) {
  AppendBigEndian(bytes_, value, 8);
}
void ByteWriter::Raw(BytesView octets) {
  bytes_.append(octets);
}

void ByteWriter::Short(BytesView octets) {
  CHECK(octets.size() <= std::numeric_limits<uint16_t>::max());
  U16(static_cast<uint16_t>(octets.size()));
  Raw(octets);
}

void ByteWriter::Long(BytesView octets) {
  CHECK(octets.size() <= std::numeric_limits<uint32_t>::max());
  U32(static_cast<uint32_t>(octets.size()));
  Raw(octets);
}

BytesView ByteReader::Raw(size_t length) {
  if (failed_ || length > rest_.size()) {
    failed_ = true;
    return {};
  }
  const BytesView taken = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return taken;
}

uint8_t ByteReader::U8() {
  return static_cast<uint8_t>(FromBigEndian(Raw(1)));
}
uint16_t ByteReader::U16() {
  return static_cast<uint16_t>(FromBigEndian(Raw(2)));
}
uint32_t ByteReader::U32() {
  return static_cast<uint32_t>(FromBigEndian(Raw(4)));
}
uint64_t ByteReader::U64() {
  return FromBigEndian(Raw(8));
}
BytesView ByteReader::Short() {
  return Raw(U16());
}
BytesView ByteReader::Long() {
  return Raw(U32());
}

}  // namespace beian
