#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "ledger/crypto/keys.h"
#include "node/consensus/timing.h"
#include "node/mempool/mempool.h"
#include "node/runtime/log.h"

namespace beian {

/// An IP address or a host name, and a port. IPv6 addresses stand in brackets: [::1]:7101.
struct Endpoint {
  std::string host;
  uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
  std::string ToString() const;
};
/// "host:port" with a port from 1 to 65535.
std::optional<Endpoint> ParseEndpoint(std::string_view text);

/// beiand's configuration: what may differ between nodes. Everything that consensus depends on
/// stands in genesis. Paths are absolute or relative to the file's own folder.
///
///   [node]
///   data_dir = "data"                # made when missing
///   genesis = "genesis.toml"
///   validator = "beijing"            # its name in genesis
///   consensus_key = "consensus.pem"  # PKCS #8 PEM of mode 0600
///   tls_key = "tls.pem"
///   [peers]
///   listen = "127.0.0.1:7101"      
///   [peers.addresses]                # by name in genesis; its own entry is ignored
///   cac = "127.0.0.1:7100"
///   [api]
///   listen = "127.0.0.1:7201"
///   threads = 1                      # 1 to 32
///   [operations]
///   listen = "127.0.0.1:7301"
///   [log]
///   level = "info"                   # debug, info, warning, error
///   [limits]
///   verify_threads = 2               # 1 to 64; default: processors, at most 8
///   mempool_transactions = 20000     # 100 to 1,000,000
///   mempool_bytes = 64000000         # 1 MB to 4 GB
///   mempool_per_signer = 10000       # 1 to mempool_transactions
///   connections = 512                # of the API; 8 to 4,096
///   store_checked_bytes = 512000000  # a store up to this is read whole before the node serves, a
///                                    # larger one meanwhile; 0 to 1 PB
///   [timing]                         # milliseconds; for tests and unusual networks
///   delta_ms = 400                   # 10 to 30,000
///   min_interval_ms = 20             # 0 to 10,000
///   status_every_ms = 2000           # 100 to 60,000
///   skip_after_ms = 10000            # 1,000 to 600,000
struct Config {
  std::filesystem::path file;
  std::filesystem::path data_dir;
  std::filesystem::path genesis;
  std::string validator;
  std::filesystem::path consensus_key;
  std::filesystem::path tls_key;
  Endpoint peers_listen;
  std::map<std::string, Endpoint> peer_addresses;
  Endpoint api_listen{"127.0.0.1", 7201};
  uint32_t api_threads = 1;
  Endpoint operations_listen{"127.0.0.1", 7301};
  LogLevel log_level = LogLevel::kInfo;
  uint32_t verify_threads = 1;
  size_t api_connections_max = 512;
  uint64_t store_checked_bytes = 512'000'000;
  MempoolLimits mempool;
  consensus::Timing timing;
};

/// Ready to show: `file:line: what; remedy`.
struct ConfigError {
  std::string id;  ///< "config.unknown_key"
  std::string message;
};

/// Reads, parses and checks all of it, the modes of the key files too. Errors: config.unreadable,
/// .syntax, .unknown_key, .missing_key, .bad_type, .bad_value, .conflict, key.unreadable,
/// key.open_to_others, key.foreign_owner.
std::expected<Config, ConfigError> LoadConfig(const std::filesystem::path& file);

/// Whether `file` may hold a key: a regular file that the user owns, of mode 0600 or stricter.
std::expected<void, ConfigError> CheckKeyFile(const std::filesystem::path& file);
/// A private key of a file of mode 0600 (or stricter) that the user owns; else key.* as above, or
/// key.malformed. Its content never stands in a message.
std::expected<PrivateKey, ConfigError> LoadPrivateKey(const std::filesystem::path& file);

}  // namespace beian
