#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "client/cli/session.h"

namespace beian::client {

/// A bar with rate and time left on standard error, only on a terminal. One thread.
class Progress {
 public:
  /// `total` 0: not known.
  Progress(const Session& session, std::string what, uint64_t total);
  ~Progress();  ///< clears the line
  void Set(uint64_t done);
  void SetTotal(uint64_t total) { total_ = total; }

 private:
  void Draw();
  const bool shown_;
  const std::string what_;
  uint64_t total_;
  uint64_t done_ = 0;
  bool drawn_ = false;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace beian::client
