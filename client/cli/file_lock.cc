#include "client/cli/file_lock.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

namespace beian::client {

bool LockAlone(const Session& session, int descriptor, const std::filesystem::path& path,
               std::string_view waiting) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    session.Say(waiting);
    while (::flock(descriptor, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  struct stat held {};
  struct stat there {};
  return ::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &there) == 0 &&
         held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

}  // namespace beian::client
