#pragma once

#include <chrono>
#include <map>
#include <string>

namespace beian {

/// Lets a repeated complaint through once in a while, so that a stranger who knocks all day costs
/// one line of the log and not a disk. Bounded: while it is full, new subjects are not let through.
class NoteLimiter {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::minutes kRepeatAfter{10};
  static constexpr size_t kSubjectsMax = 256;

  bool Allows(const std::string& subject, Clock::time_point now) {
    if (subjects_.size() >= kSubjectsMax) {
      std::erase_if(subjects_, [&](const auto& entry) { return entry.second <= now; });
    }
    const auto found = subjects_.find(subject);
    if (found == subjects_.end() && subjects_.size() >= kSubjectsMax) return false;
    if (found != subjects_.end() && now < found->second) return false;
    subjects_[subject] = now + kRepeatAfter;
    return true;
  }

 private:
  std::map<std::string, Clock::time_point> subjects_;  ///< until when each is held back
};

}  // namespace beian
