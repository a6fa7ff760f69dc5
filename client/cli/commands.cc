#include <map>

#include "client/cli/command.h"
#include "client/cli/published_report.h"

namespace beian::client {
namespace {

std::vector<Command> MakeCommands() {
  std::vector<Command> all;
  for (auto group :
       {ClusterCommands(), FilingCommands(), ReviewCommands(), SetCommands(), CodeCommands(),
        ProofCommands(), AuditCommands(), ChainCommands(), StatsCommands(), KeyCommands(),
        ConfigCommands(), DoctorCommands(), HelpCommands()}) {
    for (Command& command : group) all.push_back(std::move(command));
  }
  return all;
}

}  // namespace

bool Command::needs_connection() const {
  for (const char* whole : {"config", "explain", "version", "completion", "cluster"}) {
    if (noun == whole) return false;
  }
  const std::string name = noun + " " + verb;
  return name != "key new" && name != "filing template" && name != "filing validate" &&
         name != "code check";
}

const std::vector<Command>& Commands() {
  static const std::vector<Command> commands = MakeCommands();
  return commands;
}

std::string_view NounHelp(std::string_view noun) {
  static const std::map<std::string_view, std::string_view> help = {
      {"cluster", "run a whole chain on this machine"},
      {"filing", "file a service: fill in, submit, supplement"},
      {"review", "the offices' work: take up, forward, refuse, approve"},
      {"set", "the published sets"},
      {"code", "registration codes: verify, check, look up"},
      {"proof", "proofs of transactions"},
      {"audit", "check the whole chain"},
      {"chain", "blocks and nodes"},
      {"stats", "tables counted from the replayed chain"},
      {"key", "keys to sign with"},
      {"config", "settings of this program"},
  };
  const auto found = help.find(noun);
  return found == help.end() ? std::string_view() : found->second;
}

}  // namespace beian::client
