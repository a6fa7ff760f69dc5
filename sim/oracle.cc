#include "sim/oracle.h"

#include <cstring>

#include "ledger/crypto/hash.h"

namespace beian::sim {

SignatureOracle::SignatureOracle(const ValidatorSet& set) {
  for (const Validator& member : set.members()) keys_.push_back(member.consensus_key);
}

Signature SignatureOracle::Sign(ValidatorIndex signer, BytesView message) {
  const PublicKey& key = keys_.at(signer.value());
  const Sha256Digest digest = Sha256({"a validator's secret", key.octets, message});
  Signature signature;
  std::memcpy(signature.octets.data(), digest.octets.data(), digest.octets.size());
  made_.try_emplace(signature, Made{&key, Bytes(message)});
  return signature;
}

bool SignatureOracle::Verify(const PublicKey& key, BytesView message,
                             const Signature& signature) const {
  const auto found = made_.find(signature);
  return found != made_.end() && *found->second.key == key && found->second.message == message;
}

}  // namespace beian::sim
