#pragma once

#include <expected>
#include <filesystem>

#include "client/sdk/error.h"
#include "ledger/crypto/keys.h"

namespace beian::client {

/// A private key from a PKCS #8 PEM file. A file that others may read is refused.
std::expected<PrivateKey, ClientError> LoadKeyFile(const std::filesystem::path& path);

/// Writes a key to a new file of mode 0600; an existing file is never replaced.
std::expected<void, ClientError> CreateKeyFile(const std::filesystem::path& path,
                                               const PrivateKey& key);

}  // namespace beian::client
