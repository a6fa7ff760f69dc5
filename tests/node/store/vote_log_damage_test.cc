#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/store/vote_log.h"
#include "node/store/vote_log_format.h"
#include "tests/node/store/log_fixture.h"

namespace beian {
namespace {

using vote_log::kHeadFileBytes;
using vote_log::kSegmentHeaderBytes;

/// A log of a few records, its octets, and ways to hurt it.
class VoteLogDamage : public testing::Test {
 protected:
  void SetUp() override {
    fixture_.Create();
    fixture_.Write({OwnVote(1), OwnVote(2)});
    old_segment_ = ReadTestFile(fixture_.segment());
    old_head_ = ReadTestFile(fixture_.head());
    fixture_.Write({OwnVote(3)});
    fixture_.Write({CertificateRecord{SampleCertificate(VoteKind::kNullify, 3)}, OwnVote(4)});
    fixture_.Close();
    segment_ = ReadTestFile(fixture_.segment());
    head_ = ReadTestFile(fixture_.head());
    end_ = segment_.find_last_not_of('\0') + 1;
  }

  VoteLog::Opened OpenWith(BytesView segment, BytesView head) {
    fixture_.Close();
    std::filesystem::remove_all(fixture_.path());
    std::filesystem::create_directory(fixture_.path());
    WriteTestFile(fixture_.segment(), segment);
    WriteTestFile(fixture_.head(), head);
    return fixture_.Open();
  }
  std::optional<LogDamage> DamageWith(BytesView segment, BytesView head) {
    const auto opened = OpenWith(segment, head);
    if (!opened.recovered.finding) return std::nullopt;
    EXPECT_EQ(opened.log, nullptr);
    EXPECT_TRUE(opened.recovered.records.empty());
    EXPECT_FALSE(opened.recovered.finding->detail.empty());
    return opened.recovered.finding->damage;
  }
  /// A head that has counted `records` and no vote.
  static Bytes HeadThatCounts(uint64_t records) {
    vote_log::HeadSlot slot;
    slot.sequence = 100;
    slot.identity = TestIdentity();
    slot.records = records;
    Bytes head(kHeadFileBytes, '\0');
    const Bytes octets = EncodeHeadSlot(slot);
    return head.replace(0, octets.size(), octets);
  }
  Bytes Cut(size_t length) const { return segment_.substr(0, length); }
  Bytes ZeroedFrom(size_t offset) const {
    return Cut(offset) + Bytes(segment_.size() - offset, '\0');
  }
  /// How many whole records end at or before `offset`, and where each does.
  std::vector<size_t> RecordEnds() const {
    std::vector<size_t> ends;
    size_t end = kSegmentHeaderBytes;
    for (const Bytes& record : Encoded(fixture_.written())) {
      end += vote_log::FrameBytes(record.size());
      ends.push_back(end);
    }
    return ends;
  }
  size_t WholeRecords(size_t offset) const {
    size_t count = 0;
    for (const size_t end : RecordEnds()) count += end <= offset ? 1 : 0;
    return count;
  }

