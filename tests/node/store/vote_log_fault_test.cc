// Fails the system calls of the vote log one by one. The linker puts the functions below in place
// of the calls (see CMakeLists.txt), so that the production code has no seam for it.

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <algorithm>

#include "node/store/vote_log.h"
#include "tests/node/store/log_fixture.h"

namespace {

/// Counts down with each call; the one that finds zero fails, and all after it if `for_good`.
struct Fault {
  bool armed = false;
  bool for_good = false;
  int calls_left = 0;
  bool happened = false;
};
Fault fault;

bool FailsNow() {
  if (!fault.armed) return false;
  if (fault.happened && fault.for_good) return true;
  if (fault.calls_left-- != 0) return false;
  fault.happened = true;
  return true;
}

}  // namespace

extern "C" {
ssize_t __real_pwrite(int descriptor, const void* octets, size_t count, off_t offset);
int __real_fdatasync(int descriptor);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);
int __real_posix_fallocate(int descriptor, off_t offset, off_t length);
ssize_t __wrap_pwrite(int descriptor, const void* octets, size_t count, off_t offset);
int __wrap_fdatasync(int descriptor);
int __wrap_rename(const char* from, const char* to);
int __wrap_unlink(const char* path);
int __wrap_posix_fallocate(int descriptor, off_t offset, off_t length);

/// Leaves half of the octets behind, as a full disk does.
ssize_t __wrap_pwrite(int descriptor, const void* octets, size_t count, off_t offset) {
  if (!FailsNow()) return __real_pwrite(descriptor, octets, count, offset);
  (void)__real_pwrite(descriptor, octets, count / 2, offset);
  errno = ENOSPC;
  return -1;
}
int __wrap_fdatasync(int descriptor) {
  if (!FailsNow()) return __real_fdatasync(descriptor);
  errno = EIO;
  return -1;
}
int __wrap_rename(const char* from, const char* to) {
  if (!FailsNow()) return __real_rename(from, to);
  errno = EIO;
  return -1;
}
int __wrap_unlink(const char* path) {
  if (!FailsNow()) return __real_unlink(path);
  errno = EIO;
  return -1;
}
int __wrap_posix_fallocate(int descriptor, off_t offset, off_t length) {
  if (!FailsNow()) return __real_posix_fallocate(descriptor, offset, length);
  return ENOSPC;
}
}

namespace beian {
namespace {

/// What happened to a log under a fault.
struct Outcome {
  bool created = false;
  bool failed = false;
  bool faulty = false;                  ///< a call failed before the log was closed
  std::vector<LogRecord> acknowledged;  ///< synced, as the log said
};

Outcome WriteUntilFault(const std::string& path) {
  Outcome outcome;
  auto log = VoteLog::Create(path, TestIdentity(), EpochStart(), kSmallSegments);
  outcome.created = log.has_value();
  if (!log) return outcome;
  outcome.acknowledged.push_back(EpochStart());
  for (uint64_t view = 1; view <= 120 && !outcome.failed; ++view) {
    outcome.failed = !(*log)->Append(OwnVote(view)) || !(*log)->Sync();
    if (!outcome.failed) outcome.acknowledged.push_back(OwnVote(view));
    if (view == 110 && !outcome.failed) outcome.failed = !(*log)->Prune(Epoch(3), View(50));
  }
  outcome.faulty = fault.happened;
  if (!outcome.failed) return outcome;
  EXPECT_FALSE((*log)->Append(OwnVote(200)));
  EXPECT_FALSE((*log)->Sync());
  EXPECT_FALSE((*log)->Prune(Epoch(3), View(1)));
  return outcome;
}

class VoteLogFault : public testing::TestWithParam<bool> {
 protected:
  void TearDown() override { fault = {}; }
  static void Arm(int calls) {
    fault = {.armed = true, .for_good = GetParam(), .calls_left = calls, .happened = false};
  }
};

TEST_P(VoteLogFault, OfAnyOneCallStopsTheLogAndLosesNothingAcknowledged) {
  int call = 0;
  for (bool happened = true; happened; ++call) {
    TempDirectory directory;
    const std::string path = directory / "log";
    Arm(call);
    const Outcome outcome = WriteUntilFault(path);
    happened = fault.happened;
    fault = {};
    if (!outcome.created) continue;
    EXPECT_EQ(outcome.failed, outcome.faulty) << call;
    const auto opened = VoteLog::Open(path, TestIdentity(), kSmallSegments);
    ASSERT_TRUE(opened) << opened.error();
    ASSERT_FALSE(opened->recovered.finding) << call << opened->recovered.finding->detail;
    const auto found = Encoded(opened->recovered.records);
    // Views below 50 may have been pruned; the record of the failed sync may or may not be there.
    const auto all = Encoded(outcome.acknowledged);
    for (size_t i = outcome.acknowledged.size() > 50 ? 50 : 0; i < all.size(); ++i) {
      EXPECT_NE(std::ranges::find(found, all[i]), found.end())
          << "call " << call << " record " << i;
    }
  }
  EXPECT_GT(call, 250);
}

TEST_P(VoteLogFault, OfAnyOneCallWhileOpeningLosesNothing) {
  LogFixture fixture;
  fixture.Create();
  for (uint64_t view = 1; view <= 60; ++view) fixture.Write({OwnVote(view)});
  fixture.Close();
  WriteTestFile(fixture.segment(500) + ".new", "left behind");
  for (int call = 0;; ++call) {
    Arm(call);
    auto opened = VoteLog::Open(fixture.path(), TestIdentity(), kSmallSegments);
    const bool happened = fault.happened;
    fault = {};
    EXPECT_EQ(opened.has_value(), !happened) << call;
    if (!happened) break;
    const auto again = fixture.Open();
    ASSERT_FALSE(again.recovered.finding) << call << again.recovered.finding->detail;
    EXPECT_EQ(Encoded(again.recovered.records), Encoded(fixture.written())) << call;
    WriteTestFile(fixture.segment(500) + ".new", "left behind");
  }
}

TEST_P(VoteLogFault, OfAnyOneCallWhileSettingAsideLeavesNoLogThatCouldVote) {
  for (int call = 0;; ++call) {
    LogFixture fixture;
    fixture.Create();
    for (uint64_t view = 1; view <= 60; ++view) fixture.Write({OwnVote(view)});
    fixture.Close();
    Arm(call);
    const bool moved = VoteLog::SetAside(fixture.path()).has_value();
    const bool happened = fault.happened;
    fault = {};
    EXPECT_EQ(moved, !happened) << call;
    // Only the very first rename may leave the log as it was.
    if (call > 0 || moved) {
      EXPECT_TRUE(fixture.Open().recovered.finding) << call;
    }
    if (!happened) break;
  }
}

INSTANTIATE_TEST_SUITE_P(OnceOrForGood, VoteLogFault, testing::Bool(), [](const auto& parameter) {
  return parameter.param ? "ForGood" : "Once";
});

}  // namespace
}  // namespace beian
