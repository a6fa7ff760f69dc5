#include "node/store/rocks_messages.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstdio>

#include "ledger/base/calendar.h"

namespace beian::rocks {
namespace {

constexpr size_t kMessageBytesMax = 2'000;

std::string MessageTime() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return FormatTime(TimeMs(static_cast<uint64_t>(now.count())));
}

}  // namespace

std::shared_ptr<MessageFile> MessageFile::In(const std::string& directory) {
  const std::string path = directory + "/LOG";
  (void)std::rename(path.c_str(), (path + ".old").c_str());
  auto file = File::Open(path, O_WRONLY | O_CREAT | O_TRUNC);
  return std::shared_ptr<MessageFile>(new MessageFile(file ? *std::move(file) : File()));
}

MessageFile::MessageFile(File file)
    : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL), file_(std::move(file)) {}

void MessageFile::Logv(const char* format, va_list arguments) {
  const int error = errno;  // the caller may not have looked at it yet
  std::string text(kMessageBytesMax, '\0');
  const int length = std::vsnprintf(text.data(), text.size(), format, arguments);
  text.resize(std::min<size_t>(length < 0 ? 0 : static_cast<size_t>(length), text.size() - 1));
  const Bytes line = MessageTime() + " " + text + "\n";
  const std::lock_guard lock(mutex_);
  if (size_ + line.size() <= kBytesMax && file_.WriteAt(line, size_)) size_ += line.size();
  errno = error;
}

}  // namespace beian::rocks
