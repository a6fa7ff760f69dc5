#include "client/cli/cluster_plan.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "client/cli/cluster_next.h"
#include "client/sdk/files.h"
#include "client/sdk/key_file.h"
#include "ledger/filing/province.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPrivateFolderMode = 0700;

fs::path StateFile(const fs::path& dir) {
  return dir / "cluster.json";
}

std::expected<PrivateKey, ClientError> MakeKey(const fs::path& file, KeyScheme scheme) {
  PrivateKey key = PrivateKey::Generate(scheme);
  const auto written = CreateKeyFile(file, key);
  if (!written) return std::unexpected(written.error());
  return key;
}

/// The role keys, in the order of genesis: CAC, offices by number, auditor.
std::expected<std::vector<RoleKey>, ClientError> MakeRoles(const fs::path& folder) {
  std::vector<RoleKey> roles;
  const auto add = [&](const std::string& name, Actor::Role role,
                       std::string province) -> std::expected<void, ClientError> {
    const auto key = MakeKey(folder / (name + ".pem"), KeyScheme::kP256);
    if (!key) return std::unexpected(key.error());
    roles.push_back({role, std::move(province), key->public_key()});
    return {};
  };
  if (const auto made = add("cac", Actor::Role::kCac, ""); !made) {
    return std::unexpected(made.error());
  }
  for (const Province& province : Provinces()) {
    const auto made =
        add(OfficeName(province), Actor::Role::kProvincialOffice, std::string(province.gb2260));
    if (!made) return std::unexpected(made.error());
  }
  if (const auto made = add("auditor", Actor::Role::kAuditor, ""); !made) {
    return std::unexpected(made.error());
  }
  return roles;
}

std::expected<std::vector<Validator>, ClientError> MakeValidators(const ClusterPlan& plan) {
  std::vector<Validator> validators;
  for (const ClusterNode& node : plan.nodes) {
    if (const auto made = MakeFolder(node.folder, kPrivateFolderMode); !made) {
      return std::unexpected(made.error());
    }
    const auto consensus = MakeKey(node.folder / "consensus.pem", KeyScheme::kEd25519);
    if (!consensus) return std::unexpected(consensus.error());
    const auto tls = MakeKey(node.folder / "tls.pem", KeyScheme::kEd25519);
    if (!tls) return std::unexpected(tls.error());
    validators.push_back({node.name, consensus->public_key(), tls->public_key()});
  }
  return validators;
}

/// The configuration that node/runtime/config.h describes.
std::string NodeConfig(const ClusterPlan& plan, const ClusterNode& node) {
  const std::string listen = plan.local ? "127.0.0.1" : "0.0.0.0";
  std::string text = fmt::format(
      "[node]\n"
      "data_dir = \"data\"\n"
      "genesis = \"{}genesis.toml\"\n"
      "validator = \"{}\"\n"
      "consensus_key = \"consensus.pem\"\n"
      "tls_key = \"tls.pem\"\n\n"
      "[peers]\nlisten = \"{}:{}\"\n\n[peers.addresses]\n",
      plan.local ? "../../" : "", node.name, listen, node.peers_port);
  for (const ClusterNode& peer : plan.nodes) {
    if (peer.name == node.name) continue;
    text += fmt::format("{} = \"{}:{}\"\n", peer.name, peer.host, peer.peers_port);
  }
  return text + fmt::format(
                    "\n[api]\nlisten = \"{}:{}\"\n\n[operations]\nlisten = \"127.0.0.1:{}\"\n\n"
                    "[log]\nlevel = \"info\"\n",
                    listen, node.api_port, node.operations_port);
}

std::string ConnectionFile(const ClusterPlan& plan) {
  std::string nodes;
  for (const ClusterNode& node : plan.nodes) {
    nodes += fmt::format("  \"{}\",  # {}\n", node.api_url(), node.name);
  }
  return fmt::format(
      "# Connection of the beian command line; --key takes a name from the folder of keys.\n"
      "nodes = [\n{}]\ngenesis = \"genesis.toml\"\nkeys = \"keys\"\n",
      nodes);
}

std::string PlanJson(const ClusterPlan& plan) {
  nlohmann::ordered_json json = {{"schema", "beian.cluster-plan.v1"},
                                 {"local", plan.local},
                                 {"nodes", nlohmann::ordered_json::array()}};
  for (const ClusterNode& node : plan.nodes) {
    json["nodes"].push_back({{"name", node.name},
                             {"host", node.host},
                             {"peers", node.peers_port},
                             {"api", node.api_port},
                             {"operations", node.operations_port}});
  }
  return json.dump(2) + "\n";
}

/// Hosts get the genesis file in their own folder, so that one folder can be copied as it is.
std::expected<void, ClientError> WriteNodeFiles(const ClusterPlan& plan,
                                                const std::string& genesis) {
  for (const ClusterNode& node : plan.nodes) {
    const auto config = WriteFile(node.config(), NodeConfig(plan, node), kPublicFileMode);
    if (!config) return config;
    if (plan.local) continue;
    const auto copied = WriteFile(node.folder / "genesis.toml", genesis, kPublicFileMode);
    if (!copied) return copied;
  }
  return {};
}

ClientError BadStateFile(const fs::path& dir, std::string message) {
  return {"cluster.bad_file",
          std::move(message),
          StateFile(dir).string(),
          "Put the file back as it was, or make another cluster in another folder.",
          UpCommand(OtherFolder(dir), kClusterNodesDefault),
          Exit::kFailed,
          0};
}

