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
#include "node/api/version.h"
#include "node/runtime/config.h"
#include "node/runtime/export.h"
#include "node/runtime/node.h"

namespace beian {
namespace {

struct Options {
  std::string config;
  std::string export_file;
  bool init = false;
  bool check = false;
};

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
  if (!text) {
    return std::unexpected(std::pair("genesis.unreadable", config->genesis.string() +
                                                               ": cannot be read; see node.genesis in " +
                                                               options.config));
  }
  auto genesis = ParseGenesis(config->genesis.string(), *text);
  if (!genesis) return std::unexpected(std::pair(genesis.error().id, genesis.error().message));
  if (!config->validator) {
    return std::unexpected(std::pair("config.missing_key",
                                     options.config + ": node.validator names no validator of genesis"));
  }
  const auto self = FindValidator(*genesis, *config->validator);
  if (!self) {
    return std::unexpected(std::pair(
        "config.bad_value", options.config + ": node.validator: genesis has no validator named " +
                                *config->validator));
  }
  return Loaded{std::move(*config), std::move(*genesis), std::move(*text), *self};
}

int Initialise(const Loaded& loaded) {
  const auto done = InitialiseDataDirectory(loaded.config.data_dir, loaded.genesis, loaded.self);
  if (!done) return Fail("data.not_initialised", done.error());
  std::cout << "initialised " << loaded.config.data_dir.string() << " for "
            << *loaded.config.validator << " on chain " << loaded.genesis.chain_id.hex() << '\n';
  return 0;
}

int Export(const Loaded& loaded, const std::string& file) {
  auto opened = RocksStore::Open(loaded.config.data_dir / "store", loaded.genesis, std::nullopt);
  if (!opened) return Fail("store.unavailable", opened.error());
  if (opened->store == nullptr) return Fail("store.damaged", opened->finding);
  const auto exported = ExportChain(*opened->store, loaded.genesis, file);
  if (!exported) return Fail("export.failed", exported.error());
  std::cerr << "exported " << *exported << " blocks to " << file << '\n';
  return 0;
}

/// The private keys in the files must be those that genesis names: a mixed-up key is found here.
std::expected<Node::Parts, std::pair<std::string, std::string>> Assemble(Loaded loaded) {
  const Validator& validator = loaded.genesis.validators.at(loaded.self);
  auto consensus_key = LoadPrivateKey(*loaded.config.consensus_key);
  if (!consensus_key) {
    return std::unexpected(std::pair(consensus_key.error().id, consensus_key.error().message));
  }
  if (consensus_key->public_key() != validator.consensus_key) {
    return std::unexpected(std::pair(
        "key.not_in_genesis", loaded.config.consensus_key->string() + ": genesis names another "
                              "consensus key for " + validator.name));
  }
  auto tls_key = LoadPrivateKey(*loaded.config.tls_key);
  if (!tls_key) return std::unexpected(std::pair(tls_key.error().id, tls_key.error().message));
  auto data = OpenDataDirectory(loaded.config.data_dir, loaded.genesis, loaded.self);
  if (!data) return std::unexpected(std::pair("data.unavailable", data.error()));
  const ValidatorIndex self = loaded.self;
  return Node::Parts{std::move(loaded.config),  std::move(loaded.genesis),
                     std::move(loaded.genesis_file), self,
                     std::move(*consensus_key), tls_key->ToPem(), std::move(*data)};
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

  Node node(std::move(*parts), log);
  ApiServer api_server(api, node, &node.metrics());
  OperationsServer operations_server({operations, [&node] { return node.LoopAgeMs(); }}, node,
                                     node.metrics());
  if (auto started = operations_server.Start(); !started) {
    return Fail(started.error().id, started.error().message + "; " + started.error().remedy);
  }
  if (auto started = node.Start(); !started) return Fail("peers.unavailable", started.error());
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
  if (options.check) {
    std::cout << options.config << ": valid; chain " << loaded->genesis.chain_id.hex() << '\n';
    return 0;
  }
  return Serve(std::move(*loaded));
}

}  // namespace
}  // namespace beian

int main(int argc, char** argv) {
  sigset_t signals;   // before any thread exists, so that all inherit it
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return beian::Main(argc, argv);
}
