#include <openssl/err.h>

#include <algorithm>
#include <map>

#include "ledger/crypto/hash.h"
#include "ledger/crypto/openssl_keys.h"

namespace beian {
namespace {

using Octets32 = std::span<const uint8_t, 32>;

constexpr uint8_t kSignBit = 0x80;  // of the last octet of an encoded point: the parity of x

/// Compares two numbers in little-endian octets: a < b.
bool IsLess(Octets32 a, Octets32 b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

/// p = 2^255 - 19, little-endian.
constexpr std::array<uint8_t, 32> kEd25519Prime = {
    0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
/// L = 2^252 + 27742317777372353535851937790883648493, little-endian.
constexpr std::array<uint8_t, 32> kEd25519Order = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10};

/// Canonical y of the eight points whose order divides 8, without the sign of x: y = 0 (order 4),
/// 1 (the identity), the two of order 8, and p - 1 (order 2).
constexpr std::array<std::array<uint8_t, 32>, 5> kLowOrderPoints = {{
    {},
    {0x01},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
}};

/// A canonical encoding of a point that is not of low order. That it is on the curve is found by
/// OpenSSL when it decodes A, and by comparing when it recomputes R. An x of zero with the sign
/// set is not canonical either, but the only such points are of low order.
bool IsSoundEd25519Point(Octets32 encoded) {
  std::array<uint8_t, 32> y;
  std::ranges::copy(encoded, y.begin());
  y.back() &= static_cast<uint8_t>(~kSignBit);
  return IsLess(y, kEd25519Prime) && std::ranges::find(kLowOrderPoints, y) == kLowOrderPoints.end();
}

/// OpenSSL's form of a key, null when `a` is not on the curve. Votes come from a few validators,
/// again and again, and making it anew is a tenth of a verification.
const KeyPtr& Ed25519PublicKey(Octets32 a) {
  constexpr size_t kKeysMax = 64;
  thread_local std::map<std::array<uint8_t, kEd25519KeySize>, KeyPtr> keys;
  std::array<uint8_t, kEd25519KeySize> octets;
  std::ranges::copy(a, octets.begin());
  if (const auto it = keys.find(octets); it != keys.end()) return it->second;
  if (keys.size() >= kKeysMax) keys.clear();
  KeyPtr made(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, a.data(), a.size()));
  return keys.emplace(octets, std::move(made)).first->second;
}

/// OpenSSL recomputes R without the cofactor and compares encodings; alone, it would accept
/// non-canonical and low-order A and low-order R, on which implementations disagree.
bool VerifyEd25519(BytesView key, BytesView message, const Signature& signature) {
  const std::span<const uint8_t, Signature::kSize> octets(signature.octets);
  const Octets32 a(Octets(key), kEd25519KeySize);
  if (!IsSoundEd25519Point(a) || !IsSoundEd25519Point(octets.first<32>()) ||
      !IsLess(octets.last<32>(), kEd25519Order)) {
    return false;
  }
  const KeyPtr& object = Ed25519PublicKey(a);
  if (!object) return false;
  const DigestContextPtr context(EVP_MD_CTX_new());
  CHECK(context);
  CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, object.get()) == 1);
  return EVP_DigestVerify(context.get(), octets.data(), octets.size(), Octets(message),
                          message.size()) == 1;
}

/// SEQUENCE { INTEGER r, INTEGER s }, the only form that OpenSSL takes, in place.
class DerSignature {
 public:
  explicit DerSignature(const Signature& signature) {
    const std::span<const uint8_t, Signature::kSize> octets(signature.octets);
    AppendInteger(octets.first<32>());
    AppendInteger(octets.last<32>());
    octets_[0] = 0x30;
    octets_[1] = static_cast<uint8_t>(size_ - 2);
  }
  const unsigned char* data() const { return octets_.data(); }
  size_t size() const { return size_; }

 private:
  static constexpr size_t kSizeMax = 2 + 2 * (2 + 1 + kP256ScalarSize);

  void AppendInteger(Octets32 value) {
    size_t first = 0;
    while (first + 1 < value.size() && value[first] == 0) ++first;
    const bool padded = (value[first] & 0x80) != 0;  // or it would read as a negative number
    const size_t length = value.size() - first;
    octets_[size_++] = 0x02;
    octets_[size_++] = static_cast<uint8_t>(length + (padded ? 1 : 0));
    if (padded) octets_[size_++] = 0;
    std::copy_n(value.begin() + static_cast<std::ptrdiff_t>(first), length, octets_.data() + size_);
    size_ += length;
  }

  std::array<uint8_t, kSizeMax> octets_;
  size_t size_ = 2;
};

/// The curve takes nearly all of the time. The same steps made of EC_POINT and BIGNUM calls, and
/// the older ECDSA_verify, were measured and are no faster.
bool VerifyP256(BytesView key, BytesView message, const Signature& signature) {
  const std::span<const uint8_t, Signature::kSize> octets(signature.octets);
  const auto s = octets.last<32>();
  if (!IsP256Scalar(octets.first<32>()) || !IsP256Scalar(s) ||
      std::ranges::lexicographical_compare(kP256HalfOrder, s)) {
    return false;
  }
  EVP_PKEY* const object = P256PublicKey(key);
  if (object == nullptr) return false;
  const KeyContextPtr context(EVP_PKEY_CTX_new(object, nullptr));
  CHECK(context && EVP_PKEY_verify_init(context.get()) == 1);
  const DerSignature der(signature);
  const Sha256Digest digest = Sha256(message);
  return EVP_PKEY_verify(context.get(), der.data(), der.size(), digest.octets.data(),
                         digest.octets.size()) == 1;
}

bool Verify(const PublicKey& key, BytesView message, const Signature& signature) {
  switch (key.scheme) {
    case KeyScheme::kEd25519:
      return key.octets.size() == kEd25519KeySize && VerifyEd25519(key.octets, message, signature);
    case KeyScheme::kP256:
      return key.octets.size() == kP256KeySize && VerifyP256(key.octets, message, signature);
  }
  return false;
}

}  // namespace

bool VerifySignature(const PublicKey& key, BytesView message, const Signature& signature) {
  // What a refused key leaves in this thread's queue of errors would be taken by TLS for its own.
  ERR_set_mark();
  const bool valid = Verify(key, message, signature);
  ERR_pop_to_mark();
  return valid;
}

bool IsUsableKey(const PublicKey& key) {
  switch (key.scheme) {
    case KeyScheme::kEd25519:
      return key.octets.size() == kEd25519KeySize &&
             IsSoundEd25519Point(Octets32(Octets(key.octets), kEd25519KeySize));
    case KeyScheme::kP256: {
      if (key.octets.size() != kP256KeySize) return false;
      ERR_set_mark();
      const bool on_curve = P256PublicKey(key.octets) != nullptr;
      ERR_pop_to_mark();
      return on_curve;
    }
  }
  return false;
}

}  // namespace beian
