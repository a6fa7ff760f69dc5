#include "node/store/vote_log_format.h"

#include <gtest/gtest.h>

#include "node/store/checksum.h"
#include "tests/node/store/log_fixture.h"

namespace beian::vote_log {
namespace {

std::string Hex(uint32_t number) {
  ByteWriter writer;
  writer.U32(number);
  return ToHex(writer.bytes());
}

const std::string kIdentityHex = FilledDigest<ChainId>(0xcc).hex() +
                                 "0021"
                                 "01" +
                                 FilledDigest<Sha256Digest>(0x11).hex() + "0004";

/// Zeros up to 508 octets, then the checksum.
std::string Sealed(std::string hex) {
  hex.resize(2 * 508, '0');
  return hex + Hex(Crc32c({*FromHex(hex)}));
}

TEST(VoteLogFormat, HasTheSameSegmentHeaderForEver) {
  SegmentHeader header;
  header.identity = TestIdentity();
  header.first_record = 258;
  header.previous_check = 0xdeadbeef;
  header.standing = 3;
  header.voted = {Epoch(3), View(9)};
  const Bytes octets = EncodeSegmentHeader(header);
  EXPECT_EQ(ToHex(octets), Sealed(ToHex(BytesView("beian/vote-segment/v1\0", 22)) + kIdentityHex +
                                  "0000000000000102"
                                  "deadbeef"
                                  "0003"
                                  "0000000000000003"
                                  "0000000000000009"));
  const auto decoded = DecodeSegmentHeader(octets);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(EncodeSegmentHeader(*decoded), octets);
}

TEST(VoteLogFormat, HasTheSameHeadSlotForEver) {
  HeadSlot slot;
  slot.sequence = 5;
  slot.identity = TestIdentity();
  slot.first_record = 1;
  slot.records = 2;
  slot.voted = {Epoch(3), View(9)};
  slot.applied = {Height(4), FilledDigest<BlockId>(0xb1)};
  const Bytes octets = EncodeHeadSlot(slot);
  EXPECT_EQ(ToHex(octets), Sealed(ToHex(BytesView("beian/vote-head/v1\0", 19)) +
                                  "0000000000000005" + kIdentityHex +
                                  "0000000000000001"
                                  "0000000000000002"
                                  "0000000000000003"
                                  "0000000000000009"
                                  "0000000000000004" +
                                  FilledDigest<BlockId>(0xb1).hex()));
  const auto decoded = DecodeHeadSlot(octets);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(EncodeHeadSlot(*decoded), octets);
}

TEST(VoteLogFormat, HasTheSameFrameForEver) {
  const Frame frame = EncodeFrame({258, 512, 0x01020304}, 7, true, "the record");
  const std::string place =
      "0000000000000102"
      "0000000000000200";
  const std::string header =
      "0000000a"
      "80000007";
  const std::string checked =
      header + Hex(Crc32c({*FromHex(place + header)})) + ToHex("the record") + "000000000000";
  EXPECT_EQ(frame.check, Crc32c({*FromHex("01020304" + checked)}));
  EXPECT_EQ(ToHex(frame.octets), checked + Hex(frame.check));
  EXPECT_EQ(frame.octets.size(), FrameBytes(10));
}

TEST(VoteLogFormat, ReadsAFrameBackAtItsOwnPlaceOnly) {
  const FramePlace place{258, 512, 0x01020304};
  const Frame frame = EncodeFrame(place, 7, false, "the record");
  const Bytes segment = Bytes(512, 'h') + frame.octets + Bytes(512, '\0');
  const auto read = ReadFrame(segment, place, 7);
  EXPECT_EQ(read.state, FrameState::kRecord);
  EXPECT_EQ(read.body, "the record");
  EXPECT_EQ(read.batch, 7u);
  EXPECT_FALSE(read.last_of_batch);
  EXPECT_EQ(read.end, 512 + frame.octets.size());
  EXPECT_EQ(ReadFrame(segment, {258, read.end, read.check}, 8).state, FrameState::kEnd);
  EXPECT_EQ(ReadFrame(segment, {259, 512, 0x01020304}, 7).state, FrameState::kBad);
  EXPECT_EQ(ReadFrame(segment, {258, 512, 0x01020305}, 7).state, FrameState::kBad);
  const Bytes moved = Bytes(528, 'h') + frame.octets + Bytes(512, '\0');
  EXPECT_EQ(ReadFrame(moved, {258, 528, 0x01020304}, 7).state, FrameState::kBad);
}

TEST(VoteLogFormat, TakesTheGreaterOfTwoGoodSlots) {
  HeadSlot slot;
  slot.identity = TestIdentity();
  Bytes head(kHeadFileBytes, '\0');
  const auto put = [&](size_t offset, uint64_t sequence) {
    slot.sequence = sequence;
    head.replace(offset, kHeadSlotBytes, EncodeHeadSlot(slot));
  };
  EXPECT_FALSE(NewestHeadSlot(head));
  put(0, 8);
  EXPECT_EQ(NewestHeadSlot(head)->sequence, 8u);
  put(4096, 9);
  EXPECT_EQ(NewestHeadSlot(head)->sequence, 9u);
  put(0, 10);
  EXPECT_EQ(NewestHeadSlot(head)->sequence, 10u);
  head[100] ^= 1;
  EXPECT_EQ(NewestHeadSlot(head)->sequence, 9u);
}

}  // namespace
}  // namespace beian::vote_log
