#include "node/store/vote_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/store/vote_log_format.h"
#include "tests/node/store/log_fixture.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

size_t SegmentCount(const std::string& directory) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().filename().string().starts_with("votes-")) ++count;
  }
  return count;
}

TEST(VoteLog, GivesBackEveryRecordInOrder) {
  LogFixture fixture;
  fixture.Create();
  fixture.Write(SampleRecords(TestIdentity().chain, 9));
  fixture.Write({OwnVote(10)});
  const auto opened = fixture.Open();
  ASSERT_FALSE(opened.recovered.finding) << opened.recovered.finding->detail;
  EXPECT_FALSE(opened.recovered.cut_tail);
  EXPECT_EQ(Encoded(opened.recovered.records), Encoded(fixture.written()));
}

TEST(VoteLog, GoesOnAfterEachReopening) {
  LogFixture fixture;
  fixture.Create();
  for (uint64_t view = 1; view <= 5; ++view) {
    fixture.Write({OwnVote(view)});
    fixture.Reopen();
  }
  EXPECT_EQ(Encoded(fixture.Open().recovered.records), Encoded(fixture.written()));
}

TEST(VoteLog, ForgetsWhatWasNeverSynced) {
  LogFixture fixture;
  fixture.Create();
  fixture.Write({OwnVote(1)});
  ASSERT_TRUE(fixture.log().Append(OwnVote(2)));
  const auto opened = fixture.Open();
  EXPECT_FALSE(opened.recovered.finding);
  EXPECT_EQ(Encoded(opened.recovered.records), Encoded(fixture.written()));
}

TEST(VoteLog, HoldsABlockOfTheLargestSize) {
  Genesis genesis;
  genesis.chain_id = TestIdentity().chain;
  LogFixture fixture(VoteLogOptions{});
  fixture.Create();
  std::vector<TransactionPtr> transactions;
  std::vector<WireId> wire_ids;
  size_t cost = 0;
  for (uint64_t salt = 1; cost < kBlockBytesMax; ++salt) {
    transactions.push_back(MakeSubmit(genesis, MakeClientKey(1), TimeMs(1000), salt));
    wire_ids.push_back(transactions.back()->wire_id());
    cost += transactions.back()->cost();
  }
  Header header = SampleHeader(TestIdentity().chain, 9);
  header.tx_count = static_cast<uint32_t>(transactions.size());
  header.tx_root = TransactionRoot(wire_ids);
  fixture.Write({BlockRecord{Block::Make(header, transactions)}, OwnVote(9)});
  EXPECT_EQ(Encoded(fixture.Open().recovered.records), Encoded(fixture.written()));
}

TEST(VoteLog, TellsWhatTheStoreHadApplied) {
  LogFixture fixture;
  fixture.Create();
  EXPECT_EQ(fixture.Open().recovered.applied, AppliedBlock{});
  fixture.Reopen();
  fixture.log().SetApplied(Height(7), FilledDigest<BlockId>(0x07));
  fixture.log().SetApplied(Height(6), FilledDigest<BlockId>(0x06));
  fixture.Write({OwnVote(1)});
  const AppliedBlock seventh{Height(7), FilledDigest<BlockId>(0x07)};
  EXPECT_EQ(fixture.Open().recovered.applied, seventh);
}

TEST(VoteLog, ForgetsWhatWasAppliedInBothSlotsOfTheHead) {
  LogFixture fixture;
  fixture.Create();
  fixture.log().SetApplied(Height(7), FilledDigest<BlockId>(0x07));
  fixture.Write({OwnVote(1)});
  fixture.Write({OwnVote(2)});
  ASSERT_TRUE(fixture.log().ForgetApplied());
  Bytes head = ReadTestFile(fixture.head());
  for (const size_t offset : vote_log::kHeadSlotOffsets) {
    const auto slot = vote_log::DecodeHeadSlot(head.substr(offset));
    ASSERT_TRUE(slot);
    EXPECT_EQ(slot->applied, AppliedBlock{});
    EXPECT_EQ(slot->records, 3u);
  }
  fixture.log().SetApplied(Height(2), FilledDigest<BlockId>(0x02));
  fixture.Write({OwnVote(3)});
  EXPECT_EQ(fixture.Open().recovered.applied->height, Height(2));
}

TEST(VoteLog, IsNeverCreatedOverAnother) {
  LogFixture fixture;
  fixture.Create();
  fixture.Close();
  const auto again = VoteLog::Create(fixture.path(), TestIdentity(), EpochStart(), kSmallSegments);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error(), HasSubstr("already holds a vote log"));
}

TEST(VoteLog, IsRefusedToASecondOwner) {
  LogFixture fixture;
  fixture.Create();
  const auto second = VoteLog::Open(fixture.path(), TestIdentity(), kSmallSegments);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("held by another process"));
  EXPECT_FALSE(VoteLog::SetAside(fixture.path()));
  fixture.Reopen();
}

