#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "node/net/peer_network.h"

namespace beian {

/// Most that one class of one peer may hold; what exceeds it pushes out the oldest of the class.
struct ClassLimit {
  size_t frames;
  size_t bytes;
};
inline constexpr std::array<ClassLimit, kPriorityCount> kClassLimits = {{
    {1'024, 4'000'000},      // certificates: 2.4 kB at most, some for each view
    {1'024, 4'000'000},      // proposals: 150 kB at most
    {4'096, 2'000'000},      // votes: about 120 octets
    {1'024, kFrameBytesMax}, // replies: a body has 1 MB
    {256, 4'000'000},        // gossip
    {8, kFrameBytesMax},     // ranges of blocks, 4 MB each
}};

/// Frames that wait for one peer. One owner; no thread of its own.
class SendQueue {
 public:
  explicit SendQueue(size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Makes room first: within the class its oldest frames go, in the whole queue those of gossip,
  /// then sync, replies, votes, proposals, certificates. A frame that can never fit is itself
  /// dropped. Every frame dropped is counted under its class.
  void Push(Frame frame, Priority priority);
  /// Takes frames by class and age until `bytes_max` octets or `frames_max` frames are taken; the
  /// first one whatever its size.
  std::vector<Frame> Take(size_t frames_max, size_t bytes_max);

  bool empty() const { return frames_ == 0; }
  size_t frames() const { return frames_; }
  size_t bytes() const { return bytes_; }
  const std::array<uint64_t, kPriorityCount>& dropped() const { return dropped_; }

 private:
  struct Class {
    std::deque<Frame> frames;
    size_t bytes = 0;
  };
  void DropOldest(size_t index);
  Frame PopFront(size_t index);

  size_t bytes_max_;
  size_t frames_ = 0;
  size_t bytes_ = 0;
  std::array<Class, kPriorityCount> classes_;
  std::array<uint64_t, kPriorityCount> dropped_{};
};

}  // namespace beian
