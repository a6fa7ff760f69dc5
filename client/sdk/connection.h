#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/sdk/error.h"
#include "ledger/chain/genesis.h"

namespace beian::client {

/// A setting with the place it came from: "--node", "BEIAN_NODES", "./beian.toml", "default".
template <class T>
struct Setting {
  T value{};
  std::string origin = "default";
};

inline constexpr size_t kNodesMax = 64;

/// Where the client finds nodes, what it trusts and what it signs with. Each setting comes from the
/// first place that has it: flag, environment BEIAN_NODES (comma-separated), BEIAN_GENESIS,
/// BEIAN_KEY, BEIAN_KEYS, BEIAN_LANG, ./beian.toml, $XDG_CONFIG_HOME/beian/beian.toml,
/// /etc/beian/beian.toml. --config or BEIAN_CONFIG replaces the three files. Paths in a file are
/// relative to its folder.
///
///   nodes = ["http://127.0.0.1:7201"]
///   genesis = "genesis.toml"       # the trust root; never fetched
///   key = "keys/my.pem"
///   keys = "keys"                  # folder of keys that --key may name without path and ending
///   lang = "zh-CN"                 # or "en"
struct Connection {
  Setting<std::vector<std::string>> nodes;
  Setting<std::filesystem::path> genesis;
  Setting<std::filesystem::path> key;
  Setting<std::filesystem::path> keys;
  Setting<std::string> lang;
  std::vector<std::filesystem::path> files;  ///< that were read, in order
};

/// What flags said; empty members were not given.
struct ConnectionFlags {
  std::vector<std::string> nodes;
  std::string genesis;
  std::string key;
  std::string lang;
  std::string config;
};

std::expected<Connection, ClientError> LoadConnection(const ConnectionFlags& flags);
/// The same, unchecked: files can be read, and what stands in them may be no address of a node.
std::expected<Connection, ClientError> ReadConnection(const ConnectionFlags& flags);
/// Flags and environment as they are, unchecked: for commands that connect to nothing.
Connection LoadWithoutFiles(const ConnectionFlags& flags);

/// Reads and checks the trust root.
std::expected<Genesis, ClientError> LoadGenesis(const Connection& connection);

/// The file of a key named by path, or by name in the folder of keys.
std::expected<std::filesystem::path, ClientError> FindKey(const Connection& connection);

/// "http://host:port" without a trailing slash; nothing when it is not such an address.
std::optional<std::string> NormaliseNodeUrl(std::string_view text);

}  // namespace beian::client
