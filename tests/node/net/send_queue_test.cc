#include "node/net/send_queue.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace beian {
namespace {

Frame FrameOf(size_t size, char content = 'x') {
  return std::make_shared<const Bytes>(size, content);
}

std::string Contents(const std::vector<Frame>& frames) {
  std::string contents;
  for (const Frame& frame : frames) contents += frame->empty() ? '-' : frame->front();
  return contents;
}

constexpr size_t kEnough = 100'000'000;

TEST(SendQueue, TakesClassesInOrderAndFramesByAge) {
  SendQueue queue(kEnough);
  queue.Push(FrameOf(1, 's'), Priority::kSync);
  queue.Push(FrameOf(1, 't'), Priority::kTransactions);
  queue.Push(FrameOf(1, 'r'), Priority::kReply);
  queue.Push(FrameOf(1, 'v'), Priority::kVote);
  queue.Push(FrameOf(1, 'p'), Priority::kProposal);
  queue.Push(FrameOf(1, '1'), Priority::kCertificate);
  queue.Push(FrameOf(1, '2'), Priority::kCertificate);
  EXPECT_EQ(queue.frames(), 7u);
  EXPECT_EQ(queue.bytes(), 7u);
  EXPECT_EQ(Contents(queue.Take(3, kEnough)), "12p");
  EXPECT_EQ(Contents(queue.Take(100, kEnough)), "vrts");
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(SendQueue, GathersUpToTheOctetsAskedForButAlwaysOneFrame) {
  SendQueue queue(kEnough);
  for (const char content : {'a', 'b', 'c'}) queue.Push(FrameOf(100, content), Priority::kVote);
  EXPECT_EQ(Contents(queue.Take(10, 250)), "ab");
  EXPECT_EQ(Contents(queue.Take(10, 5)), "c");
  EXPECT_TRUE(queue.Take(10, 5).empty());
}

TEST(SendQueue, HoldsEmptyFrames) {
  SendQueue queue(kEnough);
  queue.Push(FrameOf(0), Priority::kReply);
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(Contents(queue.Take(10, 10)), "-");
}

TEST(SendQueue, DropsTheOldestOfAClassThatHasTooManyFrames) {
  SendQueue queue(kEnough);
  const size_t most = kClassLimits[static_cast<size_t>(Priority::kCertificate)].frames;
  queue.Push(FrameOf(1, 'o'), Priority::kCertificate);
  for (size_t i = 0; i < most; ++i) queue.Push(FrameOf(1, 'n'), Priority::kCertificate);
  EXPECT_EQ(queue.frames(), most);
  EXPECT_EQ(queue.dropped()[0], 1u);
  EXPECT_EQ(Contents(queue.Take(1, 1)), "n") << "the newest certificates win";
}

TEST(SendQueue, DropsTheOldestOfAClassThatHasTooManyOctets) {
  SendQueue queue(kEnough);
  const auto index = static_cast<size_t>(Priority::kTransactions);
  const size_t half = kClassLimits[index].bytes / 2;
  queue.Push(FrameOf(half, '1'), Priority::kTransactions);
  queue.Push(FrameOf(half, '2'), Priority::kTransactions);
  queue.Push(FrameOf(half, '3'), Priority::kTransactions);
  EXPECT_EQ(queue.dropped()[index], 1u);
  EXPECT_EQ(queue.bytes(), 2 * half);
  EXPECT_EQ(Contents(queue.Take(10, kEnough)), "23");
}

TEST(SendQueue, DropsGossipBeforeAllElse) {
  SendQueue queue(1'000);
  queue.Push(FrameOf(400, 't'), Priority::kTransactions);
  queue.Push(FrameOf(400, 's'), Priority::kSync);
  queue.Push(FrameOf(400, 'c'), Priority::kCertificate);
  EXPECT_EQ(queue.dropped()[static_cast<size_t>(Priority::kTransactions)], 1u);
  queue.Push(FrameOf(400, 'v'), Priority::kVote);
  EXPECT_EQ(queue.dropped()[static_cast<size_t>(Priority::kSync)], 1u);
  EXPECT_EQ(Contents(queue.Take(10, kEnough)), "cv");
}

TEST(SendQueue, DropsGossipThatComesWhenOnlyBetterFramesWait) {
  SendQueue queue(1'000);
  queue.Push(FrameOf(900, 'c'), Priority::kCertificate);
  queue.Push(FrameOf(400, 't'), Priority::kTransactions);
  EXPECT_EQ(queue.dropped()[static_cast<size_t>(Priority::kTransactions)], 1u);
  EXPECT_EQ(Contents(queue.Take(10, kEnough)), "c");
}

TEST(SendQueue, DropsAFrameThatCanNeverFit) {
  SendQueue queue(1'000);
  queue.Push(FrameOf(10, 'v'), Priority::kVote);
  queue.Push(FrameOf(1'001), Priority::kCertificate);
  SendQueue wide(kEnough);
  wide.Push(FrameOf(kFrameBytesMax + 1), Priority::kSync);
  EXPECT_EQ(queue.dropped()[0], 1u);
  EXPECT_EQ(queue.frames(), 1u) << "nothing else makes room for it";
  EXPECT_TRUE(wide.empty());
}

TEST(SendQueue, CarriesTheLargestFrameAsReplyAndSync) {
  for (const Priority priority : {Priority::kReply, Priority::kSync}) {
    SendQueue queue(NetLimits().queue_bytes_max);
    queue.Push(FrameOf(kFrameBytesMax), priority);
    EXPECT_EQ(queue.frames(), 1u);
  }
}

// Whatever is pushed and taken: bounds hold, and every frame is waiting, taken or counted.
TEST(SendQueue, KeepsItsBoundsAndItsBooks) {
  std::mt19937 random(3);
  SendQueue queue(1'000'000);
  uint64_t pushed = 0;
  uint64_t taken = 0;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 8 != 0) {
      queue.Push(FrameOf(random() % 30'000), static_cast<Priority>(random() % kPriorityCount));
      ++pushed;
    } else {
      taken += queue.Take(random() % 8 + 1, random() % 100'000).size();
    }
    ASSERT_LE(queue.bytes(), 1'000'000u);
    const uint64_t dropped =
        std::accumulate(queue.dropped().begin(), queue.dropped().end(), uint64_t{0});
    ASSERT_EQ(pushed, taken + dropped + queue.frames());
  }
  while (!queue.empty()) queue.Take(100, kEnough);
  EXPECT_EQ(queue.bytes(), 0u);
}

}  // namespace
}  // namespace beian
