#pragma once

#include <map>
#include <vector>

#include "ledger/base/types.h"
#include "ledger/chain/validator_set.h"
#include "ledger/crypto/keys.h"

namespace beian::sim {

/// Signs and verifies for all validators: a signature is good when this oracle made it for that key
/// over those octets. Knows every signature ever made, also of those never sent.
class SignatureOracle {
 public:
  explicit SignatureOracle(const ValidatorSet& set);
  Signature Sign(ValidatorIndex signer, BytesView message);
  bool Verify(const PublicKey& key, BytesView message, const Signature& signature) const;
  size_t size() const { return made_.size(); }

 private:
  struct Made {
    const PublicKey* key;
    Bytes message;
  };
  std::vector<PublicKey> keys_;
  std::map<Signature, Made> made_;
};

}  // namespace beian::sim
