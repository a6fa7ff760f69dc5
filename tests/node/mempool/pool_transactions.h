#pragma once

#include "ledger/chain/transaction.h"

namespace beian::pool_test {

inline const TimeMs kNow{1'700'000'000'000};

inline PublicKey KeyOf(uint32_t signer) {
  ByteWriter octets;
  for (uint32_t i = 0; i < 8; ++i) octets.U32(signer);
  return PublicKey{KeyScheme::kEd25519, octets.Take()};
}
inline KeyId IdOf(uint32_t signer) { return KeyOf(signer).id(); }

/// What makes one transaction differ from another. Nobody verifies its signature here.
struct Recipe {
  uint32_t signer = 0;
  uint64_t number = 0;
  uint8_t variant = 0;             ///< another signature over the same body
  size_t padding = 0;              ///< octets of text, to make it larger
  TimeMs expiry = kNow + 60'000;
};

inline TransactionPtr Make(const Recipe& recipe) {
  v1::TransactionBody body;
  body.set_signer(KeyOf(recipe.signer).Encode());
  ByteWriter nonce;
  nonce.U64(recipe.number);
  nonce.U64(recipe.signer);
  body.set_nonce(nonce.Take());
  body.set_expiry_ms(recipe.expiry.value());
  body.add_actions()->mutable_refuse()->set_reason(Bytes(recipe.padding + 1, 'x'));
  v1::SignedTransaction outer;
  outer.set_body(body.SerializeAsString());
  Bytes signature(Signature::kSize, '\1');
  signature.back() = static_cast<char>(recipe.variant + 1);
  outer.set_signature(signature);
  return Transaction::Parse(ChainId{}, outer.SerializeAsString()).value();
}

}  // namespace beian::pool_test
