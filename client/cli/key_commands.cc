#include <fmt/format.h>

#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/session.h"
#include "client/sdk/key_file.h"

namespace beian::client {
namespace {

std::string_view SchemeName(KeyScheme scheme) {
  return scheme == KeyScheme::kP256 ? "p256" : "ed25519";
}

std::string RoleName(const Actor& actor) {
  switch (actor.role) {
    case Actor::Role::kProvider:
      return "provider";
    case Actor::Role::kProvincialOffice:
      return "province " + actor.province;
    case Actor::Role::kCac:
      return "cac";
    case Actor::Role::kAuditor:
      return "auditor";
  }
  CHECK(!"an unknown role");
  return {};
}

Outcome KeyReport(const std::string& file, const PublicKey& key) {
  Outcome outcome;
  outcome.report.schema = "key";
  outcome.report.body = {{"file", file},
                         {"scheme", SchemeName(key.scheme)},
                         {"key_id", key.id().hex()},
                         {"public_key", ToHex(key.Encode())}};
  return outcome;
}

CommandResult NewKey(Session&, const Values& values) {
  const std::string scheme = values.Text("scheme");
  if (!scheme.empty() && scheme != "p256" && scheme != "ed25519") {
    return std::unexpected(ClientError{"usage.bad_scheme", "There is no such key scheme.", scheme,
                                       "Say p256 (clients) or ed25519 (validators).", "",
                                       Exit::kUsage, 0});
  }
  const PrivateKey key =
      PrivateKey::Generate(scheme == "ed25519" ? KeyScheme::kEd25519 : KeyScheme::kP256);
  const auto written = CreateKeyFile(values.Text("file"), key);
  if (!written) return std::unexpected(written.error());
  return KeyReport(values.Text("file"), key.public_key());
}

CommandResult ShowKey(Session& session, const Values& values) {
  Connection connection = session.connection();
  if (values.Has("file")) connection.key.value = values.Text("file");
  BEIAN_TRY(path, FindKey(connection));
  BEIAN_TRY(key, LoadKeyFile(path));
  Outcome outcome = KeyReport(path.string(), key.public_key());
  if (const auto genesis = session.genesis()) {
    outcome.report.body["role"] = RoleName((*genesis)->ActorOf(key.public_key().id()));
  }
  return outcome;
}

}  // namespace

std::vector<Command> KeyCommands() {
  return {
      {"key",
       "new",
       "make a key in a new file of mode 0600",
       {{"file", "file to make"}},
       {{"--scheme", "p256 for clients, ed25519 for validators", Option::Kind::kText, "p256"}},
       NewKey},
      {"key",
       "show",
       "show the public part of a key",
       {{"file", "key file, or its name", false}},
       {},
       ShowKey},
  };
}

}  // namespace beian::client
