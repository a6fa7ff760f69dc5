#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <algorithm>

#include "ledger/crypto/hash.h"
#include "ledger/crypto/openssl_keys.h"

namespace beian {
namespace {

constexpr std::string_view kP256SeedTag{"beian/p256-seed/v1\0", 19};
constexpr size_t kPemSizeMax = 16 * 1024;  // octets; a P-256 key takes 241

using BioPtr = std::unique_ptr<BIO, OpensslDeleter<&BIO_free>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, OpensslDeleter<&PKCS8_PRIV_KEY_INFO_free>>;
using EcdsaSignaturePtr = std::unique_ptr<ECDSA_SIG, OpensslDeleter<&ECDSA_SIG_free>>;
using ScalarOctets = std::span<const uint8_t, kP256ScalarSize>;

KeyPtr MakeEd25519PrivateKey(ScalarOctets seed) {
  KeyPtr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  CHECK(key);
  return key;
}

/// 04 ‖ x ‖ y of the point scalar · G.
std::array<uint8_t, kP256PointSize> MultiplyBase(const BIGNUM* scalar) {
  const GroupPtr group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  CHECK(group);
  const PointPtr point(EC_POINT_new(group.get()));
  CHECK(point && EC_POINT_mul(group.get(), point.get(), scalar, nullptr, nullptr, nullptr) == 1);
  std::array<uint8_t, kP256PointSize> encoded;
  CHECK(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, encoded.data(),
                           encoded.size(), nullptr) == encoded.size());
  return encoded;
}

KeyPtr MakeP256PrivateKey(ScalarOctets scalar) {
  CHECK(IsP256Scalar(scalar));
  const BignumPtr number(BN_secure_new());
  CHECK(number && BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), number.get()));
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  std::array<uint8_t, kP256PointSize> point = MultiplyBase(number.get());
  std::array<uint8_t, kP256ScalarSize> native;  // parameters hold numbers in the machine's order
  CHECK(BN_bn2nativepad(number.get(), native.data(), native.size()) == native.size());
  std::string name = SN_X9_62_prime256v1;
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native.data(), native.size()),
      OSSL_PARAM_construct_end()};
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  CHECK(context && EVP_PKEY_fromdata_init(context.get()) == 1);
  CHECK(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, params) == 1);
  OPENSSL_cleanse(native.data(), native.size());
  return KeyPtr(key);
}

/// The first of SHA-256(tag ‖ counter ‖ seed), counter = 0, 1, ..., that is a scalar. A second try
/// is needed once in 2^32.
KeyPtr P256KeyFromSeed(BytesView seed) {
  for (uint8_t counter = 0;; ++counter) {
    CHECK(counter < 255);
    const char octet = static_cast<char>(counter);
    const Sha256Digest scalar = Sha256({kP256SeedTag, BytesView(&octet, 1), seed});
    if (IsP256Scalar(scalar.octets)) return MakeP256PrivateKey(scalar.octets);
  }
}

KeyPtr KeyFromSeed(KeyScheme scheme, BytesView seed) {
  switch (scheme) {
    case KeyScheme::kEd25519:
      return MakeEd25519PrivateKey(Sha256(seed).octets);
    case KeyScheme::kP256:
      return P256KeyFromSeed(seed);
  }
  CheckFailed("known scheme");
}

/// The scheme of a key that OpenSSL has read; nothing for other schemes and curves.
std::optional<KeyScheme> SchemeOf(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519")) return KeyScheme::kEd25519;
  if (!EVP_PKEY_is_a(key, "EC")) return std::nullopt;
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) return std::nullopt;
  if (std::string_view(group.data()) != SN_X9_62_prime256v1) return std::nullopt;
  return KeyScheme::kP256;
}

PublicKey PublicKeyOf(KeyScheme scheme, EVP_PKEY* key) {
  std::array<uint8_t, kP256PointSize> buffer;
  size_t length = buffer.size();
  if (scheme == KeyScheme::kEd25519) {
    CHECK(EVP_PKEY_get_raw_public_key(key, buffer.data(), &length) == 1);
    CHECK(length == kEd25519KeySize);
    return {scheme, Bytes(buffer.begin(), buffer.begin() + kEd25519KeySize)};
  }
  std::array<uint8_t, kP256ScalarSize> coordinate;
  PublicKey result{scheme, {}};
  for (const char* name : {OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y}) {
    BIGNUM* value = nullptr;
    CHECK(EVP_PKEY_get_bn_param(key, name, &value) == 1);
    const BignumPtr owner(value);
    CHECK(BN_bn2binpad(value, coordinate.data(), coordinate.size()) == coordinate.size());
    result.octets.append(coordinate.begin(), coordinate.end());
  }
  return result;
}

