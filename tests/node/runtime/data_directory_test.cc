#include "node/runtime/data_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/node/store/store_chain.h"
#include "tests/node/store/temp_directory.h"

namespace beian {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr ValidatorIndex kSelf(1);

class DataDirectoryTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto made = InitialiseDataDirectory(path(), chain_.genesis(), kSelf);
    ASSERT_TRUE(made) << made.error();
  }
  DataDirectory Open() {
    auto opened = OpenDataDirectory(path(), chain_.genesis(), kSelf, checked_bytes_max_);
    EXPECT_TRUE(opened) << opened.error();
    return opened ? *std::move(opened) : DataDirectory{};
  }
  /// Commits blocks `first` to `last` as the node does.
  void Commit(DataDirectory& data, size_t first, size_t last) {
    for (size_t height = first; height <= last; ++height) {
      const CommitBlock& commit = chain_.blocks().at(height - 1);
      ASSERT_TRUE(data.store->Commit(commit));
      data.log->SetApplied(commit.block->header.height, commit.block->id);
      ASSERT_TRUE(data.log->Append(CertificateRecord{commit.proof.finalization}));
      ASSERT_TRUE(data.log->Sync());
    }
  }
  /// Votes in a view, synced, and then commits a block, as the node does.
  void VoteAndCommit(DataDirectory& data, uint64_t view, size_t height,
                     ValidatorIndex self = kSelf) {
    Vote vote;
    vote.statement.view = View(view);
    vote.signer = self;
    ASSERT_TRUE(data.log->Append(VoteRecord{vote}));
    ASSERT_TRUE(data.log->Sync());
    data.store->NoteVoted({self, data.log->voted()});
    ASSERT_TRUE(data.store->Commit(chain_.blocks().at(height - 1)));
  }
  static bool IsMute(const std::vector<LogRecord>& records) {
    return std::holds_alternative<EpochRecord>(records.at(0)) && records.size() > 1 &&
           std::holds_alternative<ReentryRecord>(records.at(1));
  }
  std::string path() const { return directory_ / "data"; }

  TempDirectory directory_;
  StoreChain chain_;
  uint64_t checked_bytes_max_ = RocksStore::kCheckedBytesMax;
};

TEST_F(DataDirectoryTest, BeginsWithALogThatMayVote) {
  const DataDirectory data = Open();
  EXPECT_THAT(data.findings, IsEmpty());
  ASSERT_THAT(data.records, SizeIs(1));
  const auto& epoch = std::get<EpochRecord>(data.records[0]);
  EXPECT_EQ(epoch.set, chain_.genesis().validators.hash());
  EXPECT_EQ(epoch.root, RootHeader(chain_.genesis()).id());
  EXPECT_EQ(data.store->Tip(), RootHeader(chain_.genesis()));
}

TEST_F(DataDirectoryTest, IsNotOpenedWhereTheDiskHasNoRoomForAStart) {
  const std::string full = "/proc/self";  // a file system that never has room
  const auto opened = OpenDataDirectory(full, chain_.genesis(), kSelf, checked_bytes_max_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr(full + " has room for 0 more octets"));
}

TEST_F(DataDirectoryTest, IsInitialisedOnce) {
  EXPECT_FALSE(InitialiseDataDirectory(path(), chain_.genesis(), kSelf));
  std::filesystem::remove_all(path() + "/votes");
  EXPECT_FALSE(InitialiseDataDirectory(path(), chain_.genesis(), kSelf));
}

TEST_F(DataDirectoryTest, StaysMuteAfterItsLogWasLost) {
  std::filesystem::remove_all(path() + "/votes");
  {
    const DataDirectory data = Open();
    EXPECT_THAT(data.findings, ElementsAre(HasSubstr("votelog.missing")));
    EXPECT_TRUE(IsMute(data.records));
  }
  const DataDirectory again = Open();
  EXPECT_THAT(again.findings, IsEmpty());
  EXPECT_TRUE(IsMute(again.records));
}

TEST_F(DataDirectoryTest, SaysWhatItHadSetAsideWhenTheStartFailsAfterwards) {
  const std::string store = path() + "/store";
  std::filesystem::remove_all(path() + "/votes");
  std::filesystem::remove_all(store);
  ASSERT_TRUE(RocksStore::Open(store, MakeGenesis(7).genesis, std::nullopt));
  const auto opened = OpenDataDirectory(path(), chain_.genesis(), kSelf, checked_bytes_max_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(),
              AllOf(HasSubstr("votelog.missing"), HasSubstr("the store holds chain")));
}

TEST_F(DataDirectoryTest, StaysMuteWhenTheReplacementOfItsLogWasCutShort) {
  WriteTestFile(path() + "/reentry", "");
  EXPECT_TRUE(IsMute(Open().records));
  EXPECT_FALSE(std::filesystem::exists(path() + "/reentry"));
  EXPECT_TRUE(IsMute(Open().records));
}

