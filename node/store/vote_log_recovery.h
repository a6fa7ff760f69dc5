#pragma once

#include "node/store/vote_log_writer.h"

namespace beian::vote_log {

struct Recovery {
  RecoveredLog log;
  LogState state;                        ///< without a finding only
  std::vector<std::string> left_behind;  ///< names of files that no longer count: remove them
};

/// Reads and judges every file of a log. Changes nothing. An error means that the file system
/// failed, and tells nothing about the log.
std::expected<Recovery, std::string> Recover(const std::string& directory,
                                             const LogIdentity& identity);

}  // namespace beian::vote_log
