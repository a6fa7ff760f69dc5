#include "sim/command/apart.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>   // close_range, of Linux and glibc 2.34

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace beian::sim {
namespace {

constexpr int kPipe = STDERR_FILENO + 1;   // in the child

/// What it has printed is seen also when a check ends it.
void OnDeath(int signal) {
  std::fflush(stdout);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void WriteAll(int pipe, const std::string& text) {
  for (size_t written = 0; written < text.size();) {
    const ssize_t count = ::write(pipe, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR) return;   // the parent is gone
    if (count > 0) written += static_cast<size_t>(count);
  }
}

[[noreturn]] void LiveAsChild(int pipe, pid_t parent, const std::function<std::string()>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) std::_Exit(1);
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGABRT, OnDeath);
  // Nothing else of the parent's is held open, a lock on a file least of all.
  if (pipe != kPipe) ::dup2(pipe, kPipe);
  ::close_range(kPipe + 1, ~0U, 0);
  WriteAll(kPipe, work());
  std::fflush(stdout);
  std::_Exit(0);
}

}  // namespace

Apart::Apart(const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe for a process");
  std::fflush(stdout);
  const pid_t parent = ::getpid();
  child_ = ::fork();
  if (child_ == 0) {
    ::close(ends[0]);
    LiveAsChild(ends[1], parent, work);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
  if (child_ < 0) {
    ::close(pipe_);
    throw std::runtime_error("no process");
  }
}

Apart::~Apart() {
  if (child_ < 0) return;
  Kill();
  Wait();
}

Apart::Apart(Apart&& other) noexcept
    : child_(std::exchange(other.child_, -1)),
      pipe_(std::exchange(other.pipe_, -1)),
      text_(std::move(other.text_)) {}

Apart& Apart::operator=(Apart&& other) noexcept {
  std::swap(child_, other.child_);
  std::swap(pipe_, other.pipe_);
  std::swap(text_, other.text_);
  return *this;
}

bool Apart::Read() {
  std::array<char, 4096> buffer;
  const ssize_t count = ::read(pipe_, buffer.data(), buffer.size());
  if (count > 0) text_.append(buffer.data(), static_cast<size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

Apart::End Apart::Wait() {
  while (Read()) continue;
  ::close(std::exchange(pipe_, -1));
  int status = 0;
  while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) continue;
  child_ = -1;
  return {std::move(text_), WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

std::vector<size_t> Apart::Ended(std::vector<Apart>& running, int wait_ms) {
  std::vector<pollfd> watched;
  for (const Apart& one : running) watched.push_back({one.pipe_, POLLIN, 0});
  std::vector<size_t> ended;
  if (::poll(watched.data(), watched.size(), wait_ms) <= 0) return ended;
  for (size_t i = 0; i < watched.size(); ++i) {
    if (watched[i].revents != 0 && !running[i].Read()) ended.push_back(i);
  }
  return ended;
}

void Apart::Kill() {
  if (child_ > 0) ::kill(child_, SIGKILL);   // -1 would be everybody
}

}  // namespace beian::sim
