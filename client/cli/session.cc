#include "client/cli/session.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "client/cli/language.h"
#include "client/sdk/key_file.h"

namespace beian::client {
namespace {

bool ColourAllowed(const GlobalFlags& flags) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool refused = no_colour != nullptr && *no_colour != '\0';
  const bool dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  return !flags.no_colour && !refused && !dumb;
}

}  // namespace

Session::Session(GlobalFlags flags, Connection connection)
    : flags_(std::move(flags)), connection_(std::move(connection)) {
  const bool colour = ColourAllowed(flags_);
  out_colour_ = colour && ::isatty(STDOUT_FILENO) != 0;
  error_colour_ = colour && ::isatty(STDERR_FILENO) != 0;
  progress_ = !flags_.quiet && ::isatty(STDERR_FILENO) != 0;
}

std::expected<const Genesis*, ClientError> Session::genesis() {
  if (!genesis_) {
    auto loaded = LoadGenesis(connection_);
    if (!loaded) return std::unexpected(loaded.error());
    genesis_ = std::make_unique<Genesis>(*std::move(loaded));
  }
  return genesis_.get();
}

std::expected<Client*, ClientError> Session::client() {
  if (client_) return client_.get();
  const auto trusted = genesis();
  if (!trusted) return std::unexpected(trusted.error());
  if (connection_.nodes.value.empty()) {
    return std::unexpected(
        ClientError{"config.no_node", "No node is named.", "",
                    "Give --node URL, or name a connection file that has nodes, as `beian cluster "
                    "up` writes one: export BEIAN_CONFIG=DIR/beian.toml.",
                    "beian config show", Exit::kUsage, 0});
  }
  client_ = std::make_unique<Client>(**trusted, connection_.nodes.value);
  return client_.get();
}

std::expected<const PrivateKey*, ClientError> Session::key() {
  if (!key_) {
    const auto path = FindKey(connection_);
    if (!path) return std::unexpected(path.error());
    auto loaded = LoadKeyFile(*path);
    if (!loaded) return std::unexpected(loaded.error());
    key_ = std::make_unique<PrivateKey>(*std::move(loaded));
  }
  return key_.get();
}

void Session::Say(std::string_view line) const {
  if (!flags_.quiet) std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

}  // namespace beian::client
