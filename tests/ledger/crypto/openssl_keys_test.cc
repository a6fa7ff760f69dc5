#include "ledger/crypto/openssl_keys.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <thread>

namespace beian {
namespace {

using Scalar = std::array<uint8_t, kP256ScalarSize>;

/// x ‖ y of what OpenSSL holds under `key`.
Bytes PointOf(EVP_PKEY* key) {
  unsigned char* encoded = nullptr;
  const size_t size = EVP_PKEY_get1_encoded_public_key(key, &encoded);
  const Bytes point(encoded + 1, encoded + size);
  OPENSSL_free(encoded);
  return point;
}

Bytes PublicOctets(const char* seed) {
  return PrivateKey::FromSeed(KeyScheme::kP256, seed).public_key().octets;
}

TEST(OpensslKeys, AScalarIsAboveZeroAndBelowTheOrder) {
  Scalar scalar{};
  EXPECT_FALSE(IsP256Scalar(scalar));
  scalar.back() = 1;
  EXPECT_TRUE(IsP256Scalar(scalar));
  scalar = kP256Order;
  EXPECT_FALSE(IsP256Scalar(scalar));
  --scalar.back();
  EXPECT_TRUE(IsP256Scalar(scalar));
  scalar.fill(0xff);
  EXPECT_FALSE(IsP256Scalar(scalar));
}

TEST(OpensslKeys, TheKeyObjectHoldsThePointOfTheLastCall) {
  for (const char* seed : {"one", "two", "one"}) {
    const Bytes octets = PublicOctets(seed);
    EVP_PKEY* const key = P256PublicKey(octets);
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(PointOf(key), octets);
  }
}

TEST(OpensslKeys, APointOffTheCurveHasNoKeyObjectAndSpoilsNoLaterOne) {
  Bytes off_curve = PublicOctets("one");
  off_curve.back() ^= 1;
  EXPECT_EQ(P256PublicKey(off_curve), nullptr);
  EXPECT_EQ(P256PublicKey(Bytes(kP256KeySize, '\0')), nullptr);
  ERR_clear_error();
  EVP_PKEY* const key = P256PublicKey(PublicOctets("one"));
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(PointOf(key), PublicOctets("one"));
}

TEST(OpensslKeys, EachThreadHasItsOwnKeyObject) {
  EVP_PKEY* const here = P256PublicKey(PublicOctets("one"));
  std::thread([&] { EXPECT_NE(P256PublicKey(PublicOctets("two")), here); }).join();
  EXPECT_EQ(PointOf(here), PublicOctets("one"));
}

}  // namespace
}  // namespace beian
