#include "client/cli/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "client/cli/language.h"
#include "client/sdk/files.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kClusterFolderMode = 0700;

/// False when the folder was deleted, and perhaps made anew, while we waited.
bool StillStands(const fs::path& dir, int descriptor) {
  struct stat held{};
  struct stat there{};
  return ::fstat(descriptor, &held) == 0 && ::stat(dir.c_str(), &there) == 0 &&
         held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

}  // namespace

std::expected<FolderLock, ClientError> FolderLock::Take(const Session& session,
                                                        const fs::path& dir) {
  while (true) {
    std::error_code ignored;
    const bool made = !fs::exists(dir, ignored);
    if (made) {
      const auto folder = MakeFolder(dir, kClusterFolderMode);
      if (!folder) return std::unexpected(folder.error());
    }
    const int descriptor = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT) continue;
    if (descriptor < 0) {
      return std::unexpected(
          FileError("file.cannot_read", "The folder cannot be opened", dir, errno));
    }
    FolderLock lock(dir, descriptor, made);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      session.Say(Tr("Another command changes this folder; waiting for it..."));
      while (::flock(descriptor, LOCK_EX) != 0 && errno == EINTR) {
      }
    }
    if (StillStands(dir, descriptor)) return lock;
    lock.made_ = false;
  }
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : dir_(std::move(other.dir_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      made_(std::exchange(other.made_, false)) {}

FolderLock::~FolderLock() {
  if (made_) ::rmdir(dir_.c_str());
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace beian::client
