#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace beian::sim {

/// Work in a process of its own, a copy of this one, so that what ends it ends nothing else. It
/// dies with its parent, and does not hear what a terminal says to both. One thread.
class Apart {
 public:
  /// `work` returns what it has to say, in the child.
  explicit Apart(const std::function<std::string()>& work);
  ~Apart();   ///< kills it if it still runs
  Apart(Apart&& other) noexcept;
  Apart& operator=(Apart&& other) noexcept;

  struct End {
    std::string text;   ///< all that it said
    int signal = 0;     ///< that ended it; 0: it came to its end
  };
  End Wait();
  /// Those of `running` that have ended, by their places; waits up to `wait_ms` for the first one,
  /// or for a signal to this process.
  static std::vector<size_t> Ended(std::vector<Apart>& running, int wait_ms);
  void Kill();          ///< and Wait says so

 private:
  bool Read();          ///< what is there; false when nothing will follow

  pid_t child_ = -1;
  int pipe_ = -1;
  std::string text_;
};

}  // namespace beian::sim
