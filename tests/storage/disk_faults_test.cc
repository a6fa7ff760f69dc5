#include "tests/support/disk_faults.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/store/file.h"
#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

class DiskFaults : public testing::Test {
 protected:
  void TearDown() override { DisarmDiskFault(); }
  void Arm(uint64_t call, unsigned kinds, DiskFault fault = DiskFault::kOnce) {
    ArmDiskFault({directory_.path(), call, fault, kinds}, seen_);
  }
  static unsigned Only(DiskCall call) { return 1u << static_cast<unsigned>(call); }
  /// One that holds "synced", synced.
  File Begin() {
    auto file = File::Open(path_, O_RDWR | O_CREAT);
    EXPECT_TRUE(file && file->WriteAt("synced", 0) && file->Sync());
    return *std::move(file);
  }

  TempDirectory directory_;
  const std::string path_ = directory_ / "file";
  DiskFaultSeen seen_;
};

TEST_F(DiskFaults, LeaveHalfOfAWriteBehind) {
  Arm(1, Only(DiskCall::kWrite));
  File file = Begin();
  EXPECT_FALSE(file.WriteAt("abcd", 6));
  EXPECT_EQ(ReadTestFile(path_), "syncedab");
  EXPECT_TRUE(file.WriteAt("abcd", 6)) << "once";
  EXPECT_EQ(seen_.call, DiskCall::kWrite);
}

TEST_F(DiskFaults, OfASyncTakeWhatWasNotSynced) {
  Arm(1, Only(DiskCall::kSync), DiskFault::kForGood);
  File file = Begin();
  ASSERT_TRUE(file.WriteAt("unsynced", 3));
  EXPECT_FALSE(file.Sync());
  EXPECT_EQ(ReadTestFile(path_), "synced");
  EXPECT_FALSE(file.Sync()) << "for good";
}

TEST_F(DiskFaults, CutThePowerOfEveryFile) {
  const pid_t child = ::fork();
  if (child == 0) {
    Arm(2, kChangingCalls, DiskFault::kPowerCut);
    File file = Begin();
    (void)file.WriteAt("unsynced", 3);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), kPowerCutExit);
  EXPECT_EQ(ReadTestFile(path_), "synced");
}

TEST_F(DiskFaults, LeaveOtherDirectoriesAlone) {
  TempDirectory other;
  Arm(0, ~0u, DiskFault::kForGood);
  EXPECT_TRUE(File::Open(other / "file", O_RDWR | O_CREAT));
  EXPECT_FALSE(File::Open(path_, O_RDWR | O_CREAT));
}

}  // namespace
}  // namespace beian