TEST_F(DataDirectoryTest, StaysMuteAfterItsLogWasDamaged) {
  const std::string segment = path() + "/votes/votes-00000000000000000000.log";
  Bytes octets = ReadTestFile(segment);
  octets[530] = static_cast<char>(octets[530] ^ 1);
  WriteTestFile(segment, octets);
  const DataDirectory data = Open();
  EXPECT_THAT(data.findings, ElementsAre(HasSubstr("votelog.bad_record")));
  EXPECT_TRUE(IsMute(data.records));
}

TEST_F(DataDirectoryTest, StaysMuteWhenSomethingElseStandsInThePlaceOfItsLog) {
  const std::string votes = path() + "/votes";
  const std::string segment = votes + "/votes-00000000000000000000.log";
  const struct {
    std::string place;
    bool file;
    std::string finding;
  } kCases[] = {
      {votes, true, "votelog.missing: " + votes + ": it is a file, not a directory"},
      {votes + "/head", false,
       "votelog.head_missing: " + votes + "/head: it is a directory, not a file"},
      {segment, false, "votelog.bad_record: " + segment + ": it is a directory, not a file"},
  };
  for (const auto& [place, file, finding] : kCases) {
    std::filesystem::remove_all(place);
    if (file) {
      WriteTestFile(place, "not a log");
    } else {
      std::filesystem::create_directory(place);
    }
    {
      const DataDirectory data = Open();
      EXPECT_THAT(data.findings, ElementsAre(HasSubstr(finding)));
      EXPECT_TRUE(IsMute(data.records));
    }
    EXPECT_THAT(Open().findings, IsEmpty()) << "after " << finding;
  }
}

TEST_F(DataDirectoryTest, FillsAgainAStoreInWhosePlaceAFileStands) {
  chain_.AddLifecycles();
  {
    DataDirectory data = Open();
    Commit(data, 1, 3);
  }
  const std::string store = path() + "/store";
  std::filesystem::remove_all(store);
  WriteTestFile(store, "not a store");
  {
    DataDirectory data = Open();
    EXPECT_THAT(data.findings,
                ElementsAre(HasSubstr("store.damaged: " + store + ": it is a file")));
    Commit(data, 1, 2);
  }
  EXPECT_THAT(Open().findings, IsEmpty());
  std::string kept;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path())) {
    if (entry.path().filename() == "store" && entry.is_regular_file()) {
      kept = ReadTestFile(entry.path().string());
    }
  }
  EXPECT_EQ(kept, "not a store") << "nothing is thrown away";
}

TEST_F(DataDirectoryTest, IsLeftAsItIsWhenItBelongsToAnotherValidator) {
  const auto opened =
      OpenDataDirectory(path(), chain_.genesis(), ValidatorIndex(2), checked_bytes_max_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("data_dir"));
  EXPECT_FALSE(IsMute(Open().records));
}

TEST_F(DataDirectoryTest, StaysMuteWhenAnOlderCopyOfItsLogWasPutBack) {
  chain_.AddLifecycles();
  const std::string votes = path() + "/votes";
  {
    DataDirectory data = Open();
    VoteAndCommit(data, 7, 1);
  }
  CopyDirectory(votes, directory_ / "old");
  {
    DataDirectory data = Open();
    EXPECT_THAT(data.findings, IsEmpty()) << "a log is as old as the store knows";
    VoteAndCommit(data, 8, 2);
  }
  CopyDirectory(directory_ / "old", votes);
  {
    const DataDirectory data = Open();
    EXPECT_THAT(data.findings, ElementsAre(AllOf(HasSubstr("votelog.rolled_back"),
                                                 HasSubstr("epoch 0 view 7"),
                                                 HasSubstr("epoch 0 view 8"))));
    EXPECT_TRUE(IsMute(data.records));
    EXPECT_EQ(data.store->Tip().height, Height(2));
  }
  const DataDirectory again = Open();
  EXPECT_THAT(again.findings, IsEmpty()) << "a mute log guards everything";
  EXPECT_TRUE(IsMute(again.records));
}

TEST_F(DataDirectoryTest, TrustsTheFloorOfALogThatBeganAnew) {
  chain_.AddLifecycles();
  {
    DataDirectory data = Open();
    VoteAndCommit(data, 7, 1);
  }
  std::filesystem::remove_all(path() + "/votes");
  {
    DataDirectory data = Open();
    ASSERT_TRUE(data.log->Append(FloorRecord{Epoch(0), View(9)}));
    ASSERT_TRUE(data.log->Sync());
    data.store->NoteVoted({kSelf, data.log->voted()});
    ASSERT_TRUE(data.store->Commit(chain_.blocks().at(1)));
  }
  const DataDirectory data = Open();
  EXPECT_THAT(data.findings, IsEmpty());
  EXPECT_EQ(data.store->voted(), (OwnVotes{kSelf, {Epoch(0), View(9)}}))
      << "below it no log may vote";
}

