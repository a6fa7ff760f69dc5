#pragma once

#include <sys/types.h>

#include <expected>
#include <filesystem>
#include <optional>
#include <string_view>

#include "client/sdk/error.h"
#include "ledger/base/bytes.h"

namespace beian::client {

inline constexpr size_t kTextFileBytesMax = 16 << 20;
inline constexpr mode_t kPublicFileMode = 0644;
inline constexpr mode_t kPrivateFileMode = 0600;

/// Whole contents of a regular file of at most `bytes_max` octets; "-" reads standard input.
std::expected<Bytes, ClientError> ReadFile(const std::filesystem::path& path, size_t bytes_max);

/// Whether a file with these contents may be written there. A file is replaced only by one of its
/// own kind, which it tells itself: by the schema of a JSON object, the last field of a first row
/// of JSON, else the first line but for its digits. An empty file is of any kind. Error:
/// file.other_kind.
std::expected<void, ClientError> MayReplace(const std::filesystem::path& path, BytesView contents);

/// Replaces the file in one step: after a crash it holds the old contents or all of the new ones.
/// What MayReplace refuses stays as it is.
std::expected<void, ClientError> WriteFile(const std::filesystem::path& path, BytesView contents,
                                           mode_t mode);

std::expected<void, ClientError> MakeFolder(const std::filesystem::path& path, mode_t mode);

/// Which line is not UTF-8, in what the file seems to be written, and the command that converts it;
/// nothing when all of it is UTF-8.
std::optional<ClientError> NotUtf8(std::string_view id, std::string_view text,
                                   const std::filesystem::path& path);

/// What the operating system said, as an error about that file.
ClientError FileError(std::string_view id, std::string_view what, const std::filesystem::path& path,
                      int error_number);

}  // namespace beian::client
