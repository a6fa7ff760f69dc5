#include "tests/support/disk_faults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace beian {
namespace {

/// The next definition of a call: that of the C library, or of a sanitizer before it.
template <class Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

constexpr int kDescriptorsMax = 1'024;

/// A file as its last sync left it.
struct Synced {
  int descriptor = -1;
  std::string octets;
};

std::recursive_mutex disk_mutex;  // of all below
std::optional<DiskFaultPlan> disk_plan;
DiskFaultSeen* disk_seen = nullptr;
bool counted_descriptors[kDescriptorsMax];
std::map<std::pair<dev_t, ino_t>, Synced> synced_files;

bool Counts(int descriptor) {
  return disk_plan && descriptor >= 0 && descriptor < kDescriptorsMax &&
         counted_descriptors[descriptor];
}
bool Counts(const char* path) {
  return disk_plan && std::string_view(path).starts_with(disk_plan->directory);
}
void Mark(int descriptor, bool counts) {
  if (descriptor >= 0 && descriptor < kDescriptorsMax) counted_descriptors[descriptor] = counts;
}

std::optional<std::pair<dev_t, ino_t>> FileOf(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return std::pair(status.st_dev, status.st_ino);
}

/// Before a file changes for the first time since its last sync.
void KeepSynced(int descriptor) {
  const auto file = FileOf(descriptor);
  if (!file || synced_files.contains(*file)) return;
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  static auto* const open_file = Next<int(const char*, int, ...)>("open");
  static auto* const read_at = Next<ssize_t(int, void*, size_t, off_t)>("pread");
  Synced synced;
  synced.descriptor = open_file(path.c_str(), O_RDWR | O_CLOEXEC);
  struct stat status {};
  ::fstat(descriptor, &status);
  synced.octets.resize(static_cast<size_t>(status.st_size));
  const ssize_t got = read_at(synced.descriptor, synced.octets.data(), synced.octets.size(), 0);
  synced.octets.resize(static_cast<size_t>(got < 0 ? 0 : got));
  synced_files[*file] = std::move(synced);
}

void Forget(int descriptor) {
  const auto file = FileOf(descriptor);
  const auto found = file ? synced_files.find(*file) : synced_files.end();
  if (found == synced_files.end()) return;
  ::close(found->second.descriptor);
  synced_files.erase(found);
}

void Restore(const Synced& synced) {
  static auto* const truncate_file = Next<int(int, off_t)>("ftruncate");
  static auto* const write_at = Next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  (void)truncate_file(synced.descriptor, 0);
  (void)write_at(synced.descriptor, synced.octets.data(), synced.octets.size(), 0);
}

void LoseUnsynced(int descriptor) {
  const auto file = FileOf(descriptor);
  const auto found = file ? synced_files.find(*file) : synced_files.end();
  if (found != synced_files.end()) Restore(found->second);
}

[[noreturn]] void CutPower() {
  for (const auto& [file, synced] : synced_files) Restore(synced);
  ::_exit(kPowerCutExit);
}

bool FailsNow(DiskCall call) {
  if ((disk_plan->kinds >> static_cast<unsigned>(call) & 1) == 0) return false;
  const uint64_t number = disk_seen->calls++;
  if (disk_seen->happened) {
    return disk_plan->fault == DiskFault::kForGood && call != DiskCall::kRead;
  }
  if (number != disk_plan->call) return false;
  disk_seen->happened = true;
  disk_seen->call = call;
  if (disk_plan->fault == DiskFault::kPowerCut) CutPower();
  return true;
}

template <class Place>
bool FailsNow(DiskCall call, Place place) {
  return Counts(place) && FailsNow(call);
}

int Fail(int error) {
  errno = error;
  return -1;
}

}  // namespace

std::string_view DiskCallName(DiskCall call) {
  constexpr std::string_view kNames[kDiskCalls] = {"open",   "read",   "write",   "sync",
                                                   "rename", "remove", "allocate"};
  return kNames[static_cast<size_t>(call)];
}

void ArmDiskFault(const DiskFaultPlan& plan, DiskFaultSeen& seen) {
  const std::lock_guard lock(disk_mutex);
  seen = {};
  disk_seen = &seen;
  disk_plan = plan;
}

void DisarmDiskFault() {
  const std::lock_guard lock(disk_mutex);
  disk_plan.reset();
  for (const auto& [file, synced] : synced_files) ::close(synced.descriptor);
  synced_files.clear();
}

}  // namespace beian

using namespace beian;  // NOLINT: what follows stands in for the C library

