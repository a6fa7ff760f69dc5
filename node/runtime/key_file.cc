#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "node/runtime/config.h"

namespace beian {
namespace {

constexpr size_t kKeyFileBytesMax = 16'384;
constexpr mode_t kOthersMask = 077;

/// Closes the descriptor at the end of its scope.
struct Descriptor {
  int number;
  explicit Descriptor(const std::filesystem::path& file)
      : number(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (number >= 0) {
      ::close(number);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

/// Judges the file that was opened, so that it cannot be exchanged between check and use.
std::expected<void, ConfigError> CheckOpened(const std::filesystem::path& file,
                                             const Descriptor& opened) {
  const std::string name = file.string();
  struct stat status {};
  if (opened.number < 0 || ::fstat(opened.number, &status) != 0 || !S_ISREG(status.st_mode)) {
    return std::unexpected(
        ConfigError{"key.unreadable", name + ": the key file is missing or not "
                                             "readable; `beian key new` makes one"});
  }
  if (status.st_uid != ::geteuid()) {
    return std::unexpected(
        ConfigError{"key.foreign_owner", name + ": the key file belongs to user " +
                                             std::to_string(status.st_uid) + "; run: chown " +
                                             std::to_string(::geteuid()) + " " + name});
  }
  if ((status.st_mode & kOthersMask) != 0) {
    return std::unexpected(ConfigError{
        "key.open_to_others", name + ": others may use the key file; run: chmod 600 " + name});
  }
  return {};
}

}  // namespace

std::expected<void, ConfigError> CheckKeyFile(const std::filesystem::path& file) {
  return CheckOpened(file, Descriptor(file));
}

std::expected<PrivateKey, ConfigError> LoadPrivateKey(const std::filesystem::path& file) {
  const Descriptor opened(file);
  if (const auto checked = CheckOpened(file, opened); !checked) {
    return std::unexpected(checked.error());
  }
  Bytes pem(kKeyFileBytesMax, '\0');
  size_t size = 0;
  while (size < pem.size()) {
    const ssize_t got = ::read(opened.number, pem.data() + size, pem.size() - size);
    if (got <= 0) {
      break;
    }
    size += static_cast<size_t>(got);
  }
  auto key = PrivateKey::FromPem(BytesView(pem).substr(0, size));
  pem.assign(pem.size(), '\0');
  if (!key) {
    return std::unexpected(
        ConfigError{"key.malformed", file.string() + ": not an unencrypted PKCS #8 PEM of a "
                                                     "known scheme; `beian key new` makes one"});
  }
  return std::move(*key);
}

}  // namespace beian
