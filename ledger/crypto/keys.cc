#include "ledger/crypto/keys.h"

#include "ledger/crypto/hash.h"
#include "ledger/crypto/openssl_keys.h"

namespace beian {
namespace {

constexpr std::string_view kKeyIdTag{"beian/key/v1\0", 13};

size_t KeySize(KeyScheme scheme) {
  switch (scheme) {
    case KeyScheme::kEd25519:
      return kEd25519KeySize;
    case KeyScheme::kP256:
      return kP256KeySize;
  }
  return 0;
}

}  // namespace

Bytes PublicKey::Encode() const {
  Bytes encoded(1, static_cast<char>(scheme));
  encoded.append(octets);
  return encoded;
}

std::optional<PublicKey> PublicKey::Decode(BytesView encoded) {
  if (encoded.empty()) return std::nullopt;
  const auto scheme = static_cast<KeyScheme>(encoded.front());
  const size_t size = KeySize(scheme);
  if (size == 0 || encoded.size() != 1 + size) return std::nullopt;
  return PublicKey{scheme, Bytes(encoded.substr(1))};
}

KeyId PublicKey::id() const {
  return DigestCast<KeyId>(Sha256({kKeyIdTag, Encode()}));
}

std::optional<Signature> Signature::FromBytes(BytesView octets) {
  if (octets.size() != kSize) return std::nullopt;
  Signature signature;
  std::memcpy(signature.octets.data(), octets.data(), kSize);
  return signature;
}

Bytes SignedMessage(std::string_view type, const ChainId& chain, BytesView body) {
  // A type with a slash or a zero octet could be read as another type with another body.
  CHECK(!type.empty() && type.find_first_of(std::string_view("/\0", 2)) == type.npos);
  constexpr std::string_view kPrefix = "beian/";
  constexpr std::string_view kSuffix{"/v1\0", 4};
  Bytes message;
  message.reserve(kPrefix.size() + type.size() + kSuffix.size() + ChainId::kSize + body.size());
  message.append(kPrefix).append(type).append(kSuffix).append(chain.view()).append(body);
  return message;
}

}  // namespace beian
