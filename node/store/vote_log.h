#pragma once

#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "node/consensus/log_record.h"

namespace beian {

namespace vote_log {
class Writer;
}

/// Why a vote log or head file may not be trusted. Every one of these means: do not vote, re-enter.
enum class LogDamage {
  kMissing,      ///< an initialised node has no log: a lost log, never a new one
  kForeign,      ///< of another chain, validator or set
  kBadRecord,    ///< a complete record whose checksum or layout is wrong
  kTruncated,    ///< fewer records than the head file counted at the last sync
  kHeadMissing,  ///< both head slots are gone or damaged
  kRolledBack,   ///< the head file or the store knows a higher voted view than the log
};
std::string_view LogDamageId(LogDamage damage);  ///< "votelog.bad_record"

struct LogFinding {
  LogDamage damage;
  std::string detail;  ///< file, offset, record number, the two values
};

/// The last block that the store had committed.
struct AppliedBlock {
  Height height;
  BlockId id;
  bool operator==(const AppliedBlock&) const = default;
};

/// Order of votes over all epochs.
using VotePosition = std::pair<Epoch, View>;

/// What a store notes of the votes of the validator whose store it is.
struct OwnVotes {
  ValidatorIndex validator;
  VotePosition highest;
  bool operator==(const OwnVotes&) const = default;
};

/// What opening a data directory found.
struct RecoveredLog {
  /// In the order appended; empty when damaged. After pruning, the last E, then what stands of L,
  /// REENTRY and FLOOR, then what was kept: always an EpochRecord first.
  std::vector<LogRecord> records;
  std::optional<LogFinding> finding;    ///< nothing: intact
  std::optional<std::string> cut_tail;  ///< a note when an incomplete uncounted tail was cut
  /// As the head file has it, also with a finding when the head file is readable: a store that
  /// holds less has lost blocks.
  std::optional<AppliedBlock> applied;
};

/// Identity that every segment carries.
struct LogIdentity {
  ChainId chain;
  PublicKey validator;
  size_t set_size = 0;  ///< at most kValidatorsMax
};

struct VoteLogOptions {
  /// Reserved for each segment, so that a sync changes no metadata. A larger batch gets a larger
  /// segment of its own.
  uint64_t segment_bytes = 64 << 20;
};

/// The validator's own append-only log in segments `votes-<first record number>.log`, and the head
/// file with two alternating slots (record count and highest voted view at the last sync, applied
/// height and block id). Every octet stands in vote_log_format.h. One thread. A failed append or
/// sync leaves the log unusable: it is never retried, since after a failed fsync the page cache
/// cannot be trusted.
///
/// A bad record means a finding wherever it stands, but for one case: an incomplete tail behind the
/// records that the head counted, which no vote that left the node can be part of.
/// The head slot is written after the sync and reaches the disk with the next one, so that it costs
/// the vote no time; after a crash of the machine it may count one sync too few, never too many.
/// Source: CONSENSUS.md section 5, RELIABILITY.md, "Two measured facts".
class VoteLog {
 public:
  /// Creates an empty log that begins with `first`; the directory must not hold one.
  /// Creates the directory when only it is missing.
  static std::expected<std::unique_ptr<VoteLog>, std::string> Create(
      const std::string& directory, const LogIdentity& identity, const LogRecord& first,
      const VoteLogOptions& options = {});
  struct Opened {
    std::unique_ptr<VoteLog> log;  ///< null when there is a finding: set the damaged log aside
    RecoveredLog recovered;
  };
  /// Reads and checks everything. Takes an exclusive flock on the directory's lock file; an error
  /// text when another process holds it or the file system fails.
  static std::expected<Opened, std::string> Open(const std::string& directory,
                                                 const LogIdentity& identity,
                                                 const VoteLogOptions& options = {});
  /// Moves the files of a damaged log into `damaged-<time>` so that Create can start a new one. The
  /// head file goes first: whatever a crash leaves behind is no log. What stands in the place of
  /// the directory goes, itself, into such a folder beside it.
  static std::expected<void, std::string> SetAside(const std::string& directory);

  ~VoteLog();
  /// Keeps the record in memory until Sync.
  std::expected<void, std::string> Append(const LogRecord& record);
  /// Writes what was appended since the last Sync: one pwrite, one fdatasync; then the head slot.
  std::expected<void, std::string> Sync();
  /// Deletes sealed segments whose every record belongs to an older epoch or to views < below. E,
  /// L, REENTRY and FLOOR outlive it: each new segment begins with a copy of those that stand.
  std::expected<void, std::string> Prune(Epoch epoch, View below);
  /// For the head file, with the next Sync or Prune: what the store has committed. Call it before
  /// the Prune that follows the commit.
  void SetApplied(Height height, const BlockId& id);
  /// Highest of own votes and floors that a Sync has made durable: what the store notes, so that an
  /// older copy of this log is found out.
  VotePosition voted() const;
  /// The store was set aside and is filled from the beginning: writes to the head, synced, that
  /// nothing is applied, so that a restart meanwhile does not take the new store for damaged.
  std::expected<void, std::string> ForgetApplied();

 private:
  explicit VoteLog(std::unique_ptr<vote_log::Writer> writer);
  std::unique_ptr<vote_log::Writer> writer_;
};

}  // namespace beian
