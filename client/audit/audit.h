#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/audit/block_source.h"
#include "ledger/json/json.h"
#include "ledger/verify/chain_walk.h"

namespace beian::client {

struct AuditOptions {
  AuditLevel level = AuditLevel::kL3;
  size_t threads = 1;                   ///< that prepare blocks
  std::filesystem::path progress_file;  ///< empty: none
  uint64_t last = 0;                    ///< height to end at; 0: as far as the source reaches
  /// Called on the caller's thread with the height checked; false ends the audit early.
  std::function<bool(uint64_t height, uint64_t tip)> step;
};

/// What an audit found. The same chain gives the same report.
struct AuditReport {
  AuditLevel level = AuditLevel::kL3;
  std::string source;
  uint64_t blocks = 0;  ///< checked, from height 1
  uint64_t transactions = 0;
  std::optional<uint64_t> actions;  ///< counted from L1
  Header tip;                       ///< of the last good block
  uint64_t claimed_tip = 0;         ///< how far the source says it reaches; 0: not known
  std::optional<Finding> finding;
  std::optional<ClientError> failure;  ///< of the source: what lies behind was not checked
  bool interrupted = false;

  /// Everything asked for was checked and is good.
  bool clean() const { return !finding && !failure && !interrupted && blocks > 0; }
};

/// Whether an audit may begin with its progress file. Errors: file.other_kind, it is none;
/// usage.progress_beyond, it is already past `last`.
std::expected<void, ClientError> CheckProgressFile(const AuditOptions& options,
                                                   const Genesis& genesis);

/// Walks the source up to `last`. `walk` must be new and of the same genesis and level; afterwards
/// it holds the state for whoever counts.
///
/// A progress file says up to which height an earlier run checked and the id of that block. Blocks
/// up to there are linked, hashed and replayed again, but their signatures are not checked again:
/// the id at that height commits to all of them. When it is another id, everything is checked.
AuditReport RunAudit(BlockSource& source, const Genesis& genesis, ChainWalk& walk,
                     const AuditOptions& options);

/// A finding that says nothing of the blocks below: the source's chain is not that of the file.
inline constexpr std::string_view kProgressDiffers = "audit.progress_differs";

/// "L3".
std::string_view AuditLevelName(AuditLevel level);
std::optional<AuditLevel> ParseAuditLevel(std::string_view text);

/// One kind of check that the level asks for, and how far it got.
struct AuditCheck {
  enum class Result : uint8_t { kPassed, kFailed, kNotDone };
  std::string_view what;
  Result result = Result::kNotDone;
  uint64_t height = 0;  ///< passed: of every block up to here; failed: of this one; else 0
};
std::vector<AuditCheck> AuditChecks(const AuditReport& report);
/// "passed", "failed", "not_done".
std::string_view AuditResultId(AuditCheck::Result result);
/// What the level does not look at, one line each.
std::vector<std::string> AuditLimits(AuditLevel level);

Json AuditJson(const AuditReport& report, const Genesis& genesis);

}  // namespace beian::client
