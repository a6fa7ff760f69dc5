#pragma once

#include <string>
#include <vector>

#include "node/store/file.h"
#include "node/store/vote_log_format.h"

namespace beian::vote_log {

inline constexpr std::string_view kHeadName = "head";
inline constexpr std::string_view kLockName = "lock";
inline constexpr std::string_view kNewSuffix = ".new";  ///< until its rename a file does not count

std::string SegmentName(uint64_t first_record);
/// First record number of a segment's name; nothing for other names.
std::optional<uint64_t> ParseSegmentName(std::string_view name);

/// One segment that is kept.
struct Segment {
  uint64_t first_record = 0;
  std::optional<VotePosition> highest;  ///< of its records that may be pruned
};

/// The records that outlive pruning, in the order in which a new segment repeats them: the last E,
/// then the last L and REENTRY and every FLOOR of its epoch or a later one.
class StandingRecords {
 public:
  void Add(const LogRecord& record);
  const std::vector<LogRecord>& records() const { return records_; }

 private:
  std::vector<LogRecord> records_;
};

/// What stands on the disk: all that is needed to go on writing.
struct LogState {
  LogIdentity identity;
  std::vector<Segment> segments;  ///< ascending, contiguous; the last one is written to
  uint64_t write_offset = 0;      ///< in the last segment
  uint64_t tail_end = 0;          ///< in the last segment: zeros from here on
  uint64_t segment_bytes = 0;     ///< size of the last segment's file
  uint64_t uncounted_offset = 0;  ///< in the last segment: of the first record that no head counted
  Bytes uncounted;                ///< the octets from there to the write offset
  uint64_t next_record = 0;
  uint32_t check = 0;  ///< of the last record
  uint32_t batch = 0;  ///< of the last sync
  StandingRecords standing;
  VotePosition voted;
  AppliedBlock applied;
  uint64_t head_sequence = 0;
};

/// Appends to the log. Every failure is final: the object refuses all further work.
class Writer {
 public:
  /// Writes the first segment and then the head file into a directory without either.
  static std::expected<std::unique_ptr<Writer>, std::string> Create(const std::string& directory,
                                                                    File lock,
                                                                    const LogIdentity& identity,
                                                                    const VoteLogOptions& options,
                                                                    const LogRecord& first);
  /// Goes on after `state`; clears what stands behind its write offset.
  static std::expected<std::unique_ptr<Writer>, std::string> Resume(const std::string& directory,
                                                                    File lock, LogState state,
                                                                    const VoteLogOptions& options);
  ~Writer();

  FileResult Append(const LogRecord& record);
  FileResult Sync();
  FileResult Prune(Epoch epoch, View below);
  void SetApplied(Height height, const BlockId& id);
  FileResult ForgetApplied();
  VotePosition voted() const { return state_.voted; }

 private:
  struct Pending {
    LogRecord record;
    Bytes body;
  };
  Writer(std::string directory, File lock, LogState state, const VoteLogOptions& options);

  std::string PathOf(std::string_view name) const { return directory_ + "/" + std::string(name); }
  Bytes EncodePending(const std::vector<Pending>& pending);
  FileResult ClearTail();
  FileResult RepeatUncounted();
  FileResult CreateHead();
  FileResult RollOver(uint64_t batch_bytes);
  FileResult StartSegment(const std::vector<Pending>& records, uint16_t standing,
                          uint64_t spare_bytes);
  FileResult WriteBatch();
  FileResult WriteHeadSlot();
  FileResult WriteBothHeadSlots();
  FileResult PruneSegments(size_t victims);
  FileResult Finally(FileResult result);
  HeadSlot MakeHeadSlot();

  const std::string directory_;
  const File lock_;
  const VoteLogOptions options_;
  LogState state_;
  File segment_;
  uint64_t capacity_ = 0;  ///< of the last segment, octets
  File head_;
  std::vector<Pending> pending_;
  uint64_t pending_bytes_ = 0;  ///< as frames
  bool failed_ = false;
};

}  // namespace beian::vote_log
