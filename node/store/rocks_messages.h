#pragma once

#include <rocksdb/env.h>

#include <memory>
#include <mutex>
#include <string>

#include "node/store/file.h"

namespace beian::rocks {

/// RocksDB's messages, warnings and worse, in the file LOG beside its tables; those of the run
/// before stand in LOG.old. A disk that fails costs messages and nothing else: RocksDB's own file
/// ends the process by an assertion when it writes after a failed write, and nobody learns what the
/// disk did. Any thread.
class MessageFile : public rocksdb::Logger {
 public:
  static std::shared_ptr<MessageFile> In(const std::string& directory);
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override;

  static constexpr size_t kBytesMax = 1 << 20;  ///< of a run; what comes later is dropped

 private:
  explicit MessageFile(File file);

  std::mutex mutex_;
  File file_;
  uint64_t size_ = 0;
};

}  // namespace beian::rocks
