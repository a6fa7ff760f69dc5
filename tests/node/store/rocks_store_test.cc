#include "node/store/rocks_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/node/store/store_fixture.h"

namespace beian {
namespace {

using testing::HasSubstr;
using Condition = RocksStore::Condition;

TEST_F(RocksStoreTest, HoldsTheRootWhenItIsNew) {
  const auto opened = RocksStore::Open(path(), chain_.genesis(), std::nullopt);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->condition, Condition::kFresh);
  ExpectHolds(*opened->store, chain_);
}

TEST_F(RocksStoreTest, HoldsWhatWasCommitted) {
  const auto store = Filled();
  ExpectHolds(*store, chain_);
}

TEST_F(RocksStoreTest, NamesTheTableThatIsNotWhatWasWrittenWhileItIsOpen) {
  Filled();  // what it wrote ahead stands in tables once it is opened again
  const auto opened = RocksStore::Open(path(), chain_.genesis(), std::nullopt, 0);
  ASSERT_TRUE(opened);
  EXPECT_FALSE(opened->store->tables_verified());
  EXPECT_EQ(opened->store->VerifyTables(false), std::nullopt);
  size_t tables = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path())) {
    if (entry.path().extension() != ".sst") continue;
    ++tables;
    const Bytes octets = ReadTestFile(entry.path());
    Bytes flipped = octets;
    flipped[octets.size() / 2] = static_cast<char>(flipped[octets.size() / 2] ^ 1);
    WriteTestFile(entry.path(), flipped);
    const auto finding = opened->store->VerifyTables(false);
    ASSERT_TRUE(finding.has_value()) << entry.path();
    EXPECT_NE(finding->find(entry.path().filename()), std::string::npos) << *finding;
    EXPECT_EQ(opened->store->VerifyTables(true), std::nullopt) << "it was told to stop";
    WriteTestFile(entry.path(), octets);
  }
  EXPECT_GT(tables, 3U);
  EXPECT_EQ(opened->store->VerifyTables(false), std::nullopt);
}

TEST_F(RocksStoreTest, HoldsItAfterEveryReopening) {
  auto store = Filled();
  for (int round = 0; round < 3; ++round) {
    store.reset();
    const auto opened = RocksStore::Open(path(), chain_.genesis(), std::nullopt);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->condition, Condition::kIntact) << opened->finding;
    EXPECT_TRUE(opened->store->tables_verified());
    ExpectHolds(*opened->store, chain_);
  }
}

/// Names and octets of every file, and when each was written.
std::map<std::string, std::pair<Bytes, std::filesystem::file_time_type>> FilesOf(
    const std::string& folder) {
  std::map<std::string, std::pair<Bytes, std::filesystem::file_time_type>> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files[entry.path().filename()] = {ReadTestFile(entry.path()), entry.last_write_time()};
  }
  return files;
}

TEST_F(RocksStoreTest, ChangesNoFileWhenItIsOnlyRead) {
  auto running = Filled();
  const std::string copy = directory_ / "evidence";
  CopyDirectory(path(), copy);  // what was written last stands ahead of the tables
  const auto before = FilesOf(copy);
  for (int round = 0; round < 2; ++round) {
    const auto opened = RocksStore::OpenToRead(copy, chain_.genesis());
    ASSERT_TRUE(opened) << opened.error();
    ASSERT_NE(opened->store, nullptr) << opened->finding;
    ExpectHolds(*opened->store, chain_);
  }
  EXPECT_EQ(FilesOf(copy), before);
  const auto taken = RocksStore::OpenToRead(path(), chain_.genesis());
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error(), HasSubstr("open in another process"));
  EXPECT_FALSE(RocksStore::OpenToRead(directory_ / "none", chain_.genesis()));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "none"));
}

TEST_F(RocksStoreTest, HoldsAfterAKillWhatItHadAcknowledged) {
  auto store = OpenStore(path(), chain_.genesis());
  chain_.AddLifecycles();
  const std::vector<CommitBlock> blocks = chain_.blocks();
  for (size_t i = 0; i < blocks.size(); ++i) {
    ASSERT_TRUE(store->Commit(blocks[i]));
    CopyDirectory(path(), directory_ / "killed");
    const AppliedBlock applied{blocks[i].block->header.height, blocks[i].block->id};
    const auto opened = RocksStore::Open(directory_ / "killed", chain_.genesis(), applied);
    ASSERT_TRUE(opened) << opened.error();
    ASSERT_NE(opened->store, nullptr) << opened->finding;
    EXPECT_EQ(opened->store->Tip(), blocks[i].block->header);
  }
}

