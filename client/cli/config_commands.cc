#include <fmt/format.h>

#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/session.h"

namespace beian::client {
namespace {

Json SettingRow(std::string_view name, const std::string& value, const std::string& origin) {
  return {{"setting", name}, {"value", value}, {"origin", origin}};
}

/// Beside its translation the name, as the connection file has it.
std::string ShownSetting(const Json& row) {
  const std::string name = row.value("setting", "");
  const std::string shown(Tr(name));
  return shown == name ? name : fmt::format("{} ({})", shown, name);
}

/// Shows bad settings too: nothing else says where they come from.
CommandResult ShowConfig(Session& session, const Values&) {
  BEIAN_TRY(connection, ReadConnection(session.flags().connection));
  std::string nodes;
  for (const std::string& node : connection.nodes.value) {
    nodes += (nodes.empty() ? "" : " ") + node;
  }
  Outcome outcome;
  outcome.report.schema = "config";
  outcome.report.rows = "settings";
  outcome.report.columns = {{"setting", "Setting", false, ShownSetting},
                            {"value", "Value"},
                            {"origin", "Origin", false, ShownWord<"origin">}};
  outcome.report.body["settings"] = {
      SettingRow("nodes", nodes, connection.nodes.origin),
      SettingRow("genesis", connection.genesis.value.string(), connection.genesis.origin),
      SettingRow("key", connection.key.value.string(), connection.key.origin),
      SettingRow("keys", connection.keys.value.string(), connection.keys.origin),
      SettingRow("lang", connection.lang.value, connection.lang.origin)};
  return outcome;
}

/// Reads everything that other commands would read; the first fault is the answer.
CommandResult CheckConfig(Session& session, const Values&) {
  const auto connection = LoadConnection(session.flags().connection);
  if (!connection) return std::unexpected(connection.error());
  BEIAN_TRY(genesis, session.genesis());
  Outcome outcome;
  outcome.report.schema = "config-check";
  outcome.report.body = {{"valid", true},
                         {"chain", genesis->name},
                         {"chain_id", genesis->chain_id.hex()},
                         {"validators", genesis->validators.size()},
                         {"nodes", connection->nodes.value.size()}};
  if (!connection->key.value.empty()) {
    BEIAN_TRY(key, session.key());
    outcome.report.body["key_id"] = key->public_key().id().hex();
  }
  return outcome;
}

}  // namespace

std::vector<Command> ConfigCommands() {
  return {
      {"config",
       "show",
       "every setting and where it comes from",
       {},
       {{"--origin", "with its origin (always shown)", Option::Kind::kFlag, ""}},
       ShowConfig},
      {"config", "check", "check connection file, genesis and key", {}, {}, CheckConfig},
  };
}

}  // namespace beian::client
