#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "client/sdk/error.h"
#include "ledger/chain/genesis.h"
#include "ledger/filing/province.h"

namespace beian::client {

inline constexpr uint64_t kClusterNodesMax = 32;
inline constexpr uint64_t kClusterNodesDefault = 4;
/// Peers listen from the base port on, the API 100 and operations 200 above.
inline constexpr uint16_t kBasePortDefault = 7100;
inline constexpr uint16_t kApiPortOffset = 100;
inline constexpr uint16_t kOperationsPortOffset = 200;
inline constexpr uint64_t kBasePortMax = 65'535 - kOperationsPortOffset - kClusterNodesMax;

struct ClusterNode {
  std::string name;
  std::string host = "127.0.0.1";  ///< where the others reach it
  uint16_t peers_port = 0;
  uint16_t api_port = 0;
  uint16_t operations_port = 0;
  std::filesystem::path folder;  ///< <dir>/nodes/<name>

  std::filesystem::path config() const { return folder / "beiand.toml"; }
  std::filesystem::path log() const { return folder / "node.log"; }
  std::filesystem::path pid_file() const { return folder / "node.pid"; }
  std::filesystem::path data() const { return folder / "data"; }
  std::string api_url() const { return "http://" + host + ":" + std::to_string(api_port); }
};

/// A cluster's folder, as `cluster up` and `cluster init` make it:
///
///   cluster.json             what is below, for the next command
///   genesis.toml             trust root
///   beian.toml               connection file of the command line
///   keys/<office>.pem        role keys: cac, 31 offices, auditor
///   nodes/<name>/            beiand.toml, consensus.pem, tls.pem, data/, node.log, node.pid
struct ClusterPlan {
  std::filesystem::path dir;  ///< absolute
  std::vector<ClusterNode> nodes;
  bool local = true;  ///< every node on this machine
};

/// Validators that must agree.
inline constexpr size_t QuorumOf(size_t nodes) {
  return nodes - (nodes - 1) / 3;
}
/// How long `cluster up` waits for the rest once a quorum is ready.
inline constexpr uint64_t kRestWaitMs = 2'000;
/// What `cluster up` waits for. `ready` nodes take transactions and show a block, a quorum of them
/// since `quorum_ms`; `answering`: so does every node that it started, whatever its state.
inline constexpr bool IsUp(size_t nodes, size_t ready, bool answering, uint64_t quorum_ms) {
  return ready == nodes || (answering && ready >= QuorumOf(nodes) && quorum_ms >= kRestWaitMs);
}

/// "cac", "beijing", "guangdong", "jiangsu", then the other offices by GB/T 2260.
std::vector<std::string> OfficeNames();
/// Name of a province's office: "inner-mongolia".
std::string OfficeName(const Province& province);

ClusterPlan MakePlan(const std::filesystem::path& dir, uint64_t nodes, uint16_t base_port,
                     const std::map<std::string, std::string>& hosts);

bool ClusterExists(const std::filesystem::path& dir);
std::expected<ClusterPlan, ClientError> LoadPlan(const std::filesystem::path& dir);

/// Makes the folder: new keys, genesis of now, one configuration for each node.
std::expected<void, ClientError> WriteCluster(const ClusterPlan& plan, uint64_t now_ms);

}  // namespace beian::client