TEST(VoteLog, IsRefusedToASecondProcess) {
  LogFixture fixture;
  fixture.Create();
  const pid_t child = ::fork();
  if (child == 0) {
    // The child shares the parent's lock; it opens the file anew.
    const auto second = VoteLog::Open(fixture.path(), TestIdentity(), kSmallSegments);
    ::_exit(second ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(VoteLog, StartsNewSegmentsAndReadsThemAll) {
  LogFixture fixture;
  fixture.Create();
  for (uint64_t view = 1; view <= 200; ++view) fixture.Write({OwnVote(view), OwnVote(view)});
  EXPECT_GT(SegmentCount(fixture.path()), 4u);
  const auto opened = fixture.Open();
  ASSERT_FALSE(opened.recovered.finding) << opened.recovered.finding->detail;
  EXPECT_EQ(Encoded(opened.recovered.records), Encoded(fixture.written()));
}

TEST(VoteLog, GivesABatchThatIsTooLargeASegmentOfItsOwn) {
  LogFixture fixture;
  fixture.Create();
  std::vector<LogRecord> batch;
  for (uint64_t view = 1; view <= 500; ++view) batch.push_back(OwnVote(view));
  fixture.Write(batch);
  fixture.Write({OwnVote(501)});
  EXPECT_EQ(SegmentCount(fixture.path()), 3u);
  EXPECT_EQ(Encoded(fixture.Open().recovered.records), Encoded(fixture.written()));
}

TEST(VoteLog, PrunesWhatLiesBelowAndKeepsWhatStands) {
  LogFixture fixture;
  fixture.Create();
  const LogRecord reentry = ReentryRecord{Epoch(3)};
  const LogRecord floor = FloorRecord{Epoch(3), View(2)};
  const LogRecord final = FinalRecord{SampleCertificate(VoteKind::kFinalize, 4), Height(4)};
  fixture.Write({reentry, floor, final});
  for (uint64_t view = 3; view <= 300; ++view) fixture.Write({OwnVote(view)});
  const LogRecord last_final = FinalRecord{SampleCertificate(VoteKind::kFinalize, 290), Height(9)};
  fixture.Write({last_final});
  const size_t before = SegmentCount(fixture.path());
  ASSERT_TRUE(fixture.log().Prune(Epoch(3), View(291)));
  EXPECT_LT(SegmentCount(fixture.path()), before / 2);
  // The copies at the start of the first segment left are from before the last L.
  const auto opened = fixture.Open();
  ASSERT_FALSE(opened.recovered.finding) << opened.recovered.finding->detail;
  const auto records = Encoded(opened.recovered.records);
  ASSERT_GE(records.size(), 6u);
  EXPECT_EQ(records[0], Encoded({EpochStart()})[0]);
  EXPECT_EQ(records[1], Encoded({reentry})[0]);
  EXPECT_EQ(records[2], Encoded({floor})[0]);
  EXPECT_EQ(records[3], Encoded({final})[0]);
  EXPECT_EQ(records.back(), Encoded({last_final})[0]);
  const auto expected = Encoded(fixture.written());
  const std::vector<Bytes> kept(records.begin() + 4, records.end());
  EXPECT_TRUE(std::equal(kept.rbegin(), kept.rend(), expected.rbegin()));
}

TEST(VoteLog, PrunesNothingThatAViewAtOrAboveNeeds) {
  LogFixture fixture;
  fixture.Create();
  for (uint64_t view = 1; view <= 200; ++view) fixture.Write({OwnVote(view)});
  ASSERT_TRUE(fixture.log().Prune(Epoch(3), View(100)));
  const auto opened = fixture.Open();
  ASSERT_FALSE(opened.recovered.finding);
  for (uint64_t view = 100; view <= 200; ++view) {
    EXPECT_THAT(Encoded(opened.recovered.records), testing::Contains(Encoded({OwnVote(view)})[0]));
  }
}

TEST(VoteLog, PrunesARecordOfALowViewOnlyWithItsWholeSegment) {
  LogFixture fixture;
  fixture.Create();
  fixture.Write({OwnVote(1'000)});
  for (uint64_t view = 1; view <= 200; ++view) fixture.Write({OwnVote(view)});
  const size_t before = SegmentCount(fixture.path());
  ASSERT_TRUE(fixture.log().Prune(Epoch(3), View(201)));
  EXPECT_EQ(SegmentCount(fixture.path()), before);
  ASSERT_TRUE(fixture.log().Prune(Epoch(4), View(0)));
  EXPECT_EQ(SegmentCount(fixture.path()), 1u);
}

TEST(VoteLog, RemembersItsHighestVoteBeyondPruning) {
  LogFixture fixture;
  fixture.Create();
  fixture.Write({OwnVote(50)});
  const LogRecord certificate = CertificateRecord{SampleCertificate(VoteKind::kNullify, 60)};
  for (int i = 0; i < 100; ++i) fixture.Write({certificate});
  ASSERT_TRUE(fixture.log().Prune(Epoch(3), View(61)));
  EXPECT_EQ(SegmentCount(fixture.path()), 1u);
  const auto opened = fixture.Open();
  EXPECT_FALSE(opened.recovered.finding) << opened.recovered.finding->detail;
  const auto head = vote_log::NewestHeadSlot(ReadTestFile(fixture.head()));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->voted, VotePosition(Epoch(3), View(50)));
}

TEST(VoteLog, KeepsTheStandingRecordsThroughManySegments) {
  LogFixture fixture;
  fixture.Create();
  const LogRecord next_epoch =
      EpochRecord{Epoch(4), FilledDigest<SetHash>(0xe4), FilledDigest<BlockId>(0xe5)};
  fixture.Write({ReentryRecord{Epoch(3)}, FloorRecord{Epoch(3), View(9)}, next_epoch,
                 ReentryRecord{Epoch(4)}, FloorRecord{Epoch(4), View(5)}});
  Vote vote = SampleVote(VoteKind::kNullify, 6);
  vote.statement.epoch = Epoch(4);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) fixture.Write({VoteRecord{vote}});
    vote.statement.view = vote.statement.view.Next();
    ASSERT_TRUE(fixture.log().Prune(Epoch(4), vote.statement.view));
    fixture.Reopen();
  }
  const auto records = Encoded(fixture.Open().recovered.records);
  ASSERT_GE(records.size(), 3u);
  EXPECT_EQ(records[0], Encoded({next_epoch})[0]);
  EXPECT_EQ(records[1], Encoded({ReentryRecord{Epoch(4)}})[0]);
  EXPECT_EQ(records[2], Encoded({FloorRecord{Epoch(4), View(5)}})[0]);
  EXPECT_NE(records[3], records[2]);
}

TEST(VoteLog, FinishesAPruningThatACrashCutShort) {
  LogFixture fixture;
  fixture.Create();
  for (uint64_t view = 1; view <= 100; ++view) fixture.Write({OwnVote(view)});
  const Bytes first_segment = ReadTestFile(fixture.segment());
  ASSERT_TRUE(fixture.log().Prune(Epoch(3), View(101)));
  auto pruned = fixture.Open();
  pruned.log.reset();
  WriteTestFile(fixture.segment(), first_segment);
  const auto opened = fixture.Open();
  ASSERT_FALSE(opened.recovered.finding) << opened.recovered.finding->detail;
  EXPECT_EQ(Encoded(opened.recovered.records), Encoded(pruned.recovered.records));
  EXPECT_FALSE(std::filesystem::exists(fixture.segment()));
}

TEST(VoteLog, RemovesASegmentThatACrashLeftUnfinished) {
  LogFixture fixture;
  fixture.Create();
  fixture.Write({OwnVote(1)});
  fixture.Close();
  WriteTestFile(fixture.segment(2) + ".new", "half a header");
  fixture.Reopen();
  EXPECT_FALSE(std::filesystem::exists(fixture.segment(2) + ".new"));
}

TEST(VoteLog, IsSetAsideWholeAndBeginsAnew) {
  LogFixture fixture;
  fixture.Create();
  for (uint64_t view = 1; view <= 100; ++view) fixture.Write({OwnVote(view)});
  fixture.Close();
  ASSERT_TRUE(VoteLog::SetAside(fixture.path()));
  EXPECT_EQ(SegmentCount(fixture.path()), 0u);
  const auto opened = fixture.Open();
  ASSERT_TRUE(opened.recovered.finding);
  EXPECT_EQ(opened.recovered.finding->damage, LogDamage::kMissing);
  fixture.Create();
  fixture.Write({ReentryRecord{Epoch(3)}});
  EXPECT_THAT(fixture.Open().recovered.records, SizeIs(2));
  fixture.Close();
  ASSERT_TRUE(VoteLog::SetAside(fixture.path()));
}

TEST(VoteLog, HasAnIdForEveryKindOfDamage) {
  EXPECT_EQ(LogDamageId(LogDamage::kBadRecord), "votelog.bad_record");
  EXPECT_EQ(LogDamageId(LogDamage::kRolledBack), "votelog.rolled_back");
}

TEST(VoteLog, RefusesARecordAboveTheLimitAndEverythingAfter) {
  LogFixture fixture;
  fixture.Create();
  Header header = SampleHeader(TestIdentity().chain, 9);
  v1::TransactionBody body = MakeBody(TimeMs(1000), 1, {});
  for (int i = 0; i < 60; ++i)
    body.add_actions()->mutable_forward()->set_filing_id(Bytes(1000, 'x'));
  const auto transaction = Transaction::Sign(header.chain_id, body, MakeClientKey(1));
  ASSERT_NE(transaction, nullptr);
  const std::vector<TransactionPtr> transactions(80, transaction);
  const LogRecord block = BlockRecord{Block::Make(header, transactions)};
  EXPECT_FALSE(fixture.log().Append(block));
  EXPECT_FALSE(fixture.log().Append(OwnVote(1)));
  EXPECT_FALSE(fixture.log().Sync());
}

}  // namespace
}  // namespace beian