extern "C" {

int open(const char* path, int flags, ...) {
  static auto* const next = Next<int(const char*, int, ...)>("open");
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  const std::lock_guard lock(disk_mutex);
  if (FailsNow(DiskCall::kOpen, path)) return Fail(EIO);
  const int descriptor = next(path, flags, mode);
  Mark(descriptor, Counts(path));
  if ((flags & O_TRUNC) != 0 && Counts(descriptor)) Forget(descriptor);
  return descriptor;
}

FILE* fopen(const char* path, const char* mode) {
  static auto* const next = Next<FILE*(const char*, const char*)>("fopen");
  const std::lock_guard lock(disk_mutex);
  if (FailsNow(DiskCall::kOpen, path)) return Fail(EIO), nullptr;
  FILE* const file = next(path, mode);
  if (file != nullptr) Mark(::fileno(file), Counts(path));
  return file;
}

FILE* fopen64(const char* path, const char* mode) { return fopen(path, mode); }

int close(int descriptor) {
  static auto* const next = Next<int(int)>("close");
  const std::lock_guard lock(disk_mutex);
  Mark(descriptor, false);
  return next(descriptor);
}

DIR* opendir(const char* path) {
  static auto* const next = Next<DIR*(const char*)>("opendir");
  const std::lock_guard lock(disk_mutex);
  if (FailsNow(DiskCall::kRead, path)) return Fail(EIO), nullptr;
  return next(path);
}

ssize_t read(int descriptor, void* octets, size_t count) {
  static auto* const next = Next<ssize_t(int, void*, size_t)>("read");
  {
    const std::lock_guard lock(disk_mutex);
    if (FailsNow(DiskCall::kRead, descriptor)) return Fail(EIO);
  }
  return next(descriptor, octets, count);  // which may wait
}

ssize_t pread(int descriptor, void* octets, size_t count, off_t offset) {
  static auto* const next = Next<ssize_t(int, void*, size_t, off_t)>("pread");
  const std::lock_guard lock(disk_mutex);
  if (FailsNow(DiskCall::kRead, descriptor)) return Fail(EIO);
  return next(descriptor, octets, count, offset);
}

size_t fread_unlocked(void* octets, size_t size, size_t count, FILE* file) {
  static auto* const next = Next<size_t(void*, size_t, size_t, FILE*)>("fread_unlocked");
  const std::lock_guard lock(disk_mutex);
  if (FailsNow(DiskCall::kRead, ::fileno(file))) return Fail(EIO), 0;
  return next(octets, size, count, file);
}

ssize_t write(int descriptor, const void* octets, size_t count) {
  static auto* const next = Next<ssize_t(int, const void*, size_t)>("write");
  {
    const std::lock_guard lock(disk_mutex);
    if (Counts(descriptor)) KeepSynced(descriptor);
    if (FailsNow(DiskCall::kWrite, descriptor)) {
      (void)next(descriptor, octets, count / 2);
      return Fail(ENOSPC);
    }
  }
  return next(descriptor, octets, count);
}

ssize_t pwrite(int descriptor, const void* octets, size_t count, off_t offset) {
  static auto* const next = Next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  const std::lock_guard lock(disk_mutex);
  if (Counts(descriptor)) KeepSynced(descriptor);
  if (FailsNow(DiskCall::kWrite, descriptor)) {
    (void)next(descriptor, octets, count / 2, offset);
    return Fail(ENOSPC);
  }
  return next(descriptor, octets, count, offset);
}

int fdatasync(int descriptor) {
  static auto* const next = Next<int(int)>("fdatasync");
  const std::lock_guard lock(disk_mutex);
  if (FailsNow(DiskCall::kSync, descriptor)) {
    LoseUnsynced(descriptor);
    return Fail(EIO);
  }
  const int done = next(descriptor);
  if (done == 0 && Counts(descriptor)) Forget(descriptor);
  return done;
}

int fsync(int descriptor) { return fdatasync(descriptor); }

int rename(const char* from, const char* to) noexcept {
  static auto* const next = Next<int(const char*, const char*)>("rename");
  const std::lock_guard lock(disk_mutex);
  return FailsNow(DiskCall::kRename, from) ? Fail(EIO) : next(from, to);
}

int unlink(const char* path) noexcept {
  static auto* const next = Next<int(const char*)>("unlink");
  const std::lock_guard lock(disk_mutex);
  return FailsNow(DiskCall::kRemove, path) ? Fail(EIO) : next(path);
}

int remove(const char* path) noexcept {
  static auto* const next = Next<int(const char*)>("remove");
  const std::lock_guard lock(disk_mutex);
  return FailsNow(DiskCall::kRemove, path) ? Fail(EIO) : next(path);
}

int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const next = Next<int(const char*, mode_t)>("mkdir");
  const std::lock_guard lock(disk_mutex);
  return FailsNow(DiskCall::kAllocate, path) ? Fail(ENOSPC) : next(path, mode);
}

int ftruncate(int descriptor, off_t length) noexcept {
  static auto* const next = Next<int(int, off_t)>("ftruncate");
  const std::lock_guard lock(disk_mutex);
  if (Counts(descriptor)) KeepSynced(descriptor);
  return FailsNow(DiskCall::kAllocate, descriptor) ? Fail(EIO) : next(descriptor, length);
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  static auto* const next = Next<int(int, int, off_t, off_t)>("fallocate");
  const std::lock_guard lock(disk_mutex);
  if (Counts(descriptor)) KeepSynced(descriptor);
  if (FailsNow(DiskCall::kAllocate, descriptor)) return Fail(ENOSPC);
  return next(descriptor, mode, offset, length);
}

int posix_fallocate(int descriptor, off_t offset, off_t length) {
  static auto* const next = Next<int(int, off_t, off_t)>("posix_fallocate");
  const std::lock_guard lock(disk_mutex);
  if (Counts(descriptor)) KeepSynced(descriptor);
  if (FailsNow(DiskCall::kAllocate, descriptor)) return ENOSPC;
  return next(descriptor, offset, length);
}

}  // extern "C"
