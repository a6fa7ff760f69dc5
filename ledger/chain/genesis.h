#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/types.h"
#include "ledger/chain/validator_set.h"
#include "ledger/crypto/keys.h"
#include "ledger/filing/lifecycle.h"

namespace beian {

inline constexpr uint64_t kGenesisFormat = 1;
inline constexpr std::string_view kGenesisHash = "sha256";
inline constexpr uint64_t kHeartbeatMsMin = 1'000;
inline constexpr uint64_t kHeartbeatMsMax = 7 * 24 * 3'600'000;
inline constexpr size_t kAuditorsMax = 16;

/// A key that holds an office or role for the whole epoch.
struct RoleKey {
  Actor::Role role = Actor::Role::kAuditor;
  std::string province;  ///< two digits; of a provincial office only
  PublicKey key;
  bool operator==(const RoleKey&) const = default;
};

/// The only thing an auditor trusts. A TOML file; the chain id is the SHA-256 of its octets, so the
/// smallest edit is another chain. All 31 offices and the CAC stand in it, with or without a
/// validator.
///
///   format = 1
///   name = "beian-local"                      # [a-z0-9-]{1,32}
///   time = 2019-02-15T00:00:00.000Z           # as a quoted string; of the root block
///   hash = "sha256"
///   heartbeat_ms = 30000                      # an idle chain shows one block in this time
///   [[validator]]  name, consensus_key, tls_key       # hex of encoded public keys; 1 to 35
///   [[office]]     role = "province" | "cac" | "auditor", province = "11", key
struct Genesis {
  ChainId chain_id;
  std::string name;
  TimeMs time;
  uint64_t heartbeat_ms = 30'000;  ///< 1 s to 7 days
  ValidatorSet validators;
  std::vector<RoleKey> roles;

  /// The role that genesis gives a key; a provider for every other key.
  Actor ActorOf(const KeyId& key) const;

  static constexpr uint32_t kProtocolVersion = 1;

 private:
  std::map<KeyId, Actor> actors_;
  friend std::expected<Genesis, struct GenesisError> ParseGenesis(std::string_view,
                                                                  std::string_view);
};

/// Where and why a genesis file is refused, ready to show: `file:line: what; remedy`.
struct GenesisError {
  std::string id;       ///< "genesis.duplicate_key"
  std::string message;  ///< with file name, line and remedy
};

/// Parses and checks all of it: unknown keys, duplicate names or keys, a missing office, low-order
/// keys are refused, and so is a key of a validator that is not Ed25519. `file_name` is for
/// messages only. Pure.
std::expected<Genesis, GenesisError> ParseGenesis(std::string_view file_name,
                                                  std::string_view text);

/// The word for a role in the file: "province", "cac", "auditor"; CHECKs that it is not a provider.
std::string_view GenesisRoleWord(Actor::Role role);

/// What `cluster up` writes; ParseGenesis(FormatGenesis(g)) gives g back with its chain id.
std::string FormatGenesis(const Genesis& genesis);

}  // namespace beian
