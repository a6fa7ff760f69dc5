#include "node/net/send_queue.h"

#include <algorithm>
#include <utility>

namespace beian {
namespace {

/// The first class to lose frames when the whole queue is full stands first.
constexpr std::array<Priority, kPriorityCount> kDropOrder = {
    Priority::kTransactions, Priority::kSync,     Priority::kReply,
    Priority::kVote,         Priority::kProposal, Priority::kCertificate};

}  // namespace

std::string_view PriorityName(Priority priority) {
  switch (priority) {
    case Priority::kCertificate:
      return "certificate";
    case Priority::kProposal:
      return "proposal";
    case Priority::kVote:
      return "vote";
    case Priority::kReply:
      return "reply";
    case Priority::kTransactions:
      return "transactions";
    case Priority::kSync:
      return "sync";
  }
  CHECK(!"a priority without a name");
  return {};
}

Frame SendQueue::PopFront(size_t index) {
  Class& from = classes_[index];
  Frame frame = std::move(from.frames.front());
  from.frames.pop_front();
  from.bytes -= frame->size();
  bytes_ -= frame->size();
  --frames_;
  return frame;
}

void SendQueue::DropOldest(size_t index) {
  PopFront(index);
  ++dropped_[index];
}

void SendQueue::Push(Frame frame, Priority priority) {
  const auto index = static_cast<size_t>(priority);
  const ClassLimit& limit = kClassLimits[index];
  Class& to = classes_[index];
  const size_t size = frame->size();
  if (size > limit.bytes || size > bytes_max_) {
    ++dropped_[index];
    return;
  }
  while (to.frames.size() >= limit.frames || to.bytes + size > limit.bytes) DropOldest(index);
  to.frames.push_back(std::move(frame));
  to.bytes += size;
  bytes_ += size;
  ++frames_;
  for (const Priority candidate : kDropOrder) {
    const auto other = static_cast<size_t>(candidate);
    while (bytes_ > bytes_max_ && !classes_[other].frames.empty()) DropOldest(other);
  }
}

std::vector<Frame> SendQueue::Take(size_t frames_max, size_t bytes_max) {
  std::vector<Frame> taken;
  size_t bytes = 0;
  for (size_t index = 0; index < kPriorityCount; ++index) {
    std::deque<Frame>& frames = classes_[index].frames;
    while (!frames.empty() && taken.size() < frames_max) {
      const size_t size = frames.front()->size();
      if (!taken.empty() && bytes + size > bytes_max) return taken;
      bytes += size;
      taken.push_back(PopFront(index));
    }
  }
  return taken;
}

}  // namespace beian