/// (r, s) and (r, n - s) are both valid; only the one with the low s is a signature here.
Signature FromDer(std::span<const uint8_t> der) {
  const unsigned char* cursor = der.data();
  const EcdsaSignaturePtr parsed(d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(der.size())));
  CHECK(parsed);
  Signature signature;
  constexpr int kScalar = static_cast<int>(kP256ScalarSize);
  CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), signature.octets.data(), kScalar) == kScalar);
  const BignumPtr order(BN_bin2bn(kP256Order.data(), kScalar, nullptr));
  const BignumPtr half(BN_bin2bn(kP256HalfOrder.data(), kScalar, nullptr));
  const BignumPtr s(BN_dup(ECDSA_SIG_get0_s(parsed.get())));
  CHECK(order && half && s);
  if (BN_cmp(s.get(), half.get()) > 0) CHECK(BN_sub(s.get(), order.get(), s.get()) == 1);
  CHECK(BN_bn2binpad(s.get(), signature.octets.data() + kScalar, kScalar) == kScalar);
  return signature;
}

}  // namespace

struct PrivateKey::Handle {
  KeyPtr key;
};

PrivateKey::PrivateKey(std::unique_ptr<Handle> handle, PublicKey public_key)
    : handle_(std::move(handle)), public_key_(std::move(public_key)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

PrivateKey PrivateKey::Generate(KeyScheme scheme) {
  KeyPtr key(scheme == KeyScheme::kEd25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                           : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  CHECK(key);
  PublicKey public_key = PublicKeyOf(scheme, key.get());
  return PrivateKey(std::make_unique<Handle>(std::move(key)), std::move(public_key));
}

PrivateKey PrivateKey::FromSeed(KeyScheme scheme, BytesView seed) {
  KeyPtr key = KeyFromSeed(scheme, seed);
  PublicKey public_key = PublicKeyOf(scheme, key.get());
  return PrivateKey(std::make_unique<Handle>(std::move(key)), std::move(public_key));
}

std::optional<PrivateKey> PrivateKey::FromPem(BytesView pem) {
  if (pem.size() > kPemSizeMax) return std::nullopt;
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(bio);
  const Pkcs8Ptr info(PEM_read_bio_PKCS8_PRIV_KEY_INFO(bio.get(), nullptr, nullptr, nullptr));
  KeyPtr key(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
  const auto scheme = key ? SchemeOf(key.get()) : std::nullopt;
  const KeyContextPtr context(scheme ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
  // A file whose public half is not that of its private half would sign what nobody can verify.
  const bool sound = context && EVP_PKEY_pairwise_check(context.get()) == 1;
  ERR_clear_error();
  if (!sound) return std::nullopt;
  PublicKey public_key = PublicKeyOf(*scheme, key.get());
  return PrivateKey(std::make_unique<Handle>(std::move(key)), std::move(public_key));
}

Bytes PrivateKey::ToPem() const {
  const Pkcs8Ptr info(EVP_PKEY2PKCS8(handle_->key.get()));
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  CHECK(info && bio && PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio.get(), info.get()) == 1);
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  CHECK(length > 0);
  return Bytes(data, static_cast<size_t>(length));
}

Signature PrivateKey::Sign(BytesView message) const {
  constexpr size_t kDerSizeMax = 72;  // of a P-256 signature; an Ed25519 signature has 64
  std::array<uint8_t, kDerSizeMax> buffer;
  size_t length = buffer.size();
  const bool is_ed25519 = public_key_.scheme == KeyScheme::kEd25519;
  const DigestContextPtr context(EVP_MD_CTX_new());
  CHECK(context);
  CHECK(EVP_DigestSignInit_ex(context.get(), nullptr, is_ed25519 ? nullptr : "SHA256", nullptr,
                              nullptr, handle_->key.get(), nullptr) == 1);
  CHECK(EVP_DigestSign(context.get(), buffer.data(), &length, Octets(message), message.size()) ==
        1);
  if (!is_ed25519) return FromDer({buffer.data(), length});
  CHECK(length == Signature::kSize);
  return *Signature::FromBytes({reinterpret_cast<const char*>(buffer.data()), length});
}

}  // namespace beian
