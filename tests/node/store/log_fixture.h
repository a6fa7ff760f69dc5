#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "node/store/vote_log.h"
#include "tests/node/consensus/record_samples.h"
#include "tests/node/store/temp_directory.h"

namespace beian {

inline LogIdentity TestIdentity() {
  return {FilledDigest<ChainId>(0xcc), {KeyScheme::kEd25519, Bytes(32, '\x11')}, kSampleSetSize};
}

/// Small enough that a test may open a log thousands of times.
inline constexpr VoteLogOptions kSmallSegments{.segment_bytes = 8192};

inline LogRecord EpochStart() {
  return EpochRecord{Epoch(3), FilledDigest<SetHash>(0xe1), FilledDigest<BlockId>(0xe2)};
}
inline LogRecord OwnVote(uint64_t view) {
  return VoteRecord{SampleVote(VoteKind::kNullify, view)};
}

inline std::vector<Bytes> Encoded(const std::vector<LogRecord>& records) {
  std::vector<Bytes> encoded;
  for (const LogRecord& record : records) {
    encoded.push_back(EncodeLogRecord(record, kSampleSetSize));
  }
  return encoded;
}

/// A log in its own directory, with what was written to it.
class LogFixture {
 public:
  explicit LogFixture(const VoteLogOptions& options = kSmallSegments) : options_(options) {}

  void Create() {
    auto log = VoteLog::Create(path(), TestIdentity(), EpochStart(), options_);
    ASSERT_TRUE(log) << log.error();
    log_ = *std::move(log);
    written_ = {EpochStart()};
  }
  void Write(const std::vector<LogRecord>& records) {
    for (const LogRecord& record : records) {
      ASSERT_TRUE(log_->Append(record));
      written_.push_back(record);
    }
    const auto synced = log_->Sync();
    ASSERT_TRUE(synced) << synced.error();
  }
  /// As a killed process leaves it.
  void Close() { log_.reset(); }

  VoteLog::Opened Open() {
    Close();
    auto opened = VoteLog::Open(path(), TestIdentity(), options_);
    EXPECT_TRUE(opened) << opened.error();
    return opened ? *std::move(opened) : VoteLog::Opened{};
  }
  /// Goes on with the log on the disk, which must be intact.
  void Reopen() {
    auto opened = Open();
    ASSERT_FALSE(opened.recovered.finding) << opened.recovered.finding->detail;
    log_ = std::move(opened.log);
  }

  std::string path() const { return directory_ / "log"; }
  std::string segment(uint64_t first_record = 0) const {
    std::string digits = std::to_string(first_record);
    return path() + "/votes-" + std::string(20 - digits.size(), '0') + digits + ".log";
  }
  std::string head() const { return path() + "/head"; }
  std::string spare(const std::string& name) const { return directory_ / name; }
  VoteLog& log() { return *log_; }
  const std::vector<LogRecord>& written() const { return written_; }

 private:
  TempDirectory directory_;
  VoteLogOptions options_;
  std::unique_ptr<VoteLog> log_;
  std::vector<LogRecord> written_;
};

}  // namespace beian
