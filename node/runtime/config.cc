#include "node/runtime/config.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "ledger/base/toml_depth.h"
#include "node/runtime/config_section.h"

namespace beian {
namespace {

namespace fs = std::filesystem;

constexpr size_t kConfigBytesMax = 1'000'000;
constexpr uint32_t kVerifyThreadsDefaultMax = 8;
constexpr uint64_t kPetabyte = 1'000'000'000'000'000;
constexpr const char* kSections[] = {"node", "peers",  "api",   "operations",
                                     "log",  "limits", "timing"};

fs::path Absolute(const fs::path& folder, const std::string& path) {
  return (folder / path).lexically_normal();
}

void ReadNode(const toml::value& root, ConfigReport& report, Config& config) {
  const fs::path folder = fs::absolute(config.file).parent_path();
  ConfigSection node(root, "node", report);
  config.data_dir =
      Absolute(folder, node.RequiredText("data_dir", "name the folder for votes and blocks"));
  config.genesis = Absolute(folder, node.RequiredText("genesis", "name the chain's genesis file"));
  config.validator = node.RequiredText("validator", "name this validator as genesis does");
  config.consensus_key = Absolute(
      folder, node.RequiredText("consensus_key", "name its key file; `beian key new` makes one"));
  config.tls_key = Absolute(
      folder, node.RequiredText("tls_key", "name its key file; `beian key new` makes one"));
  node.Finish();
}

void ReadListeners(const toml::value& root, ConfigReport& report, Config& config) {
  ConfigSection peers(root, "peers", report);
  const auto listen = peers.Listen("listen");
  config.peer_addresses = peers.Endpoints("addresses");
  peers.Finish();
  config.peers_listen = listen.value_or(Endpoint{});
  if (!listen) {
    report.Add(nullptr, "config.missing_key", "peers.listen is missing",
               "a validator listens for its peers: listen = \"127.0.0.1:7101\" under [peers]");
  }
  constexpr uint64_t kApiThreadsMax = 32;
  ConfigSection api(root, "api", report);
  config.api_listen = api.Listen("listen").value_or(config.api_listen);
  config.api_threads =
      static_cast<uint32_t>(api.NumberOr("threads", config.api_threads, 1, kApiThreadsMax));
  api.Finish();
  ConfigSection operations(root, "operations", report);
  config.operations_listen = operations.Listen("listen").value_or(config.operations_listen);
  operations.Finish();
  if (config.api_listen == config.operations_listen || config.peers_listen == config.api_listen ||
      config.peers_listen == config.operations_listen) {
    report.Add(nullptr, "config.conflict",
               "peers.listen, api.listen and operations.listen are not all different",
               "give each a port of its own");
  }
}

void ReadLog(const toml::value& root, ConfigReport& report, Config& config) {
  ConfigSection log(root, "log", report);
  if (const auto name = log.Text("level")) {
    const auto level = LogLevelFromName(*name);
    if (!level) {
      report.Add(log.Find("level"), "config.bad_value", "log.level is no level",
                 "one of debug, info, warning, error");
    }
    config.log_level = level.value_or(config.log_level);
  }
  log.Finish();
}

void ReadLimits(const toml::value& root, ConfigReport& report, Config& config) {
  const uint32_t processors = std::thread::hardware_concurrency();
  MempoolLimits& mempool = config.mempool;
  ConfigSection limits(root, "limits", report);
  config.verify_threads = static_cast<uint32_t>(limits.NumberOr(
      "verify_threads", std::clamp(processors, 1u, kVerifyThreadsDefaultMax), 1, 64));
  mempool.transactions_max =
      limits.NumberOr("mempool_transactions", mempool.transactions_max, 100, 1'000'000);
  mempool.bytes_max = limits.NumberOr("mempool_bytes", mempool.bytes_max, 1'000'000, 4'000'000'000);
  mempool.per_signer_max = limits.NumberOr(
      "mempool_per_signer", std::min(mempool.per_signer_max, mempool.transactions_max), 1,
      mempool.transactions_max);
  config.store_checked_bytes =
      limits.NumberOr("store_checked_bytes", config.store_checked_bytes, 0, kPetabyte);
  config.api_connections_max = limits.NumberOr("connections", config.api_connections_max, 8, 4'096);
  limits.Finish();
}

void ReadTiming(const toml::value& root, ConfigReport& report, Config& config) {
  consensus::Timing& timing = config.timing;
  ConfigSection section(root, "timing", report);
  timing.delta_base = section.NumberOr("delta_ms", timing.delta_base, 10, timing.delta_max);
  timing.min_interval = section.NumberOr("min_interval_ms", timing.min_interval, 0, 10'000);
  timing.status_every = section.NumberOr("status_every_ms", timing.status_every, 100, 60'000);
  timing.skip_after = section.NumberOr("skip_after_ms", timing.skip_after, 1'000, 600'000);
  section.Finish();
}

void RejectUnknownSections(const toml::value& root, ConfigReport& report) {
  for (const auto& [name, value] : root.as_table()) {
    if (std::find(std::begin(kSections), std::end(kSections), name) == std::end(kSections)) {
      report.Add(&value, "config.unknown_key", "there is no section or key " + name,
                 "sections: node, peers, api, operations, log, limits, timing");
    }
  }
}

/// The parser's first line says what is wrong; the rest draws the place.
std::string FirstLine(const std::string& text) {
  const std::string_view prefix = "[error] ";
  const std::string line = text.substr(0, text.find('\n'));
  return line.starts_with(prefix) ? line.substr(prefix.size()) : line;
}

std::expected<toml::value, ConfigError> ParseFile(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kConfigBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  if ((!in.eof() && in.fail()) || !in.eof() || text.size() > kConfigBytesMax) {
    return std::unexpected(
        ConfigError{"config.unreadable", file.string() + ": the file is missing, not readable "
                                                         "or longer than 1 MB; name a "
                                                         "configuration file"});
  }
  if (const auto deep = TomlTooDeepAt(text)) {
    return std::unexpected(ConfigError{"config.syntax",
                                       file.string() + ":" + std::to_string(*deep) +
                                           ": too many brackets or dots; mend that line"});
  }
  try {
    std::istringstream source(text);
    return toml::parse(source, file.string());
  } catch (const toml::syntax_error& error) {
    return std::unexpected(
        ConfigError{"config.syntax", file.string() + ":" + std::to_string(error.location().line()) +
                                         ": " + FirstLine(error.what()) + "; mend that line"});
  } catch (const std::exception& error) {
    return std::unexpected(ConfigError{
        "config.syntax", file.string() + ": " + FirstLine(error.what()) + "; write it as TOML"});
  }
}

}  // namespace

std::expected<Config, ConfigError> LoadConfig(const fs::path& file) {
  const auto root = ParseFile(file);
  if (!root) {
    return std::unexpected(root.error());
  }
  Config config;
  config.file = file;
  ConfigReport report(file.string());
  RejectUnknownSections(*root, report);
  ReadNode(*root, report, config);
  ReadListeners(*root, report, config);
  ReadLog(*root, report, config);
  ReadLimits(*root, report, config);
  ReadTiming(*root, report, config);
  if (report.error()) {
    return std::unexpected(*report.error());
  }
  for (const auto& key : {config.consensus_key, config.tls_key}) {
    if (const auto checked = CheckKeyFile(key); !checked) {
      return std::unexpected(checked.error());
    }
  }
  return config;
}

}  // namespace beian
