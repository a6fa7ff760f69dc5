#pragma once

#include <string>
#include <vector>

#include "ledger/base/types.h"
#include "ledger/crypto/keys.h"

namespace beian {

inline constexpr size_t kValidatorsMax = 35;

/// One member of an epoch's set; its index is its place in the list.
struct Validator {
  std::string name;         ///< "cac", "beijing": [a-z0-9-], unique in the set
  PublicKey consensus_key;  ///< Ed25519; signs votes
  PublicKey tls_key;        ///< Ed25519; the key in its TLS certificate, pinned
  bool operator==(const Validator&) const = default;
};

/// The validators of one epoch. n members tolerate f = (n-1)/3 faulty ones; a quorum is n-f, never
/// 2f+1, which is wrong when n is not 3f+1. Source: CONSENSUS.md section 1.
class ValidatorSet {
 public:
  ValidatorSet() = default;
  explicit ValidatorSet(std::vector<Validator> members);

  size_t size() const { return members_.size(); }
  size_t faulty_max() const { return (members_.size() - 1) / 3; }
  size_t quorum() const { return members_.size() - faulty_max(); }
  const std::vector<Validator>& members() const { return members_; }
  const Validator& at(ValidatorIndex index) const { return members_.at(index.value()); }
  bool Contains(ValidatorIndex index) const { return index.value() < members_.size(); }
  /// SHA-256("beian/validator-set/v1\0" ‖ u16 count ‖ each: short name, short consensus key, short
  /// TLS key). Votes bind it, so that a wrong set cannot verify.
  const SetHash& hash() const { return hash_; }

 private:
  std::vector<Validator> members_;
  SetHash hash_;
};

}  // namespace beian
