#include "node/store/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "ledger/base/calendar.h"

namespace beian {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kDirectoryMode = 0700;
constexpr int kMoveAsideAttemptsMax = 100;  // folders named after one millisecond

std::unexpected<std::string> Failure(std::string_view call, const std::string& path) {
  return std::unexpected(fmt::format("{} {}: {}", call, path, std::strerror(errno)));
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.find_last_of('/', path.find_last_not_of('/'));
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string NameOf(const std::string& path) {
  const size_t end = path.find_last_not_of('/') + 1;
  const size_t slash = path.find_last_of('/', end - 1);
  return slash == std::string::npos ? path.substr(0, end) : path.substr(slash + 1, end - slash - 1);
}

std::string_view KindName(mode_t mode) {
  if (S_ISREG(mode)) return "a file";
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISLNK(mode)) return "a symbolic link to nothing";
  return "a device, a pipe or a socket";
}

}  // namespace

std::expected<File, std::string> File::Open(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, kFileMode);
  if (descriptor < 0) return Failure("open", path);
  return File(descriptor, path);
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::expected<Bytes, std::string> File::ReadAll() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return Failure("fstat", path_);
  Bytes octets(static_cast<size_t>(status.st_size), '\0');
  size_t done = 0;
  while (done < octets.size()) {
    const ssize_t got =
        ::pread(descriptor_, octets.data() + done, octets.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failure("pread", path_);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  octets.resize(done);
  return octets;
}

FileResult File::WriteAt(BytesView octets, uint64_t offset) {
  while (!octets.empty()) {
    const ssize_t written =
        ::pwrite(descriptor_, octets.data(), octets.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failure("pwrite", path_);
    octets.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return {};
}

FileResult File::Allocate(uint64_t size) {
  const int error = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(size));
  if (error == 0) return {};
  errno = error;
  return Failure("fallocate", path_);
}

FileResult File::Sync() {
  if (::fdatasync(descriptor_) != 0) return Failure("fdatasync", path_);
  return {};
}

void File::StartWriteback() {
  ::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE);
}

std::expected<bool, std::string> File::TryLock() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  return Failure("flock", path_);
}

FileResult SyncDirectory(const std::string& directory) {
  auto file = File::Open(directory, O_RDONLY | O_DIRECTORY);
  if (!file) return std::unexpected(file.error());
  return file->Sync();
}

FileResult RenameDurably(const std::string& directory, const std::string& from,
                         const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return Failure("rename", from);
  return SyncDirectory(directory);
}

FileResult RemoveFile(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return Failure("unlink", path);
  return {};
}

FileResult MakeDirectory(const std::string& directory) {
  if (::mkdir(directory.c_str(), kDirectoryMode) != 0) {
    if (errno == EEXIST) return {};
    return Failure("mkdir", directory);
  }
  return SyncDirectory(ParentOf(directory));
}

std::expected<std::vector<std::string>, std::string> ListDirectory(const std::string& directory) {
  DIR* const stream = ::opendir(directory.c_str());
  if (stream == nullptr) return Failure("opendir", directory);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* const entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  const int error = errno;
  ::closedir(stream);
  if (error != 0) {
    errno = error;
    return Failure("readdir", directory);
  }
  std::ranges::sort(names);
  return names;
}

bool FileExists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

std::optional<std::string> WrongKind(const std::string& path, FileKind wanted) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 && ::lstat(path.c_str(), &status) != 0) return {};
  const bool directory = wanted == FileKind::kDirectory;
  if (directory ? S_ISDIR(status.st_mode) : S_ISREG(status.st_mode)) return {};
  return fmt::format("it is {}, not {}", KindName(status.st_mode),
                     directory ? "a directory" : "a file");
}

FileResult MoveAside(const std::string& directory, const std::vector<std::string>& names) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const std::string stamp = FormatTime(TimeMs(static_cast<uint64_t>(now.count())));
  std::string folder;
  int attempt = 0;
  do {
    if (attempt == kMoveAsideAttemptsMax) return Failure("mkdir", folder);
    folder = fmt::format("{}/damaged-{}", directory, stamp);
    if (attempt > 0) folder += fmt::format("-{}", attempt);
    ++attempt;
  } while (::mkdir(folder.c_str(), kDirectoryMode) != 0 && errno == EEXIST);
  for (const std::string& name : names) {
    const std::string from = directory + "/" + name;
    if (::rename(from.c_str(), (folder + "/" + name).c_str()) != 0) return Failure("rename", from);
    if (const auto synced = SyncDirectory(directory); !synced) return synced;
  }
  return SyncDirectory(folder);
}

FileResult MoveAside(const std::string& path) {
  return MoveAside(ParentOf(path), {NameOf(path)});
}

}  // namespace beian
