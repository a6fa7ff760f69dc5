#include "client/sdk/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "client/sdk/files.h"

namespace beian::client {
namespace {

constexpr size_t kKeyFileBytesMax = 4096;
constexpr mode_t kOthersMask = 077;

ClientError NotAKey(const std::filesystem::path& path) {
  return {"key.not_a_key",
          "The file holds no unencrypted P-256 or Ed25519 key in PKCS #8 PEM form.",
          path.string(),
          "Give a key file that `beian key new` made.",
          "beian key new my-key.pem",
          Exit::kFailed,
          0};
}

}  // namespace

std::expected<PrivateKey, ClientError> LoadKeyFile(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    ClientError error = FileError("key.cannot_read", "The key file cannot be read", path, errno);
    error.next = fmt::format("beian key new {}", path.string());
    return std::unexpected(std::move(error));
  }
  // What is no key file at all needs no other permissions.
  const auto pem = ReadFile(path, kKeyFileBytesMax);
  const bool other_kind = pem ? !pem->contains("-----BEGIN") : pem.error().id == "file.too_large";
  if (other_kind) return std::unexpected(NotAKey(path));
  if (!pem) return std::unexpected(pem.error());
  if ((status.st_mode & kOthersMask) != 0) {
    return std::unexpected(ClientError{
        "key.bad_permissions",
        fmt::format("Others may read the key file: its mode is {:04o}.", status.st_mode & 07777),
        path.string(), "Take the permission away, and make a new key if others may have read it.",
        fmt::format("chmod 600 {}", path.string()), Exit::kFailed, 0});
  }
  auto key = PrivateKey::FromPem(*pem);
  if (!key) return std::unexpected(NotAKey(path));
  return *std::move(key);
}

std::expected<void, ClientError> CreateKeyFile(const std::filesystem::path& path,
                                               const PrivateKey& key) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivateFileMode);
  if (file < 0) {
    ClientError error = FileError("key.cannot_write", "The key file cannot be made", path, errno);
    if (errno == EEXIST) error.remedy = "Choose another name: a key file is never replaced.";
    return std::unexpected(std::move(error));
  }
  const Bytes pem = key.ToPem();
  const bool written = ::write(file, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()) &&
                       ::fsync(file) == 0;
  const int number = errno;
  ::close(file);
  if (written) return {};
  ::unlink(path.c_str());
  return std::unexpected(
      FileError("key.cannot_write", "The key file cannot be written", path, number));
}

}  // namespace beian::client