  LogFixture fixture_;
  Bytes old_segment_;
  Bytes old_head_;
  Bytes segment_;
  Bytes head_;
  size_t end_ = 0;
};

TEST_F(VoteLogDamage, IsFoundWhereverTheCountedPartIsCut) {
  for (size_t length = 0; length < end_; ++length) {
    EXPECT_TRUE(DamageWith(Cut(length), head_)) << length;
    EXPECT_TRUE(DamageWith(ZeroedFrom(length), head_)) << length;
  }
  EXPECT_FALSE(DamageWith(Cut(end_), head_));
}

TEST_F(VoteLogDamage, IsNoMoreThanACutTailWhereNothingWasCounted) {
  const Bytes head = HeadThatCounts(1);
  const auto expected = Encoded(fixture_.written());
  for (size_t length = RecordEnds().front(); length < end_; ++length) {
    const auto opened = OpenWith(Cut(length), head);
    ASSERT_FALSE(opened.recovered.finding) << length << opened.recovered.finding->detail;
    const size_t whole = WholeRecords(length);
    EXPECT_EQ(Encoded(opened.recovered.records),
              std::vector<Bytes>(expected.begin(), expected.begin() + whole));
    const size_t boundary = RecordEnds()[whole - 1];
    const bool zeros_only =
        segment_.substr(boundary, length - boundary).find_first_not_of('\0') == Bytes::npos;
    EXPECT_EQ(opened.recovered.cut_tail.has_value(), !zeros_only) << length;
  }
}

TEST_F(VoteLogDamage, LeavesAWholeLogAfterTheTailWasCut) {
  const size_t length = RecordEnds()[3] + 100;
  auto opened = OpenWith(Cut(length), HeadThatCounts(1));
  ASSERT_TRUE(opened.log);
  ASSERT_TRUE(opened.log->Append(OwnVote(9)));
  ASSERT_TRUE(opened.log->Sync());
  opened.log.reset();
  const auto again = fixture_.Open();
  ASSERT_FALSE(again.recovered.finding) << again.recovered.finding->detail;
  EXPECT_FALSE(again.recovered.cut_tail);
  auto expected = opened.recovered.records;
  expected.push_back(OwnVote(9));
  EXPECT_EQ(Encoded(again.recovered.records), Encoded(expected));
}

TEST_F(VoteLogDamage, IsFoundWhicheverBitOfACountedSegmentFlips) {
  for (size_t octet = 0; octet < end_; ++octet) {
    for (const int bit : {0, 3, 7}) {
      Bytes flipped = segment_;
      flipped[octet] = static_cast<char>(flipped[octet] ^ (1 << bit));
      EXPECT_TRUE(DamageWith(flipped, head_)) << octet << " bit " << bit;
    }
  }
}

TEST_F(VoteLogDamage, IsFoundInARecordThatWasWrittenWholeThoughNotCounted) {
  // Synced and sent, but the head did not reach the disk: to cut it would be to forget a vote.
  const Bytes head = HeadThatCounts(1);
  for (size_t octet = RecordEnds().front(); octet < end_; ++octet) {
    Bytes flipped = segment_;
    flipped[octet] = static_cast<char>(flipped[octet] ^ 0x10);
    EXPECT_EQ(DamageWith(flipped, head), LogDamage::kBadRecord) << octet;
  }
}

TEST_F(VoteLogDamage, IsFoundInTheZerosBehindTheRecords) {
  for (size_t octet = end_; octet < segment_.size(); octet += 97) {
    Bytes flipped = segment_;
    flipped[octet] = '\x40';
    const auto opened = OpenWith(flipped, head_);
    if (opened.recovered.finding) continue;
    // Octets in a sector of their own are what an unsynced write leaves behind: cut, nothing lost.
    EXPECT_TRUE(opened.recovered.cut_tail) << octet;
    EXPECT_EQ(Encoded(opened.recovered.records), Encoded(fixture_.written()));
  }
}

TEST_F(VoteLogDamage, OfTheHeadIsFoundOrLosesNothing) {
  for (size_t octet = 0; octet < head_.size(); octet += octet % 4096 < 512 ? 1 : 61) {
    Bytes flipped = head_;
    flipped[octet] = static_cast<char>(flipped[octet] ^ 0x04);
    const auto opened = OpenWith(segment_, flipped);
    ASSERT_FALSE(opened.recovered.finding) << octet << opened.recovered.finding->detail;
    EXPECT_EQ(Encoded(opened.recovered.records), Encoded(fixture_.written())) << octet;
  }
}

TEST_F(VoteLogDamage, OfBothHeadSlotsIsFound) {
  Bytes flipped = head_;
  for (const size_t offset : vote_log::kHeadSlotOffsets) flipped[offset + 30] ^= 1;
  EXPECT_EQ(DamageWith(segment_, flipped), LogDamage::kHeadMissing);
  EXPECT_EQ(DamageWith(segment_, ""), LogDamage::kHeadMissing);
  EXPECT_EQ(DamageWith(segment_, head_.substr(0, 100)), LogDamage::kHeadMissing);
}

TEST_F(VoteLogDamage, IsAMissingHead) {
  std::filesystem::remove(fixture_.head());
  EXPECT_EQ(fixture_.Open().recovered.finding->damage, LogDamage::kHeadMissing);
}

TEST_F(VoteLogDamage, IsAMissingLog) {
  std::filesystem::remove(fixture_.segment());
  EXPECT_EQ(fixture_.Open().recovered.finding->damage, LogDamage::kMissing);
  std::filesystem::remove(fixture_.head());
  EXPECT_EQ(fixture_.Open().recovered.finding->damage, LogDamage::kMissing);
  std::filesystem::remove_all(fixture_.path());
  EXPECT_EQ(fixture_.Open().recovered.finding->damage, LogDamage::kMissing);
}

TEST_F(VoteLogDamage, IsAnOldLogUnderANewHead) {
  EXPECT_EQ(DamageWith(old_segment_, head_), LogDamage::kRolledBack);
}

TEST_F(VoteLogDamage, IsALogWithoutItsLastRecordsEvenWhenNoVoteIsAmongThem) {
  fixture_.Reopen();
  fixture_.Write({CertificateRecord{SampleCertificate(VoteKind::kNullify, 4)}});
  fixture_.Close();
  EXPECT_EQ(DamageWith(segment_, ReadTestFile(fixture_.head())), LogDamage::kTruncated);
}

TEST_F(VoteLogDamage, IsNotALogThatIsAheadOfItsHead) {
  const auto opened = OpenWith(segment_, old_head_);
  ASSERT_FALSE(opened.recovered.finding) << opened.recovered.finding->detail;
  EXPECT_EQ(Encoded(opened.recovered.records), Encoded(fixture_.written()));
}

TEST_F(VoteLogDamage, IsALogOfAnotherChainValidatorOrSet) {
  LogIdentity chain = TestIdentity();
  chain.chain = FilledDigest<ChainId>(0xcd);
  LogIdentity validator = TestIdentity();
  validator.validator.octets[0] = '\x12';
  LogIdentity set = TestIdentity();
  set.set_size = 7;
  for (const LogIdentity& identity : {chain, validator, set}) {
    const auto opened = VoteLog::Open(fixture_.path(), identity, kSmallSegments);
    ASSERT_TRUE(opened);
    ASSERT_TRUE(opened->recovered.finding);
    EXPECT_EQ(opened->recovered.finding->damage, LogDamage::kForeign);
  }
}

TEST_F(VoteLogDamage, IsASegmentOfAnotherLogUnderOurHead) {
  LogFixture other;
  other.Create();
  other.Write({OwnVote(9), OwnVote(2), OwnVote(3), OwnVote(4), OwnVote(5), OwnVote(6)});
  other.Close();
  Bytes header_and_more = ReadTestFile(other.segment());
  // Same identity and enough records, but our records behind theirs do not chain.
  header_and_more.replace(0, RecordEnds()[1], segment_.substr(0, RecordEnds()[1]));
  EXPECT_TRUE(DamageWith(header_and_more, head_));
}

TEST_F(VoteLogDamage, IsAMissingSegmentInTheMiddleOrAtAnEnd) {
  LogFixture fixture;
  fixture.Create();
  std::vector<std::string> segments;
  for (uint64_t view = 1; view <= 150; ++view) fixture.Write({OwnVote(view)});
  fixture.Close();
  for (const auto& entry : std::filesystem::directory_iterator(fixture.path())) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("votes-")) segments.push_back(name);
  }
  ASSERT_GE(segments.size(), 3u);
  CopyDirectory(fixture.path(), fixture.spare("whole"));
  for (const std::string& name : segments) {
    CopyDirectory(fixture.spare("whole"), fixture.path());
    std::filesystem::remove(fixture.path() + "/" + name);
    EXPECT_TRUE(fixture.Open().recovered.finding) << name;
  }
}

