#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"

namespace beian {

/// Errors name the call, the file and the system's reason: "fdatasync /data/votes-0.log: No space
/// left on device".
using FileResult = std::expected<void, std::string>;

/// An open file. Movable; one thread. Interrupted and short calls are continued.
class File {
 public:
  /// `flags` of open(2); new files are readable by their owner only.
  static std::expected<File, std::string> Open(const std::string& path, int flags);

  File() = default;
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  std::expected<Bytes, std::string> ReadAll() const;
  FileResult WriteAt(BytesView octets, uint64_t offset);
  /// Reserves `size` octets that read as zero, so that syncs of later writes change no metadata.
  FileResult Allocate(uint64_t size);
  FileResult Sync();  ///< fdatasync: octets, and the size when it changed
  /// Begins to write dirty pages out and does not wait: the next Sync of any file on the same
  /// device makes them durable. Not a promise.
  void StartWriteback();
  /// Exclusive lock that ends with this object or the process. False: another holds it.
  std::expected<bool, std::string> TryLock();
  const std::string& path() const { return path_; }

 private:
  File(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_ = -1;
  std::string path_;
};

/// Makes creations, renames and removals in a directory durable.
FileResult SyncDirectory(const std::string& directory);
/// Both in one directory, which is synced.
FileResult RenameDurably(const std::string& directory, const std::string& from,
                         const std::string& to);
FileResult RemoveFile(const std::string& path);
/// Creates it, owner only, unless it exists; the parent must exist and is synced.
FileResult MakeDirectory(const std::string& directory);
/// Names in a directory, ascending, without "." and "..".
std::expected<std::vector<std::string>, std::string> ListDirectory(const std::string& directory);
bool FileExists(const std::string& path);
enum class FileKind { kFile, kDirectory };
/// "it is a directory, not a file" when something else stands at `path` than belongs there; nothing
/// when it is right or absent. A symbolic link is what it points to.
std::optional<std::string> WrongKind(const std::string& path, FileKind wanted);

/// Moves `names` of `directory` into a new folder `damaged-<UTC time>` in it, in that order, each
/// durably.
FileResult MoveAside(const std::string& directory, const std::vector<std::string>& names);
/// Moves `path` itself into such a folder beside it.
FileResult MoveAside(const std::string& path);

}  // namespace beian
