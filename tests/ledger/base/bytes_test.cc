#include "ledger/base/bytes.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

Bytes AllOctets() {
  Bytes octets;
  for (int i = 0; i < 256; ++i) octets.push_back(static_cast<char>(i));
  return octets;
}

TEST(Hex, WritesLowerCaseAndReadsEither) {
  EXPECT_EQ(ToHex(BytesView("\x00\xab\xff", 3)), "00abff");
  EXPECT_EQ(FromHex("00aBFf"), Bytes("\x00\xab\xff", 3));
  EXPECT_EQ(FromHex(ToHex(AllOctets())), AllOctets());
  EXPECT_EQ(FromHex(""), "");
}

TEST(Hex, RefusesOddLengthAndOtherCharacters) {
  for (const char* text : {"0", "000", "0g", "g0", "0x", " 0", "00 ", "/0", ":0", "@0", "`0"}) {
    EXPECT_EQ(FromHex(text), std::nullopt) << text;
  }
}

TEST(Base64, HasTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> kVectors[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [octets, text] : kVectors) {
    EXPECT_EQ(ToBase64(octets), text);
    EXPECT_EQ(FromBase64(text), octets);
  }
}

TEST(Base64, ReadsBackAllOctetsAtEveryLength) {
  const Bytes all = AllOctets();
  for (size_t length = 0; length <= all.size(); ++length) {
    const Bytes octets = all.substr(all.size() - length);
    EXPECT_EQ(FromBase64(ToBase64(octets)), octets);
  }
}

TEST(Base64, RefusesEveryTextButTheCanonicalOne) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zm8", "Zh==", "Zm9=", "Z===", "====", "=g==",
                           "Zg==Zg==", "Zm9v\n", "Zm9v====", "Zm-v", "Zm_v", "Zm 9", "Z=9v"}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
}

TEST(ByteWriter, WritesBigEndianNumbersAndLengths) {
  ByteWriter writer;
  writer.U8(0x01);
  writer.U16(0x0203);
  writer.U32(0x04050607);
  writer.U64(0x08090a0b0c0d0e0f);
  writer.Raw("raw");
  writer.Short("ab");
  writer.Long("c");
  EXPECT_EQ(ToHex(writer.bytes()),
            "0102030405060708090a0b0c0d0e0f"
            "726177"
            "00026162"
            "0000000163");
}

TEST(ByteWriterDeathTest, ChecksTheLengthOfAShortText) {
  ByteWriter writer;
  writer.Short(Bytes(65535, 'x'));
  EXPECT_DEATH(writer.Short(Bytes(65536, 'x')), "CHECK failed");
}

TEST(ByteReader, ReadsBackWhatWasWritten) {
  ByteWriter writer;
  writer.U8(0xff);
  writer.U16(0xfffe);
  writer.U32(0xfffefdfc);
  writer.U64(0xfffefdfcfbfaf9f8);
  writer.Raw("raw");
  writer.Short("");
  writer.Long("long");
  ByteReader reader(writer.bytes());
  EXPECT_EQ(reader.U8(), 0xff);
  EXPECT_EQ(reader.U16(), 0xfffe);
  EXPECT_EQ(reader.U32(), 0xfffefdfcu);
  EXPECT_EQ(reader.U64(), 0xfffefdfcfbfaf9f8u);
  EXPECT_EQ(reader.Raw(3), "raw");
  EXPECT_EQ(reader.Short(), "");
  EXPECT_FALSE(reader.Finished());
  EXPECT_EQ(reader.left(), 8u);
  EXPECT_EQ(reader.Long(), "long");
  EXPECT_TRUE(reader.Finished());
}

TEST(ByteReader, FailsForGoodAfterAReadPastTheEnd) {
  ByteReader reader("abc");
  EXPECT_EQ(reader.U32(), 0u);
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.U8(), 0);
  EXPECT_EQ(reader.Raw(0), "");
  EXPECT_EQ(reader.Raw(1), "");
  EXPECT_FALSE(reader.Finished());
}

TEST(ByteReader, FailsOnALengthThatIsLongerThanTheRest) {
  ByteReader short_text(
      BytesView("\x00\x03"
                "ab",
                4));
  EXPECT_EQ(short_text.Short(), "");
  EXPECT_TRUE(short_text.failed());
  ByteReader long_text(
      BytesView("\xff\xff\xff\xff"
                "ab",
                6));
  EXPECT_EQ(long_text.Long(), "");
  EXPECT_TRUE(long_text.failed());
}

TEST(ByteReader, IsNotFinishedWhileOctetsAreLeft) {
  ByteReader reader("ab");
  reader.U8();
  EXPECT_FALSE(reader.failed());
  EXPECT_FALSE(reader.Finished());
}

}  // namespace
}  // namespace beian
