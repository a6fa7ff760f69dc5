#pragma once

#include <expected>
#include <string>
#include <vector>

#include "sim/report/seed_record.h"

namespace beian::sim {

enum class JournalError : uint8_t {
  kCannotOpen,      ///< the folder or the file cannot be made or read
  kInUse,           ///< another campaign runs in this folder
  kOtherCampaign,   ///< it was begun by another build of the program, or with other settings
  kDamaged,         ///< a line before the last is none that this program wrote
  kCannotWrite,
};

/// The file of a campaign's finished seeds: a heading, then a line of JSON for each. It only grows.
/// A line counts once it ends, so that a process killed while it wrote has written nothing; what
/// has been written survives it, though not a failure of power.
class Journal {
 public:
  /// Opens or begins the file. `heading`: what must be the same for every line to mean the same.
  static std::expected<Journal, JournalError> Open(const std::string& path, const Json& heading);
  ~Journal();
  Journal(Journal&& other) noexcept;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  Journal& operator=(Journal&&) = delete;

  /// What the file held when it was opened, in the order of its lines.
  const std::vector<SeedRecord>& records() const { return records_; }
  std::expected<void, JournalError> Append(const SeedRecord& record);

 private:
  explicit Journal(int file) : file_(file) {}
  std::expected<void, JournalError> Load(const Json& heading);
  std::expected<void, JournalError> Write(const std::string& line);

  int file_;
  std::vector<SeedRecord> records_;
};

}  // namespace beian::sim
