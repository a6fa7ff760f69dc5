#include "client/sdk/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <string>

#include "client/sdk/text.h"
#include "ledger/json/json.h"

namespace beian::client {
namespace {

constexpr size_t kReadChunkBytes = 64 << 10;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ > STDERR_FILENO) ::close(value_);
  }
  int value() const { return value_; }
  bool open() const { return value_ >= 0; }

 private:
  int value_;
};

bool WriteAll(int descriptor, BytesView octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(descriptor, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

void SyncFolder(const std::filesystem::path& folder) {
  const Descriptor descriptor(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.open()) ::fsync(descriptor.value());
}

std::string KindOf(BytesView contents) {
  const Json whole = ParseJson(contents);
  if (whole.is_object() && whole.contains("schema") && whole["schema"].is_string()) {
    return whole["schema"];
  }
  std::string line(contents.substr(0, contents.find('\n')));
  const Json row = ParseJson(line);
  if (row.is_object() && !row.empty()) return "rows with " + std::prev(row.end()).key();
  std::erase_if(line, [](char c) { return c >= '0' && c <= '9'; });
  return line;
}

}  // namespace

std::optional<ClientError> NotUtf8(std::string_view id, std::string_view text,
                                   const std::filesystem::path& path) {
  size_t number = 1;
  for (std::string_view rest = text; ToNfc(rest.substr(0, rest.find('\n'))); ++number) {
    if (rest.find('\n') == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(rest.find('\n') + 1);
  }
  // Editors and spreadsheets of a Chinese system save GBK, or UTF-16 as "Unicode text".
  const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  return ClientError{
      std::string(id),
      fmt::format("Line {} is not UTF-8; the file seems to be in {}.", number,
                  utf16 ? "UTF-16" : "GBK, or another encoding of old"),
      path.string(),
      "Save it in UTF-8 (of a spreadsheet: \"CSV UTF-8\"), or convert it with iconv.",
      fmt::format("iconv -f {} -t UTF-8 {} > utf8{}", utf16 ? "UTF-16" : "GB18030", path.string(),
                  path.extension().string()),
      Exit::kFailed,
      0};
}

ClientError FileError(std::string_view id, std::string_view what, const std::filesystem::path& path,
                      int error_number) {
  ClientError error;
  error.id = id;
  error.message = fmt::format("{}: {}", what, std::strerror(error_number));
  error.object = path.string();
  error.remedy = error_number == ENOENT ? "Check the path, or make the file first."
                                        : "Check the path, its owner and its permissions.";
  error.exit = error_number == ENOENT ? Exit::kNotFound : Exit::kFailed;
  return error;
}

std::expected<Bytes, ClientError> ReadFile(const std::filesystem::path& path, size_t bytes_max) {
  const Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    return std::unexpected(FileError("file.cannot_read", "The file cannot be read", path, errno));
  }
  Bytes contents;
  std::string chunk(kReadChunkBytes, '\0');
  while (true) {
    const ssize_t count = ::read(file.value(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return std::unexpected(FileError("file.cannot_read", "The file cannot be read", path, errno));
    }
    if (count == 0) return contents;
    contents.append(chunk, 0, static_cast<size_t>(count));
    if (contents.size() > bytes_max) {
      return std::unexpected(ClientError{
          "file.too_large", fmt::format("The file is larger than {} octets.", bytes_max),
          path.string(), "Give the file that is meant, or split it.", "", Exit::kFailed, 0});
    }
  }
}

std::expected<void, ClientError> MayReplace(const std::filesystem::path& path, BytesView contents) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  const auto refused = std::unexpected(
      ClientError{"file.other_kind", "A file of another kind stands there, and it is not replaced.",
                  Printable(path.string()), "Choose another name.", "", Exit::kFailed, 0});
  if (!std::filesystem::is_regular_file(path, ignored)) return refused;
  if (std::filesystem::file_size(path, ignored) == 0) return {};
  const auto had = ReadFile(std::filesystem::absolute(path, ignored), kTextFileBytesMax);
  if (!had && had.error().id == "file.cannot_read") return std::unexpected(had.error());
  if (!had || KindOf(*had) != KindOf(contents)) return refused;
  return {};
}

std::expected<void, ClientError> WriteFile(const std::filesystem::path& path, BytesView contents,
                                           mode_t mode) {
  const auto failed = [&](int number) {
    return std::unexpected(
        FileError("file.cannot_write", "The file cannot be written", path, number));
  };
  if (const auto may = MayReplace(path, contents); !may) return may;
  std::string temporary = path.string() + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.open()) return failed(errno);
  const bool written = ::fchmod(file.value(), mode) == 0 && WriteAll(file.value(), contents) &&
                       ::fsync(file.value()) == 0 && ::rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    const int number = errno;
    ::unlink(temporary.c_str());
    return failed(number);
  }
  SyncFolder(path.parent_path());
  return {};
}

std::expected<void, ClientError> MakeFolder(const std::filesystem::path& path, mode_t mode) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error || ::chmod(path.c_str(), mode) != 0) {
    const int number = error ? error.value() : errno;
    return std::unexpected(
        FileError("file.cannot_make_folder", "The folder cannot be made", path, number));
  }
  return {};
}

}  // namespace beian::client