TEST_F(RocksStoreTest, IgnoresAHeightThatItHas) {
  const auto store = Filled();
  const CommitBlock again = chain_.blocks()[2];
  EXPECT_TRUE(store->Commit(again));
  ExpectHolds(*store, chain_);
}

TEST_F(RocksStoreTest, RefusesABlockThatDoesNotContinueItsTip) {
  auto store = OpenStore(path(), chain_.genesis());
  chain_.AddLifecycles();
  const auto gap = store->Commit(chain_.blocks()[1]);
  ASSERT_FALSE(gap);
  EXPECT_THAT(gap.error(), HasSubstr("does not continue"));
  StoreChain other;
  other.Add({other.Submit(77)});
  ASSERT_TRUE(store->Commit(other.blocks()[0]));
  EXPECT_FALSE(store->Commit(chain_.blocks()[1]));
}

TEST_F(RocksStoreTest, WritesNothingMoreOnceACommitHasFailed) {
  OpenStore(path(), chain_.genesis()).reset();
  const auto opened = RocksStore::OpenToRead(path(), chain_.genesis());
  ASSERT_TRUE(opened && opened->store != nullptr);
  EXPECT_FALSE(opened->store->Commit(chain_.Add({chain_.Submit(1)})));
  const auto saved = opened->store->SaveVoted();
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error(), HasSubstr("has failed before"));
}

TEST_F(RocksStoreTest, RefusesAnExecutionThatItsHeaderDoesNotName) {
  auto store = OpenStore(path(), chain_.genesis());
  chain_.Add({chain_.Submit(1)});
  StoreChain other;
  CommitBlock mixed = chain_.blocks()[0];
  mixed.execution = other.Add({other.Submit(2)}).execution;
  EXPECT_FALSE(store->Commit(mixed));
  EXPECT_EQ(store->Tip().height, Height(0));
}

TEST_F(RocksStoreTest, IsRefusedToAnotherChain) {
  Filled().reset();
  Genesis other = MakeGenesis(7).genesis;
  const auto opened = RocksStore::Open(path(), other, std::nullopt);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr(other.chain_id.hex()));
  EXPECT_THAT(opened.error(), HasSubstr(chain_.genesis().chain_id.hex()));
}

TEST_F(RocksStoreTest, IsRefusedToASecondOwner) {
  const auto store = Filled();
  const auto second = RocksStore::Open(path(), chain_.genesis(), std::nullopt);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("another process"));
}

TEST_F(RocksStoreTest, IsDamagedWhenTheHeadKnowsMore) {
  Filled().reset();
  StoreChain longer;
  longer.AddLifecycles();
  const Header tip = chain_.tip();
  const auto condition = [&](const AppliedBlock& applied) {
    return RocksStore::Open(path(), chain_.genesis(), applied)->condition;
  };
  EXPECT_EQ(condition({tip.height, tip.id()}), Condition::kIntact);
  EXPECT_EQ(condition({Height(3), chain_.blocks()[2].block->id}), Condition::kIntact);
  EXPECT_EQ(condition({Height(0), BlockId{}}), Condition::kIntact);
  EXPECT_EQ(condition({tip.height.Next(), tip.id()}), Condition::kDamaged);
  EXPECT_EQ(condition({Height(3), chain_.blocks()[3].block->id}), Condition::kDamaged);
}

TEST_F(RocksStoreTest, IsDamagedWhenItIsGoneButWasThere) {
  const auto opened = RocksStore::Open(path(), chain_.genesis(), AppliedBlock{Height(3), {}});
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->condition, Condition::kDamaged);
  EXPECT_THAT(opened->finding, HasSubstr("height 3"));
}

TEST_F(RocksStoreTest, BeginsAnewAfterItWasSetAside) {
  Filled().reset();
  ASSERT_TRUE(RocksStore::SetAside(path()));
  const auto opened = RocksStore::Open(path(), chain_.genesis(), std::nullopt);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->condition, Condition::kFresh);
  CommitAll(*opened->store, chain_);
  ExpectHolds(*opened->store, chain_);
}

}  // namespace
}  // namespace beian
