#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/chain/genesis.h"
#include "ledger/chain/transaction.h"
#include "ledger/crypto/keys.h"

namespace beian {

/// A chain with every key that it names. The same `n` gives the same chain, octet for octet.
struct GenesisFixture {
  Genesis genesis;
  std::string text;                           ///< the file that `genesis` was parsed from
  std::vector<PrivateKey> consensus_keys;     ///< by validator index
  std::vector<PrivateKey> tls_keys;           ///< by validator index
  std::map<std::string, PrivateKey> offices;  ///< by two-digit province: "11"
  PrivateKey cac;
  PrivateKey auditor;

  const PrivateKey& office(const std::string& province) const { return offices.at(province); }
};

/// A genesis of `n` validators (1 to 35), all 31 offices, the CAC and one auditor, at
/// 2019-02-15T00:00:00.000Z.
GenesisFixture MakeGenesis(size_t n);

/// A client's key (P-256) that stands in no genesis.
PrivateKey MakeClientKey(uint64_t salt);

/// A filing that passes CheckContent, of an organisation whose credit code follows from `salt` and
/// `division`.
v1::Filing ValidFiling(uint64_t salt, std::string_view division = "110105");

/// A body with a nonce made from `salt` and the given actions.
v1::TransactionBody MakeBody(TimeMs expiry, uint64_t salt, std::vector<v1::Action> actions);

TransactionPtr MakeSubmit(const Genesis& genesis, const PrivateKey& provider, TimeMs expiry,
                          uint64_t salt, std::string_view division = "110105");

/// Actions on a filing, as an office signs them.
v1::Action TakeUpAction(const FilingId& filing);
v1::Action ForwardAction(const FilingId& filing);
v1::Action ApproveAction(const FilingId& filing);

}  // namespace beian