/// The first member that PlanJson writes and `json` lacks, or has in another form.
std::optional<std::string> LackingMember(const nlohmann::json& json) {
  const auto is_port = [](const nlohmann::json& value) {
    return value.is_number_unsigned() && value.get<uint64_t>() <= UINT16_MAX;
  };
  if (!json.is_object() || !json.value("local", nlohmann::json()).is_boolean()) return "local";
  const auto nodes = json.find("nodes");
  if (nodes == json.end() || !nodes->is_array() || nodes->empty()) return "nodes";
  for (const auto& node : *nodes) {
    if (!node.is_object()) return "nodes";
    for (const char* text : {"name", "host"}) {
      if (!node.value(text, nlohmann::json()).is_string()) return text;
    }
    for (const char* port : {"peers", "api", "operations"}) {
      if (!is_port(node.value(port, nlohmann::json()))) return port;
    }
  }
  return std::nullopt;
}

std::expected<nlohmann::json, ClientError> ParsePlan(const fs::path& dir, const std::string& text) {
  try {
    auto json = nlohmann::json::parse(text);
    if (const auto lacking = LackingMember(json)) {
      return std::unexpected(BadStateFile(
          dir, fmt::format("The member `{}` is missing, or of another form.", *lacking)));
    }
    return json;
  } catch (const nlohmann::json::parse_error& error) {
    const auto end = text.begin() + static_cast<ptrdiff_t>(std::min(error.byte, text.size()));
    return std::unexpected(BadStateFile(
        dir, fmt::format("Line {}: this is no JSON.", 1 + std::count(text.begin(), end, '\n'))));
  }
}

}  // namespace

std::string OfficeName(const Province& province) {
  std::string name;
  for (const char c : province.name_en) {
    if (c >= 'A' && c <= 'Z') name += static_cast<char>(c + ('a' - 'A'));
    if (c >= 'a' && c <= 'z') name += c;
    if (c == ' ' || c == '-') name += '-';
  }
  return name;
}

std::vector<std::string> OfficeNames() {
  std::vector<std::string> names = {"cac", "beijing", "guangdong", "jiangsu"};
  for (const Province& province : Provinces()) {
    const std::string name = OfficeName(province);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

ClusterPlan MakePlan(const fs::path& dir, uint64_t nodes, uint16_t base_port,
                     const std::map<std::string, std::string>& hosts) {
  ClusterPlan plan;
  plan.dir = fs::absolute(dir).lexically_normal();
  plan.local = hosts.empty();
  const auto names = OfficeNames();
  CHECK(nodes >= 1 && nodes <= names.size());
  for (uint16_t i = 0; i < nodes; ++i) {
    // On hosts of their own all nodes use the same ports.
    const uint16_t port = static_cast<uint16_t>(base_port + (plan.local ? i : 0));
    ClusterNode node;
    node.name = names[i];
    if (const auto host = hosts.find(node.name); host != hosts.end()) node.host = host->second;
    node.peers_port = port;
    node.api_port = static_cast<uint16_t>(port + kApiPortOffset);
    node.operations_port = static_cast<uint16_t>(port + kOperationsPortOffset);
    node.folder = plan.dir / "nodes" / node.name;
    plan.nodes.push_back(std::move(node));
  }
  return plan;
}

bool ClusterExists(const fs::path& dir) {
  std::error_code ignored;
  return fs::exists(StateFile(dir), ignored);
}

std::expected<ClusterPlan, ClientError> LoadPlan(const fs::path& dir) {
  if (!ClusterExists(dir)) {
    return std::unexpected(ClientError{"cluster.none", "There is no cluster in this folder.",
                                       dir.string(), "Give --dir DIR, or make one.",
                                       fmt::format("beian cluster up --dir {}", dir.string()),
                                       Exit::kNotFound, 0});
  }
  const auto text = ReadFile(StateFile(dir), kTextFileBytesMax);
  if (!text) return std::unexpected(text.error());
  ClusterPlan plan;
  plan.dir = fs::absolute(dir).lexically_normal();
  const auto json = ParsePlan(plan.dir, *text);
  if (!json) return std::unexpected(json.error());
  plan.local = (*json)["local"].get<bool>();
  for (const auto& item : (*json)["nodes"]) {
    ClusterNode node;
    node.name = item["name"].get<std::string>();
    node.host = item["host"].get<std::string>();
    node.peers_port = item["peers"].get<uint16_t>();
    node.api_port = item["api"].get<uint16_t>();
    node.operations_port = item["operations"].get<uint16_t>();
    node.folder = plan.dir / "nodes" / node.name;
    plan.nodes.push_back(std::move(node));
  }
  return plan;
}

std::expected<void, ClientError> WriteCluster(const ClusterPlan& plan, uint64_t now_ms) {
  const fs::path keys = plan.dir / "keys";
  if (const auto made = MakeFolder(plan.dir, kPrivateFolderMode); !made) return made;
  if (const auto made = MakeFolder(keys, kPrivateFolderMode); !made) return made;
  Genesis genesis;
  genesis.name = plan.local ? "beian-local" : "beian-hosts";
  genesis.time = TimeMs(now_ms - now_ms % kMsPerSecond);
  auto validators = MakeValidators(plan);
  if (!validators) return std::unexpected(validators.error());
  genesis.validators = ValidatorSet(*std::move(validators));
  auto roles = MakeRoles(keys);
  if (!roles) return std::unexpected(roles.error());
  genesis.roles = *std::move(roles);
  const std::string text = FormatGenesis(genesis);
  if (const auto made = WriteFile(plan.dir / "genesis.toml", text, kPublicFileMode); !made) {
    return made;
  }
  if (const auto made = WriteNodeFiles(plan, text); !made) return made;
  const auto connection = WriteFile(plan.dir / "beian.toml", ConnectionFile(plan), kPublicFileMode);
  if (!connection) return connection;
  return WriteFile(StateFile(plan.dir), PlanJson(plan), kPublicFileMode);
}

}  // namespace beian::client
