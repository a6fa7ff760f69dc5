#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/runtime/data_directory.h"
#include "tests/storage/truth.h"

namespace beian::storage {

/// What a start on a hurt disk came to. Good are those up to kEnded.
enum class Outcome : uint8_t {
  kIntact,    ///< nothing was said, and everything is as it was
  kRepaired,  ///< an unsynced tail was cut, or the store had less and the log gave it back
  kRefilled,  ///< the store was set aside, said so, and peers fill it again
  kMute,      ///< the log was set aside, said so, and the validator does not vote
  kRefused,   ///< no start, no audit: an error says why
  kEnded,     ///< a read said what is damaged and ended the process
  kLost,      ///< nothing was said, and something is missing or other: must not be
  kCrashed,   ///< the process died otherwise: must not be
  kHung,      ///< it did not end: must not be
};
inline constexpr size_t kOutcomes = 9;
std::string_view OutcomeName(Outcome outcome);  ///< "intact"
bool IsGood(Outcome outcome);

struct Verdict {
  Outcome outcome = Outcome::kLost;
  std::string detail;
};

/// What was promised to somebody before the disk failed.
struct Promised {
  uint64_t records = 0;      ///< of the log, synced, from the first
  uint64_t blocks = 0;       ///< committed, from the first
  bool log_named = false;    ///< an earlier start has said that the log is lost: it stays mute
  bool store_named = false;  ///< or that the store is: it may hold less
};

/// Starts on `directory` as a node does, as far as the replica's redo of what the log holds; peers
/// fill a store that was set aside. Compares everything with the truth.
/// `answers`: Truth::Answers of a store with 0, 1, ... blocks.
Verdict Judge(const std::filesystem::path& directory, const Truth& truth,
              const std::vector<Bytes>& answers, const Promised& promised);

/// Opens the vote log of `directory` only, and compares its records with the truth.
Verdict JudgeLog(const std::filesystem::path& directory, const Truth& truth);

/// Commits what the replica finds in the log behind the store's tip, as a node's start does.
std::expected<void, std::string> Redo(const Truth& truth, DataDirectory& data);
/// Its validator waits for answers of its peers and votes nowhere.
bool IsMute(const DataDirectory& data);
/// Whether a finding of the start begins with `part` ("votelog."), the harmless cut of a tail left
/// out.
bool Names(const DataDirectory& data, std::string_view part);

}  // namespace beian::storage
