#include "ledger/filing/text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace beian {
namespace {

/// UTF-8 of any number up to 21 bits, also of those that are no characters.
std::string Utf8(char32_t code) {
  const auto octet = [](char32_t value) { return static_cast<char>(value); };
  const auto tail = [&](int shift) { return octet(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    return {octet(code)};
  }
  if (code < 0x800) {
    return {octet(0xc0 | code >> 6), tail(0)};
  }
  if (code < 0x10000) {
    return {octet(0xe0 | code >> 12), tail(6), tail(0)};
  }
  return {octet(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

bool IsPlain(char32_t code) {
  return IsPlainText("a" + Utf8(code) + "字");
}

TEST(PlainText, AcceptsEmptyTextAndTextOfEveryWidth) {
  EXPECT_TRUE(IsPlainText(""));
  EXPECT_TRUE(IsPlainText("Beijing é 区块链 😀 (2019)"));
}

TEST(PlainText, RefusesExactlyTheListedRanges) {
  const std::pair<char32_t, char32_t> refused[] = {
      {0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},     {0x200e, 0x200f},
      {0x2028, 0x202e}, {0x2066, 0x2069}, {0xd800, 0xdfff},   {0xe000, 0xf8ff},
      {0xfdd0, 0xfdef}, {0xfffe, 0xffff}, {0x1fffe, 0x1ffff}, {0xf0000, 0x10ffff}};
  for (const auto& [first, last] : refused) {
    EXPECT_FALSE(IsPlain(first)) << std::hex << static_cast<uint32_t>(first);
    EXPECT_FALSE(IsPlain((first + last) / 2)) << std::hex << static_cast<uint32_t>(first);
    EXPECT_FALSE(IsPlain(last)) << std::hex << static_cast<uint32_t>(last);
  }
  const char32_t accepted[] = {0x20,   0x7e,   0xa0,    0x61b,   0x61d,   0x200d,  0x2010,
                               0x2027, 0x202f, 0x2065,  0x206a,  0xd7ff,  0xf900,  0xfdcf,
                               0xfdf0, 0xfffd, 0x10000, 0x1fffd, 0x20000, 0x2fffd, 0xefffd};
  for (const char32_t code : accepted) {
    EXPECT_TRUE(IsPlain(code)) << std::hex << static_cast<uint32_t>(code);
  }
}

TEST(PlainText, RefusesTheLastTwoCodePointsOfEveryPlane) {
  for (char32_t plane = 0; plane <= 16; ++plane) {
    EXPECT_FALSE(IsPlain(plane << 16 | 0xfffe)) << static_cast<uint32_t>(plane);
    EXPECT_FALSE(IsPlain(plane << 16 | 0xffff)) << static_cast<uint32_t>(plane);
  }
}

TEST(PlainText, RefusesOctetsThatAreNotUtf8) {
  const std::string malformed[] = {
      "\x80",              // continuation first
      "\xbf",              //
      "\xc3",              // ends early
      "\xe5\x8c",          //
      "\xf0\x9f\x98",      //
      "\xc3(",             // no continuation
      "\xe5\x8c(",         //
      "\xf0\x9f\x98(",     //
      "\xc0\xa0",          // overlong
      "\xc1\xbf",          //
      "\xe0\x9f\xbf",      //
      "\xf0\x8f\xbf\xbf",  //
      "\xf4\x90\x80\x80",  // above U+10FFFF
      "\xf7\xbf\xbf\xbf",  //
      "\xf8\x88\x80\x80\x80",
      "\xfe",
      "\xff",
  };
  for (const std::string& text : malformed) {
    EXPECT_FALSE(IsPlainText(text));
    EXPECT_FALSE(IsPlainText("区" + text + "块"));
  }
}

TEST(PlainText, RefusesABadCodePointAnywhere) {
  const std::string bad = Utf8(0x202e);
  EXPECT_FALSE(IsPlainText(bad + "abc"));
  EXPECT_FALSE(IsPlainText("ab" + bad + "c"));
  EXPECT_FALSE(IsPlainText("abc" + bad));
}

}  // namespace
}  // namespace beian
