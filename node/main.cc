#include <malloc.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "ledger/verify/chain_walk.h"
#include "node/api/api_server.h"
#include "node/api/operations_server.h"
#include "node/api/port_owner.h"
#include "node/api/version.h"
#include "node/runtime/config.h"
#include "node/runtime/descriptor_limit.h"
#include "node/runtime/export.h"
#include "node/runtime/node.h"

namespace beian {
namespace {

struct Options {
  std::string config;
  std::string export_file;
  std::string spare_genesis;
  bool init = false;
  bool check = false;
};

/// A transaction is allocated by the thread that reads it and freed by another. With an arena for
/// each thread, the C library gives memory back to the system only to ask for it again.
void TuneAllocator() {
  constexpr int kArenas = 2;
  constexpr int kKeptBytes = 64 << 20;
  mallopt(M_ARENA_MAX, kArenas);
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
}

int Fail(std::string_view id, std::string_view message) {
  std::cerr << "beiand: " << id << ": " << message << '\n';
  return 1;
}

std::optional<Bytes> ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return std::nullopt;
  return text.str();
}

struct Loaded {
  Config config;
  Genesis genesis;
  Bytes genesis_file;
  ValidatorIndex self;
};

std::optional<ValidatorIndex> FindValidator(const Genesis& genesis, const std::string& name) {
  const auto& members = genesis.validators.members();
  for (uint16_t i = 0; i < members.size(); ++i) {
    if (members[i].name == name) return ValidatorIndex(i);
  }
  return std::nullopt;
}

std::expected<Loaded, std::pair<std::string, std::string>> Load(const Options& options) {
  auto config = LoadConfig(options.config);
  if (!config) return std::unexpected(std::pair(config.error().id, config.error().message));
  auto text = ReadFile(config->genesis);
  if (!text && !options.spare_genesis.empty()) text = ReadFile(options.spare_genesis);
  if (!text) {
    return std::unexpected(std::pair(
        "genesis.unreadable",
        config->genesis.string() + ": cannot be read; see node.genesis in " + options.config));
  }
  auto genesis = ParseGenesis(config->genesis.string(), *text);
  if (!genesis) return std::unexpected(std::pair(genesis.error().id, genesis.error().message));
  const auto self = FindValidator(*genesis, config->validator);
  if (!self) {
    return std::unexpected(std::pair(
        "config.bad_value",
        options.config + ": node.validator: genesis has no validator named " + config->validator));
  }
  return Loaded{std::move(*config), std::move(*genesis), std::move(*text), *self};
}

int Initialise(const Loaded& loaded) {
  const auto done = InitialiseDataDirectory(loaded.config.data_dir, loaded.genesis, loaded.self);
  if (!done) return Fail("data.not_initialised", done.error());
  std::cout << "initialised " << loaded.config.data_dir.string() << " for "
            << loaded.config.validator << " on chain " << loaded.genesis.chain_id.hex() << '\n';
  return 0;
}

int Export(const Loaded& loaded, const std::string& file) {
  if (!MayReplaceWithExport(file)) {
    return Fail("export.other_file", file + ": what stands there is no export, and it is not " +
                                         "replaced; choose another name");
  }
  auto opened = RocksStore::OpenToRead(loaded.config.data_dir / "store", loaded.genesis);
  if (!opened) return Fail("store.unavailable", opened.error());
  if (opened->store == nullptr) return Fail("store.damaged", opened->finding);
  const auto exported = ExportChain(*opened->store, loaded.genesis, file);
  if (!exported) return Fail("export.failed", exported.error());
  std::cerr << "exported " << *exported << " blocks to " << file << '\n';
  return 0;
}

using Failure = std::pair<std::string, std::string>;

/// A mixed-up key is found here, by the file that holds it.
std::expected<PrivateKey, Failure> LoadPinnedKey(const std::filesystem::path& file,
                                                 const PublicKey& pinned, std::string_view use,
                                                 const std::string& validator) {
  auto key = LoadPrivateKey(file);
  if (!key) return std::unexpected(Failure(key.error().id, key.error().message));
  if (key->public_key() == pinned) return std::move(*key);
  return std::unexpected(Failure(
      "key.not_in_genesis", file.string() + ": genesis names another " + std::string(use) +
                                " key for " + validator + "; give the key that was made for it"));
}

struct Keys {
  PrivateKey consensus;
  PrivateKey tls;
};

std::expected<Keys, Failure> LoadKeys(const Loaded& loaded) {
  const Validator& validator = loaded.genesis.validators.at(loaded.self);
  auto consensus = LoadPinnedKey(loaded.config.consensus_key, validator.consensus_key, "consensus",
                                 validator.name);
  if (!consensus) return std::unexpected(consensus.error());
  auto tls = LoadPinnedKey(loaded.config.tls_key, validator.tls_key, "TLS", validator.name);
  if (!tls) return std::unexpected(tls.error());
  return Keys{std::move(*consensus), std::move(*tls)};
}

int Check(const Loaded& loaded, const std::string& config_file) {
  const auto keys = LoadKeys(loaded);
  if (!keys) return Fail(keys.error().first, keys.error().second);
  std::cout << config_file << ": valid; chain " << loaded.genesis.chain_id.hex() << '\n';
  return 0;
}

std::expected<Node::Parts, Failure> Assemble(Loaded loaded) {
  auto keys = LoadKeys(loaded);
  if (!keys) return std::unexpected(keys.error());
  auto data = OpenDataDirectory(loaded.config.data_dir, loaded.genesis, loaded.self,
                                loaded.config.store_checked_bytes);
  if (!data) return std::unexpected(Failure("data.unavailable", data.error()));
  const ValidatorIndex self = loaded.self;
  return Node::Parts{std::move(loaded.config),
                     std::move(loaded.genesis),
                     std::move(loaded.genesis_file),
                     self,
                     std::move(keys->consensus),
                     keys->tls.ToPem(),
                     std::move(*data),
                     {}};
}

int FailToListenForPeers(const Endpoint& listen, const std::string& why) {
  if (!FindPortOwner(listen.port)) return Fail("peers.unavailable", why);
  const std::string port = std::to_string(listen.port);
  return Fail("peers.port_in_use", "cannot listen on " + listen.host + ":" + port + ": port " +
                                       port + " is held by " + DescribePortOwner(listen.port) +
                                       "; stop that process or configure another port");
}

int Serve(Loaded loaded) {
  Log log(loaded.config.log_level);
  auto parts = Assemble(std::move(loaded));
  if (!parts) return Fail(parts.error().first, parts.error().second);
  HttpConfig api;
  api.address = parts->config.api_listen.host;
  api.port = parts->config.api_listen.port;
  api.threads = parts->config.api_threads;
  api.limits.connections_max = parts->config.api_connections_max;
  HttpConfig operations;
  operations.address = parts->config.operations_listen.host;
  operations.port = parts->config.operations_listen.port;

  const Endpoint peers_listen = parts->config.peers_listen;
  const uint64_t descriptors =
      DescriptorsNeeded(api.limits.connections_max + operations.limits.connections_max,
                        parts->genesis.validators.size());
  if (auto finding = RaiseDescriptorLimit(descriptors)) {
    parts->warnings.push_back(std::move(*finding));
  }

  Node node(std::move(*parts), log);
  ApiServer api_server(api, node, &node.metrics());
  OperationsServer operations_server({operations, [&node] { return node.LoopAgeMs(); }}, node,
                                     node.metrics());
  if (auto started = operations_server.Start(); !started) {
    return Fail(started.error().id, started.error().message + "; " + started.error().remedy);
  }
  if (auto started = node.Start(); !started) {
    return FailToListenForPeers(peers_listen, started.error());
  }
  if (auto started = api_server.Start(); !started) {
    return Fail(started.error().id, started.error().message + "; " + started.error().remedy);
  }
  // Blocked in every thread; one thread waits, so that no handler runs in a signal's context.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  std::thread waiter([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    log.Info("stopping", "draining", {{"signal", signal}});
    node.Stop();
  });
  node.Run();
  api_server.Stop();
  operations_server.Stop();
  waiter.join();
  log.Info("stopped", "clean");
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app("beiand: a validator of the filing ledger");
  Options options;
  app.add_option("--config", options.config, "TOML file of this node")->required();
  app.add_flag("--init", options.init, "make the data directory of a new validator, then exit");
  app.add_flag("--check", options.check, "check configuration, genesis and keys, then exit");
  app.add_option("--export", options.export_file,
                 "write the committed chain of a stopped node to FILE, - for stdout, then exit");
  app.add_option("--spare-genesis", options.spare_genesis,
                 "genesis file for --export where the configured one cannot be read")
      ->needs("--export");
  app.set_version_flag("--version", std::string(BuildVersion()) + " " + std::string(BuildCommit()));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  auto loaded = Load(options);
  if (!loaded) return Fail(loaded.error().first, loaded.error().second);
  if (options.init) return Initialise(*loaded);
  if (!options.export_file.empty()) return Export(*loaded, options.export_file);
  if (options.check) return Check(*loaded, options.config);
  return Serve(std::move(*loaded));
}

}  // namespace
}  // namespace beian

int main(int argc, char** argv) {
  sigset_t signals;  // before any thread exists, so that all inherit it
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  beian::TuneAllocator();
  return beian::Main(argc, argv);
}
