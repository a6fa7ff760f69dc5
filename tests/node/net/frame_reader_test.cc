#include "node/net/frame_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace beian {
namespace {

Bytes Framed(BytesView frame) {
  const auto header = FrameHeader(static_cast<uint32_t>(frame.size()));
  return Bytes(header.data(), header.size()) + Bytes(frame);
}

/// Every frame of `stream` when it comes in pieces of `piece` octets.
std::vector<Bytes> ReadAll(FrameReader& reader, BytesView stream, size_t piece) {
  std::vector<Bytes> frames;
  while (!stream.empty()) {
    BytesView input = stream.substr(0, piece);
    stream.remove_prefix(input.size());
    while (auto frame = reader.Next(input).value()) frames.push_back(*std::move(frame));
    EXPECT_TRUE(input.empty());
  }
  return frames;
}

TEST(FrameReader, CutsTheSameFramesHoweverTheStreamIsCut) {
  const std::vector<Bytes> frames = {"", "a", Bytes(5, '\xff'), "", Bytes(70'000, 'z'), "end"};
  Bytes stream;
  for (const Bytes& frame : frames) stream += Framed(frame);
  for (const size_t piece : {1u, 2u, 3u, 5u, 7u, 100u, 65'536u, 1'000'000u}) {
    FrameReader reader(100'000);
    EXPECT_EQ(ReadAll(reader, stream, piece), frames) << piece;
  }
}

TEST(FrameReader, SkipsSignsOfLife) {
  const auto sign = FrameHeader(kKeepaliveLength);
  const Bytes alive(sign.data(), sign.size());
  for (const size_t piece : {1u, 3u, 100u}) {
    FrameReader reader(100);
    EXPECT_EQ(ReadAll(reader, alive + Framed("a") + alive + alive + Framed("") + alive, piece),
              (std::vector<Bytes>{"a", ""}));
  }
}

TEST(FrameReader, RefusesALengthAboveTheLimitBeforeItAllocates) {
  for (const uint32_t length : {101u, 8'000'001u, 0x7fff'ffffu, 0xffff'fffeu}) {
    FrameReader reader(100);
    const auto header = FrameHeader(length);
    BytesView input(header.data(), header.size());
    const auto frame = reader.Next(input);
    ASSERT_FALSE(frame.has_value()) << length;
    EXPECT_EQ(frame.error(), FrameError::kTooLong);
    EXPECT_LT(reader.capacity(), 100u);
  }
}

TEST(FrameReader, TakesAFrameOfExactlyTheLimit) {
  FrameReader reader(100);
  const Bytes stream = Framed(Bytes(100, 'm'));
  EXPECT_EQ(ReadAll(reader, stream, 1'000), (std::vector<Bytes>{Bytes(100, 'm')}));
}

// Ten thousand peers that each claim eight megabytes must not cost eighty gigabytes.
TEST(FrameReader, AllocatesInStepWithWhatHasCome) {
  constexpr size_t kClaim = 8'000'000;
  FrameReader reader(kClaim);
  const auto header = FrameHeader(kClaim);
  BytesView input(header.data(), header.size());
  EXPECT_FALSE(reader.Next(input).value().has_value());
  EXPECT_LT(reader.capacity(), 100u) << "a claim alone costs nothing";
  size_t received = 0;
  const Bytes piece(1'000, 'p');
  while (received + piece.size() < kClaim) {
    input = piece;
    ASSERT_FALSE(reader.Next(input).value().has_value());
    received += piece.size();
    ASSERT_LE(reader.capacity(), 2 * (received + FrameReader::kFrameGrowth));
  }
  input = piece;
  const auto frame = reader.Next(input).value();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->size(), kClaim);
  EXPECT_LT(reader.capacity(), 100u) << "nothing of a frame is kept";
}

TEST(FrameReader, ReadsRandomStreams) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    std::vector<Bytes> frames;
    Bytes stream;
    for (size_t count = random() % 20; count > 0; --count) {
      frames.emplace_back(random() % 300, static_cast<char>(random()));
      stream += Framed(frames.back());
    }
    FrameReader reader(300);
    EXPECT_EQ(ReadAll(reader, stream, random() % 50 + 1), frames);
  }
}

}  // namespace
}  // namespace beian
