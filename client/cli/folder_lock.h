#pragma once

#include <expected>
#include <filesystem>

#include "client/cli/session.h"

namespace beian::client {

/// The right to change the folder of a cluster, for one command at a time: an advisory lock on the
/// folder itself, which ends with the process at the latest. Nodes do not hold it.
class FolderLock {
 public:
  /// Makes the folder when it is not there, and waits for the command that changes it.
  /// Errors: "file.*".
  static std::expected<FolderLock, ClientError> Take(const Session& session,
                                                     const std::filesystem::path& dir);
  FolderLock(FolderLock&& other) noexcept;
  /// A folder that was made for the lock and is still empty goes with it.
  ~FolderLock();

 private:
  FolderLock(std::filesystem::path dir, int descriptor, bool made)
      : dir_(std::move(dir)), descriptor_(descriptor), made_(made) {}

  std::filesystem::path dir_;
  int descriptor_ = -1;  ///< -1: moved away
  bool made_ = false;
};

}  // namespace beian::client