TEST_F(VoteLogDamage, IsAnIncompleteRecordInASealedSegment) {
  LogFixture fixture;
  fixture.Create();
  for (uint64_t view = 1; view <= 100; ++view) fixture.Write({OwnVote(view)});
  fixture.Close();
  Bytes sealed = ReadTestFile(fixture.segment());
  const size_t end = sealed.find_last_not_of('\0') + 1;
  std::fill(sealed.begin() + static_cast<ptrdiff_t>(end) - 60, sealed.end(), '\0');
  WriteTestFile(fixture.segment(), sealed);
  EXPECT_TRUE(fixture.Open().recovered.finding);
}

TEST_F(VoteLogDamage, IsNotABatchOfWhichTheDiskWroteSomeSectorsOnly) {
  // Power fails during one write of many sectors: any of them may be missing.
  LogFixture fixture;
  fixture.Create();
  fixture.Write({OwnVote(1)});
  const Bytes head = ReadTestFile(fixture.head());
  const size_t begin = ReadTestFile(fixture.segment()).find_last_not_of('\0') + 1;
  std::vector<LogRecord> batch;
  for (uint64_t view = 2; view <= 12; ++view) {
    batch.push_back(CertificateRecord{SampleCertificate(VoteKind::kNotarize, view)});
  }
  fixture.Write(batch);
  fixture.Close();
  const Bytes whole = ReadTestFile(fixture.segment());
  const size_t end = whole.find_last_not_of('\0') + 1;
  const auto expected = Encoded(fixture.written());
  for (size_t sector = begin / 512; sector <= (end - 1) / 512; ++sector) {
    Bytes torn = whole;
    const size_t from = std::max(begin, sector * 512);
    std::fill(torn.begin() + static_cast<ptrdiff_t>(from),
              torn.begin() + static_cast<ptrdiff_t>(sector * 512 + 512), '\0');
    WriteTestFile(fixture.segment(), torn);
    WriteTestFile(fixture.head(), head);
    const auto opened = fixture.Open();
    ASSERT_FALSE(opened.recovered.finding) << sector << opened.recovered.finding->detail;
    EXPECT_TRUE(opened.recovered.cut_tail);
    const auto records = Encoded(opened.recovered.records);
    ASSERT_LT(records.size(), expected.size());
    EXPECT_TRUE(std::equal(records.begin(), records.end(), expected.begin()));
  }
}

