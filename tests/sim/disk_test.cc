#include "sim/disk.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

LogRecord VoteIn(uint64_t view) { return VoteRecord{{Nullify(view), ValidatorIndex(0), {}}}; }
size_t Records(const VoteDisk& disk) {
  return disk.Load(FourValidators().genesis.chain_id, 4).size();
}

TEST(VoteDisk, ACrashKeepsWhatIsSyncedAndABeginningOfTheRest) {
  std::set<size_t> left;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    VoteDisk disk;
    disk.Append(VoteIn(1));
    disk.Append(VoteIn(2));
    disk.Sync();
    disk.Append(VoteIn(3));
    disk.Append(VoteIn(4));
    Random random(seed);
    const size_t kept = disk.Crash(random);
    ASSERT_EQ(Records(disk), 2 + kept);
    left.insert(kept);
  }
  EXPECT_EQ(left, (std::set<size_t>{0, 1, 2}));
}

TEST(VoteDisk, PrunesSyncedRecordsOfOldViewsOnly) {
  VoteDisk disk;
  disk.Append(EpochRecord{});
  disk.Append(VoteIn(1));
  disk.Append(VoteIn(5));
  disk.Sync();
  disk.Append(VoteIn(2));
  disk.Prune(View(5));
  EXPECT_EQ(Records(disk), 3u) << "the epoch, view 5, and view 2 that is not yet synced";
  Random random(1);
  disk.Crash(random);
  EXPECT_GE(Records(disk), 2u);
}

TEST(VoteDisk, LosesEverythingWhenItIsReplaced) {
  VoteDisk disk;
  disk.Append(VoteIn(1));
  disk.Sync();
  disk.Lose();
  EXPECT_EQ(Records(disk), 0u);
}

TEST(VoteDisk, TheCanaryKeepsNothingThatItPretendsToSync) {
  VoteDisk disk(Canary::kSyncLies);
  disk.Append(EpochRecord{});
  disk.Sync();
  disk.Append(VoteIn(1));
  disk.Sync();
  Random random(1);
  disk.Crash(random);
  EXPECT_EQ(Records(disk), 1u);
}

}  // namespace
}  // namespace beian::sim