TEST_F(DataDirectoryTest, NotesTheVotesAfterTheLastBlockWhenItIsAskedTo) {
  const std::string votes = path() + "/votes";
  CopyDirectory(votes, directory_ / "old");
  {
    DataDirectory data = Open();
    Vote vote;
    vote.statement.view = View(7);
    vote.signer = kSelf;
    ASSERT_TRUE(data.log->Append(VoteRecord{vote}));
    ASSERT_TRUE(data.log->Sync());
    data.store->NoteVoted({kSelf, data.log->voted()});
    ASSERT_TRUE(data.store->SaveVoted());
  }
  CopyDirectory(directory_ / "old", votes);
  EXPECT_THAT(Open().findings, ElementsAre(HasSubstr("votelog.rolled_back")));
}

TEST_F(DataDirectoryTest, FillsADamagedStoreAgainThroughRestarts) {
  chain_.AddLifecycles();
  {
    DataDirectory data = Open();
    Commit(data, 1, 5);
  }
  std::filesystem::remove(path() + "/store/CURRENT");
  {
    DataDirectory data = Open();
    EXPECT_THAT(data.findings, ElementsAre(HasSubstr("store.damaged")));
    EXPECT_EQ(data.store->Tip().height, Height(0));
    EXPECT_THAT(data.records, SizeIs(6));
    Commit(data, 1, 2);
  }
  DataDirectory data = Open();
  EXPECT_THAT(data.findings, IsEmpty());
  EXPECT_EQ(data.store->Tip().height, Height(2));
  Commit(data, 3, chain_.blocks().size());
  ExpectHolds(*data.store, chain_);
}

TEST_F(DataDirectoryTest, SetsTheStoreOfAnotherValidatorAsideAndGoesOnVoting) {
  chain_.AddLifecycles();
  const std::string other = directory_ / "other";
  constexpr ValidatorIndex kOther(2);
  ASSERT_TRUE(InitialiseDataDirectory(other, chain_.genesis(), kOther));
  {
    auto data = OpenDataDirectory(other, chain_.genesis(), kOther, checked_bytes_max_);
    ASSERT_TRUE(data);
    VoteAndCommit(*data, 9, 1, kOther);
  }
  {
    DataDirectory data = Open();
    VoteAndCommit(data, 7, 1);
  }
  CopyDirectory(other + "/store", path() + "/store");
  {
    DataDirectory data = Open();
    const auto& validators = chain_.genesis().validators;
    EXPECT_THAT(data.findings,
                ElementsAre(AllOf(HasSubstr("store.other_validator: " + path() + "/store"),
                                  HasSubstr("of " + validators.at(kOther).name),
                                  HasSubstr("this is " + validators.at(kSelf).name))));
    EXPECT_FALSE(IsMute(data.records)) << "its own log is no older than it was";
    EXPECT_EQ(data.store->Tip().height, Height(0));
    VoteAndCommit(data, 8, 1);
  }
  EXPECT_THAT(Open().findings, IsEmpty());
}

TEST_F(DataDirectoryTest, SetsAStoreAsideThatARunningNodeFoundDamaged) {
  chain_.AddLifecycles();
  {
    DataDirectory data = Open();
    Commit(data, 1, 3);
    ASSERT_TRUE(MarkStoreDamaged(path(), "a table is not what was written"));
  }
  {
    DataDirectory data = Open();
    EXPECT_THAT(data.findings,
                ElementsAre(HasSubstr("store.damaged: a table is not what was written;")));
    EXPECT_EQ(data.store->Tip().height, Height(0));
    Commit(data, 1, 2);
  }
  const DataDirectory data = Open();
  EXPECT_THAT(data.findings, IsEmpty()) << "once is enough";
  EXPECT_EQ(data.store->Tip().height, Height(2));
}

TEST_F(DataDirectoryTest, SaysOfADamagedStoreOnlyWhatWasFoundLast) {
  ASSERT_TRUE(MarkStoreDamaged(path(), "the first of two findings, and the longer one"));
  ASSERT_TRUE(MarkStoreDamaged(path(), "the second"));
  EXPECT_THAT(Open().findings, ElementsAre(HasSubstr("store.damaged: the second;")));
}

TEST_F(DataDirectoryTest, LeavesTheTablesOfALargeStoreToTheRunningNode) {
  EXPECT_TRUE(Open().store->tables_verified());
  chain_.AddLifecycles();
  {
    DataDirectory data = Open();
    Commit(data, 1, 3);
  }
  checked_bytes_max_ = 0;
  EXPECT_FALSE(Open().store->tables_verified());
}

TEST_F(DataDirectoryTest, FindsAStoreThatLostBlocks) {
  chain_.AddLifecycles();
  const std::string store = path() + "/store";
  {
    DataDirectory data = Open();
    Commit(data, 1, 3);
    data.store.reset();
    CopyDirectory(store, directory_ / "old");
    data.store = std::move(RocksStore::Open(store, chain_.genesis(), std::nullopt)->store);
    Commit(data, 4, 5);
  }
  CopyDirectory(directory_ / "old", store);
  const DataDirectory data = Open();
  ASSERT_THAT(data.findings, SizeIs(1));
  EXPECT_THAT(data.findings[0], HasSubstr("height 5"));
}

}  // namespace
}  // namespace beian
