#include "sim/command/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace beian::sim {
namespace {

std::expected<std::string, JournalError> ReadAll(int file) {
  std::string text;
  std::array<char, 65'536> buffer;
  while (true) {
    const ssize_t count = ::read(file, buffer.data(), buffer.size());
    if (count < 0) return std::unexpected(JournalError::kCannotOpen);
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<size_t>(count));
  }
}

}  // namespace

Journal::~Journal() {
  if (file_ >= 0) ::close(file_);
}

Journal::Journal(Journal&& other) noexcept
    : file_(std::exchange(other.file_, -1)), records_(std::move(other.records_)) {}

std::expected<Journal, JournalError> Journal::Open(const std::string& path, const Json& heading) {
  Journal journal(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (journal.file_ < 0) return std::unexpected(JournalError::kCannotOpen);
  if (::flock(journal.file_, LOCK_EX | LOCK_NB) != 0) return std::unexpected(JournalError::kInUse);
  if (const auto loaded = journal.Load(heading); !loaded) return std::unexpected(loaded.error());
  return journal;
}

std::expected<void, JournalError> Journal::Load(const Json& heading) {
  const auto text = ReadAll(file_);
  if (!text) return std::unexpected(text.error());
  size_t start = 0;
  for (size_t end = 0; (end = text->find('\n', start)) != std::string::npos; start = end + 1) {
    const Json line = ParseJson(std::string_view(*text).substr(start, end - start));
    if (start == 0) {
      if (!(line == heading)) return std::unexpected(JournalError::kOtherCampaign);
      continue;
    }
    auto record = ParseRecord(line);
    if (!record) return std::unexpected(JournalError::kDamaged);
    records_.push_back(*std::move(record));
  }
  // What has no end was being written when the process was killed.
  if (::ftruncate(file_, static_cast<off_t>(start)) != 0) {
    return std::unexpected(JournalError::kCannotWrite);
  }
  return start == 0 ? Write(PrintJson(heading)) : std::expected<void, JournalError>();
}

std::expected<void, JournalError> Journal::Append(const SeedRecord& record) {
  return Write(PrintJson(RecordJson(record)));
}

std::expected<void, JournalError> Journal::Write(const std::string& line) {
  const std::string whole = line + "\n";
  const ssize_t written = ::write(file_, whole.data(), whole.size());
  if (written == static_cast<ssize_t>(whole.size())) return {};
  return std::unexpected(JournalError::kCannotWrite);
}

}  // namespace beian::sim
