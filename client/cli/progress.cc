#include "client/cli/progress.h"

#include <fmt/format.h>

#include <cstdio>

namespace beian::client {
namespace {

constexpr std::chrono::milliseconds kRedrawEvery{100};
constexpr uint64_t kBarWidth = 24;

}  // namespace

Progress::Progress(const Session& session, std::string what, uint64_t total)
    : shown_(session.shows_progress()), what_(std::move(what)), total_(total) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void Progress::Set(uint64_t done) {
  done_ = done;
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || now - last_ < kRedrawEvery) return;
  last_ = now;
  Draw();
}

void Progress::Draw() {
  const double seconds = std::chrono::duration<double>(last_ - start_).count();
  const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  std::string line = fmt::format("{} {}", what_, done_);
  if (total_ > 0) {
    const uint64_t full = std::min(done_, total_) * kBarWidth / total_;
    line = fmt::format("{} [{}{}] {}/{}", what_, std::string(full, '#'),
                       std::string(kBarWidth - full, '.'), done_, total_);
  }
  line += fmt::format("  {:.0f}/s", rate);
  if (total_ > done_ && rate > 0) {
    line += fmt::format("  ETA {:.0f} s", static_cast<double>(total_ - done_) / rate);
  }
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace beian::client
