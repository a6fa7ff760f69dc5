#include "sim/command/apart.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace beian::sim {
namespace {

std::string SleepForEver() {
  while (true) ::pause();
}

TEST(Apart, HandsOverWhatTheWorkSays) {
  const std::string large(300'000, 'x');   // more than a pipe holds
  const Apart::End end = Apart([&] { return large; }).Wait();
  EXPECT_EQ(end.text, large);
  EXPECT_EQ(end.signal, 0);
}

TEST(Apart, SurvivesTheDeathOfTheWork) {
  const Apart::End end = Apart([]() -> std::string { std::abort(); }).Wait();
  EXPECT_EQ(end.text, "");
  EXPECT_EQ(end.signal, SIGABRT);
}

TEST(Apart, NamesThoseThatHaveEnded) {
  std::vector<Apart> running;
  running.emplace_back(SleepForEver);
  running.emplace_back([] { return std::string("done"); });
  std::vector<size_t> ended;
  while (ended.empty()) ended = Apart::Ended(running, 1'000);
  ASSERT_EQ(ended, std::vector<size_t>{1});
  EXPECT_EQ(running[1].Wait().text, "done");
  running.erase(running.begin() + 1);
  EXPECT_TRUE(Apart::Ended(running, 1).empty());
  running.front().Kill();
  EXPECT_EQ(running.front().Wait().signal, SIGKILL);
}

TEST(Apart, EndsItsWorkWhenItIsNoLongerWanted) {
  const std::string path = "/tmp/apart-" + std::to_string(::getpid());
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
  const auto locked = [&] {
    const bool free = ::flock(file, LOCK_EX | LOCK_NB) == 0;
    if (free) ::flock(file, LOCK_UN);
    return !free;
  };
  {
    const Apart abandoned([&] {
      ::flock(::open(path.c_str(), O_RDWR), LOCK_EX);   // which only its end takes from it
      return SleepForEver();
    });
    while (!locked()) ::usleep(1'000);
  }
  EXPECT_FALSE(locked());
  ::close(file);
  ::unlink(path.c_str());
}

TEST(Apart, HoldsNothingOpenOfItsParent) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const Apart running(SleepForEver);
  // It may not have come to close it yet: the read waits for that.
  ::close(ends[1]);
  char octet = 0;
  EXPECT_EQ(::read(ends[0], &octet, 1), 0);
  ::close(ends[0]);
}

TEST(Apart, DoesNotHearWhatTheTerminalSays) {
  const Apart::End end = Apart([] {
                           ::raise(SIGINT);
                           return std::string("still here");
                         }).Wait();
  EXPECT_EQ(end.text, "still here");
}

}  // namespace
}  // namespace beian::sim
