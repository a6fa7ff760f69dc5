#include "client/cli/folder_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "client/cli/file_lock.h"
#include "client/cli/language.h"
#include "client/sdk/files.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kClusterFolderMode = 0700;

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
    if (LockAlone(session, descriptor, dir,
                  Tr("Another command changes this folder; waiting for it..."))) {
      return lock;
    }
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
