#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>

#include "ledger/base/types.h"

namespace beian {

enum class KeyScheme : uint8_t {
  kEd25519 = 1,  ///< RFC 8032; validators
  kP256 = 2,     ///< ECDSA with SHA-256 over NIST P-256; clients
};

/// A public key with its scheme. Ed25519: 32 octets; P-256: 64 octets, x ‖ y.
struct PublicKey {
  KeyScheme scheme = KeyScheme::kEd25519;
  Bytes octets;

  auto operator<=>(const PublicKey&) const = default;
  Bytes Encode() const;  ///< scheme octet ‖ key
  /// Checks scheme and length; a point off the curve is found when a signature is verified.
  static std::optional<PublicKey> Decode(BytesView encoded);
  KeyId id() const;  ///< SHA-256("beian/key/v1\0" ‖ encoded)
};

/// Both schemes sign to 64 octets: Ed25519 R ‖ S; P-256 r ‖ s with low s.
struct Signature {
  static constexpr size_t kSize = 64;
  std::array<uint8_t, kSize> octets{};
  auto operator<=>(const Signature&) const = default;
  BytesView view() const { return {reinterpret_cast<const char*>(octets.data()), kSize}; }
  static std::optional<Signature> FromBytes(BytesView octets);
};

/// What is signed for every type but votes: "beian/<type>/v1\0" ‖ chain id ‖ body. A signature
/// made for one type or chain is refused for every other. Source: VERIFICATION.md, signing rules.
Bytes SignedMessage(std::string_view type, const ChainId& chain, BytesView body);

/// True only for a signature that every honest party accepts: Ed25519 needs canonical A and R,
/// neither of low order, and S < L; P-256 needs 0 < r < n and 0 < s <= n/2. Pure; any thread.
bool VerifySignature(const PublicKey& key, BytesView message, const Signature& signature);

/// False for keys under which no signature, or anyone's, would verify: of low order, not canonical,
/// not on the curve of P-256. Pure; any thread.
bool IsUsableKey(const PublicKey& key);

/// A private key held in memory. Movable; any thread may sign.
class PrivateKey {
 public:
  static PrivateKey Generate(KeyScheme scheme);
  /// The key whose seed or scalar is derived from `seed`: for tests and reproducible demo data.
  static PrivateKey FromSeed(KeyScheme scheme, BytesView seed);
  /// PKCS #8 PEM, unencrypted. Nothing when it is not such a key of a known scheme.
  static std::optional<PrivateKey> FromPem(BytesView pem);
  Bytes ToPem() const;

  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey();

  const PublicKey& public_key() const { return public_key_; }
  Signature Sign(BytesView message) const;

 private:
  struct Handle;
  PrivateKey(std::unique_ptr<Handle> handle, PublicKey public_key);
  std::unique_ptr<Handle> handle_;
  PublicKey public_key_;
};

}  // namespace beian
