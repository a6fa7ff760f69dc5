#pragma once

#include <vector>

#include "node/consensus/log_record.h"
#include "sim/options.h"
#include "sim/random.h"

namespace beian::sim {

/// A validator's vote log on a simulated disk: what has been synced survives a crash, and of the
/// rest a random beginning does.
class VoteDisk {
 public:
  explicit VoteDisk(Canary canary = Canary::kNone) : canary_(canary) {}

  /// False when the record is not on the disk and never will be: only as a canary.
  bool Append(const LogRecord& record);
  void Sync();
  /// Drops what the log may forget: synced records of views below `below`.
  void Prune(View below);
  /// The process died. Returns how many of the unsynced records are on the disk all the same.
  size_t Crash(Random& random);
  /// The disk was lost and replaced; the log is empty.
  void Lose();
  /// What a restart finds, after a way through its octets.
  std::vector<LogRecord> Load(const ChainId& chain, size_t set_size) const;
  size_t unsynced() const { return records_.size() - synced_; }

 private:
  bool Swallows(const LogRecord& record) const;

  std::vector<LogRecord> records_;
  size_t synced_ = 0;
  Canary canary_;
};

}  // namespace beian::sim
