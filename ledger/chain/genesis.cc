#include "ledger/chain/genesis.h"

#include <string>

#include "ledger/base/calendar.h"

namespace beian {
namespace {

void AppendText(std::string& file, std::string_view key, std::string_view value) {
  file.append(key).append(" = \"").append(value).append("\"\n");
}

void AppendNumber(std::string& file, std::string_view key, uint64_t value) {
  file.append(key).append(" = ").append(std::to_string(value)).append("\n");
}

void AppendRole(std::string& file, const RoleKey& role) {
  file.append("\n[[office]]\n");
  AppendText(file, "role", GenesisRoleWord(role.role));
  if (role.role == Actor::Role::kProvincialOffice) AppendText(file, "province", role.province);
  AppendText(file, "key", ToHex(role.key.Encode()));
}

}  // namespace

std::string_view GenesisRoleWord(Actor::Role role) {
  switch (role) {
    case Actor::Role::kProvincialOffice:
      return "province";
    case Actor::Role::kCac:
      return "cac";
    case Actor::Role::kAuditor:
      return "auditor";
    case Actor::Role::kProvider:
      break;
  }
  CHECK(!"providers do not stand in genesis");
  return {};
}

Actor Genesis::ActorOf(const KeyId& key) const {
  const auto found = actors_.find(key);
  return found != actors_.end() ? found->second : Actor{Actor::Role::kProvider, {}, key};
}

std::string FormatGenesis(const Genesis& genesis) {
  std::string file;
  AppendNumber(file, "format", kGenesisFormat);
  AppendText(file, "name", genesis.name);
  AppendText(file, "time", FormatTime(genesis.time));
  AppendText(file, "hash", kGenesisHash);
  AppendNumber(file, "heartbeat_ms", genesis.heartbeat_ms);
  for (const Validator& validator : genesis.validators.members()) {
    file.append("\n[[validator]]\n");
    AppendText(file, "name", validator.name);
    AppendText(file, "consensus_key", ToHex(validator.consensus_key.Encode()));
    AppendText(file, "tls_key", ToHex(validator.tls_key.Encode()));
  }
  for (const RoleKey& role : genesis.roles) AppendRole(file, role);
  return file;
}

}  // namespace beian
