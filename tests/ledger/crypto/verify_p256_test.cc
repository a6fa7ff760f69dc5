#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

#include "ledger/crypto/hash.h"
#include "ledger/crypto/keys.h"

namespace beian {
namespace {

constexpr const char* kOrder = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
constexpr const char* kHalfOrder =
    "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8";
constexpr const char* kHalfOrderPlus1 =
    "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9";
constexpr const char* kOne = "0000000000000000000000000000000000000000000000000000000000000001";
constexpr const char* kZero = "0000000000000000000000000000000000000000000000000000000000000000";
/// x of the base point, which is the r of a signature made with k = 1.
constexpr const char* kBaseX = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";

PublicKey P256KeyOf(const std::string& hex) {
  return {KeyScheme::kP256, FromHex(hex).value()};
}
Signature P256SignatureOf(const std::string& r, const std::string& s) {
  return Signature::FromBytes(FromHex(r + s).value()).value();
}

// RFC 6979, A.2.5.
const PublicKey kKey = P256KeyOf(
    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
constexpr const char* kSampleR = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716";
constexpr const char* kSampleS = "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
/// n - s of the above.
constexpr const char* kSampleLowS =
    "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9";
const Signature kTestSignature =
    P256SignatureOf("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
                    "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");

TEST(VerifyP256, AcceptsTheVectorsOfRfc6979) {
  EXPECT_TRUE(VerifySignature(kKey, "test", kTestSignature));
  EXPECT_TRUE(VerifySignature(kKey, "sample", P256SignatureOf(kSampleR, kSampleLowS)));
}

TEST(VerifyP256, RefusesTheSameSignatureWithHighS) {
  EXPECT_FALSE(VerifySignature(kKey, "sample", P256SignatureOf(kSampleR, kSampleS)));
}

TEST(VerifyP256, HoldsEachSignatureAgainstItsOwnKeyWhateverWasVerifiedBefore) {
  const PrivateKey other = PrivateKey::FromSeed(KeyScheme::kP256, "other");
  PublicKey off_curve = kKey;
  off_curve.octets.back() ^= 1;
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(VerifySignature(kKey, "test", kTestSignature));
    EXPECT_FALSE(VerifySignature(off_curve, "test", kTestSignature));
    EXPECT_TRUE(VerifySignature(other.public_key(), "test", other.Sign("test")));
    EXPECT_FALSE(VerifySignature(other.public_key(), "test", kTestSignature));
    EXPECT_FALSE(VerifySignature(kKey, "test", other.Sign("test")));
  }
}

/// The key under which (x of the base point, s) is a signature of `message`: (s - e) / r times it.
PublicKey KeyForS(const char* s_hex, BytesView message) {
  BN_CTX* context = BN_CTX_new();
  EC_GROUP* group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  const BIGNUM* n = EC_GROUP_get0_order(group);
  BIGNUM *s = nullptr, *r = nullptr, *e = nullptr;
  BN_hex2bn(&s, s_hex);
  BN_hex2bn(&r, kBaseX);
  BN_hex2bn(&e, Sha256(message).hex().c_str());
  BN_mod_sub(s, s, e, n, context);
  BN_mod_inverse(r, r, n, context);
  BN_mod_mul(s, s, r, n, context);
  EC_POINT* point = EC_POINT_new(group);
  EC_POINT_mul(group, point, s, nullptr, nullptr, context);
  std::array<unsigned char, 65> encoded{};
  EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, encoded.data(), encoded.size(),
                     context);
  EC_POINT_free(point);
  BN_free(s), BN_free(r), BN_free(e);
  EC_GROUP_free(group);
  BN_CTX_free(context);
  return {KeyScheme::kP256, Bytes(encoded.begin() + 1, encoded.end())};
}

TEST(VerifyP256, DrawsTheLineOfLowSAtHalfTheOrder) {
  const PublicKey key = KeyForS(kHalfOrder, "message");
  EXPECT_TRUE(VerifySignature(key, "message", P256SignatureOf(kBaseX, kHalfOrder)));
  EXPECT_FALSE(VerifySignature(key, "message", P256SignatureOf(kBaseX, kHalfOrderPlus1)));
}

TEST(VerifyP256, AcceptsNumbersOfEveryLength) {
  std::string s = kOne;
  for (size_t length = 1; length <= 31; ++length) {
    for (const char* first : {"01", "7f", "80", "ff"}) {
      s = std::string(2 * (32 - length), '0') + first + std::string(2 * (length - 1), 'a');
      const PublicKey key = KeyForS(s.c_str(), "message");
      EXPECT_TRUE(VerifySignature(key, "message", P256SignatureOf(kBaseX, s))) << s;
    }
  }
}

TEST(VerifyP256, RefusesNumbersOutOfRange) {
  const std::string all(64, 'f');
  for (const std::string& r : {std::string(kZero), std::string(kOrder), all}) {
    EXPECT_FALSE(VerifySignature(kKey, "test", P256SignatureOf(r, kOne))) << r;
  }
  for (const std::string& s : {std::string(kZero), std::string(kOrder), all}) {
    EXPECT_FALSE(VerifySignature(kKey, "test", P256SignatureOf(kBaseX, s))) << s;
  }
}

TEST(VerifyP256, RefusesEveryChangedOctet) {
  EXPECT_FALSE(VerifySignature(kKey, "text", kTestSignature));
  for (size_t i = 0; i < Signature::kSize; ++i) {
    Signature changed = kTestSignature;
    changed.octets[i] ^= 1;
    EXPECT_FALSE(VerifySignature(kKey, "test", changed)) << i;
  }
  for (size_t i = 0; i < kKey.octets.size(); ++i) {
    PublicKey changed = kKey;
    changed.octets[i] = static_cast<char>(changed.octets[i] ^ 1);
    EXPECT_FALSE(VerifySignature(changed, "test", kTestSignature)) << i;
  }
}

TEST(VerifyP256, RefusesAKeyThatIsNotOnTheCurve) {
  ERR_clear_error();
  PublicKey key = kKey;
  key.octets.back() = static_cast<char>(key.octets.back() ^ 1);
  EXPECT_FALSE(VerifySignature(key, "test", kTestSignature));
  EXPECT_FALSE(VerifySignature(P256KeyOf(std::string(128, '0')), "test", kTestSignature));
  EXPECT_FALSE(VerifySignature(P256KeyOf(std::string(128, 'f')), "test", kTestSignature));
  EXPECT_EQ(ERR_peek_error(), 0u) << "errors stay in the thread's queue";
}

TEST(VerifyP256, RefusesKeysOfTheWrongLength) {
  for (size_t length : {0, 32, 33, 63, 65}) {
    const PublicKey key{KeyScheme::kP256, Bytes(length, 'k')};
    EXPECT_FALSE(VerifySignature(key, "test", kTestSignature)) << length;
  }
}

}  // namespace
}  // namespace beian