TEST_F(VoteLogDamage, IsALostSectorWithALaterSyncBehindIt) {
  LogFixture fixture;
  fixture.Create();
  const Bytes head = ReadTestFile(fixture.head());
  for (uint64_t view = 1; view <= 12; ++view) {
    fixture.Write({CertificateRecord{SampleCertificate(VoteKind::kNotarize, view)}});
  }
  fixture.Close();
  const Bytes whole = ReadTestFile(fixture.segment());
  for (size_t sector = 2; sector < 6; ++sector) {
    Bytes lost = whole;
    lost.replace(sector * 512, 512, Bytes(512, '\0'));
    WriteTestFile(fixture.segment(), lost);
    WriteTestFile(fixture.head(), head);
    EXPECT_TRUE(fixture.Open().recovered.finding) << sector;
  }
}

TEST_F(VoteLogDamage, IsNotACrashBetweenAnyTwoSyncs) {
  // Whatever pair of files a kill leaves behind, the log holds what had been synced.
  LogFixture fixture;
  fixture.Create();
  size_t synced = 1;
  for (uint64_t view = 1; view <= 60; ++view) {
    const Bytes head = ReadTestFile(fixture.head());
    fixture.Write({OwnVote(view), OwnVote(view)});
    CopyDirectory(fixture.path(), fixture.spare("killed"));
    WriteTestFile(fixture.spare("killed") + "/head", head);
    const auto opened = VoteLog::Open(fixture.spare("killed"), TestIdentity(), kSmallSegments);
    ASSERT_TRUE(opened);
    ASSERT_FALSE(opened->recovered.finding) << opened->recovered.finding->detail;
    synced += 2;
    EXPECT_EQ(opened->recovered.records.size(), synced);
  }
}

}  // namespace
}  // namespace beian
