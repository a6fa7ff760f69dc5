// Fails the system calls of the vote log that change something, one by one.

#include <gtest/gtest.h>

#include <algorithm>

#include "node/store/vote_log.h"
#include "tests/node/store/log_fixture.h"
#include "tests/support/disk_faults.h"

namespace beian {
namespace {

/// What happened to a log under a fault.
struct Outcome {
  bool created = false;
  bool failed = false;
  bool faulty = false;                  ///< a call failed before the log was closed
  std::vector<LogRecord> acknowledged;  ///< synced, as the log said
};

Outcome WriteUntilFault(const std::string& path, const DiskFaultSeen& fault) {
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
  void TearDown() override { DisarmDiskFault(); }
  void Arm(const std::string& directory, int call) {
    const auto fault = GetParam() ? DiskFault::kForGood : DiskFault::kOnce;
    ArmDiskFault({directory, static_cast<uint64_t>(call), fault, kChangingCalls}, seen_);
  }
  /// Whether the call was reached.
  bool Disarm() {
    DisarmDiskFault();
    return seen_.happened;
  }

  DiskFaultSeen seen_;
};

TEST_P(VoteLogFault, OfAnyOneCallStopsTheLogAndLosesNothingAcknowledged) {
  int call = 0;
  for (bool happened = true; happened; ++call) {
    TempDirectory directory;
    const std::string path = directory / "log";
    Arm(path, call);
    const Outcome outcome = WriteUntilFault(path, seen_);
    happened = Disarm();
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
    Arm(fixture.path(), call);
    auto opened = VoteLog::Open(fixture.path(), TestIdentity(), kSmallSegments);
    const bool happened = Disarm();
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
    Arm(fixture.path(), call);
    const bool moved = VoteLog::SetAside(fixture.path()).has_value();
    const bool happened = Disarm();
    EXPECT_EQ(moved, !happened) << call;
    // Only before the very first rename does the log stay as it was.
    if (call > 1 || moved) {
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
