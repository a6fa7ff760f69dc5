#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <set>
#include <thread>

#include "ledger/crypto/keys.h"

namespace beian {
namespace {

constexpr KeyScheme kSchemes[] = {KeyScheme::kEd25519, KeyScheme::kP256};

/// n / 2 of P-256, rounded down: the largest s that is allowed.
constexpr const char* kHalf = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8";

Bytes PemOf(BytesView pkcs8) {
  return "-----BEGIN PRIVATE KEY-----\n" + ToBase64(pkcs8) + "\n-----END PRIVATE KEY-----\n";
}

Bytes Ed25519Pem(std::string_view seed_hex) {
  return PemOf(FromHex("302e020100300506032b657004220420" + std::string(seed_hex)).value());
}

/// PEM of a key that OpenSSL made, with `password` when there is one.
Bytes WriteWithOpenssl(EVP_PKEY* key, const char* password) {
  BIO* bio = BIO_new(BIO_s_mem());
  const EVP_CIPHER* cipher = password == nullptr ? nullptr : EVP_aes_256_cbc();
  PEM_write_bio_PKCS8PrivateKey(bio, key, cipher, password,
                                password == nullptr ? 0 : static_cast<int>(strlen(password)),
                                nullptr, nullptr);
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  Bytes pem(data, static_cast<size_t>(length));
  BIO_free(bio);
  EVP_PKEY_free(key);
  return pem;
}

TEST(PrivateKey, SignsTheVectorsOfRfc8032) {
  const auto key = PrivateKey::FromPem(
      Ed25519Pem("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  ASSERT_TRUE(key);
  EXPECT_EQ(ToHex(key->public_key().octets),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(ToHex(key->Sign("r").view()),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
            "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(PrivateKey, MakesSignaturesThatVerifyUnderItsKeyAlone) {
  for (KeyScheme scheme : kSchemes) {
    const PrivateKey key = PrivateKey::Generate(scheme);
    const PrivateKey other = PrivateKey::Generate(scheme);
    for (size_t length : {0, 1, 100, 100'000}) {
      const Bytes message(length, 'm');
      const Signature signature = key.Sign(message);
      EXPECT_TRUE(VerifySignature(key.public_key(), message, signature));
      EXPECT_FALSE(VerifySignature(key.public_key(), message + "m", signature));
      EXPECT_FALSE(VerifySignature(other.public_key(), message, signature));
    }
  }
}

TEST(PrivateKey, SignsWithLowSAndNumbersOfEveryLength) {
  const PrivateKey key = PrivateKey::FromSeed(KeyScheme::kP256, "low s");
  const Bytes half = FromHex(kHalf).value();
  for (int i = 0; i < 1000; ++i) {
    const Bytes message = std::to_string(i);
    const Signature signature = key.Sign(message);
    EXPECT_LE(signature.view().substr(32), BytesView(half));
    ASSERT_TRUE(VerifySignature(key.public_key(), message, signature));
  }
}

TEST(PrivateKey, FromSeedIsTheSameForever) {
  EXPECT_EQ(PrivateKey::FromSeed(KeyScheme::kEd25519, "seed").public_key().id().hex(),
            "082369f6709d47033d3d883cce35358caf3cb03d01c098efac9ed805f8cbbf84");
  EXPECT_EQ(PrivateKey::FromSeed(KeyScheme::kP256, "seed").public_key().id().hex(),
            "f20e1bf7dfff8cf769e5ad347274624425394293501381f51d60c3eab792e879");
}

TEST(PrivateKey, FromSeedDiffersForEverySeed) {
  std::set<PublicKey> keys;
  for (KeyScheme scheme : kSchemes) {
    for (int i = 0; i < 20; ++i) {
      keys.insert(PrivateKey::FromSeed(scheme, std::to_string(i)).public_key());
    }
    keys.insert(PrivateKey::FromSeed(scheme, "").public_key());
  }
  EXPECT_EQ(keys.size(), 42u);
}

TEST(PrivateKey, IsReadBackFromItsPem) {
  for (KeyScheme scheme : kSchemes) {
    const PrivateKey key = PrivateKey::Generate(scheme);
    const Bytes pem = key.ToPem();
    EXPECT_TRUE(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    const auto read = PrivateKey::FromPem(pem);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->public_key(), key.public_key());
    EXPECT_EQ(read->ToPem(), pem);
    EXPECT_TRUE(VerifySignature(key.public_key(), "m", read->Sign("m")));
  }
}

TEST(PrivateKey, RefusesWhatIsNoUnencryptedKeyOfAKnownScheme) {
  ERR_clear_error();
  EXPECT_FALSE(PrivateKey::FromPem(""));
  EXPECT_FALSE(PrivateKey::FromPem("no key"));
  EXPECT_FALSE(PrivateKey::FromPem(Bytes(100'000, '-')));
  EXPECT_FALSE(PrivateKey::FromPem(Ed25519Pem(std::string(62, '0'))));
  const Bytes whole = PrivateKey::Generate(KeyScheme::kP256).ToPem();
  EXPECT_FALSE(PrivateKey::FromPem(BytesView(whole).substr(0, whole.size() / 2)));
  EXPECT_FALSE(PrivateKey::FromPem(
      WriteWithOpenssl(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), "password")));
  EXPECT_FALSE(PrivateKey::FromPem(
      WriteWithOpenssl(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"), nullptr)));
  EXPECT_FALSE(PrivateKey::FromPem(
      WriteWithOpenssl(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"), nullptr)));
  EXPECT_TRUE(PrivateKey::FromPem(
      WriteWithOpenssl(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), nullptr)));
  EXPECT_EQ(ERR_peek_error(), 0u) << "errors stay in the thread's queue";
}

TEST(PrivateKey, RefusesAPublicHalfOfAnotherKey) {
  const PrivateKey key = PrivateKey::FromSeed(KeyScheme::kP256, "a");
  const PrivateKey other = PrivateKey::FromSeed(KeyScheme::kP256, "b");
  const auto body = [](const PrivateKey& k) {
    std::string pem = k.ToPem();
    pem = pem.substr(pem.find('\n') + 1);
    pem.resize(pem.find("-----END"));
    std::erase(pem, '\n');
    return FromBase64(pem).value();
  };
  Bytes octets = body(key);
  const size_t place = octets.find(key.public_key().octets);
  ASSERT_NE(place, Bytes::npos);
  ASSERT_TRUE(PrivateKey::FromPem(PemOf(octets)));
  octets.replace(place, 64, other.public_key().octets);
  EXPECT_FALSE(PrivateKey::FromPem(PemOf(octets)));
}

TEST(PrivateKey, SignsAndVerifiesInManyThreadsAtOnce) {
  for (KeyScheme scheme : kSchemes) {
    const PrivateKey key = PrivateKey::FromSeed(scheme, "shared");
    std::array<bool, 4> valid{};
    std::vector<std::thread> threads;
    for (size_t i = 0; i < valid.size(); ++i) {
      threads.emplace_back([&key, &valid, i] {
        bool all = true;
        for (int round = 0; round < 50; ++round) {
          const Bytes message = std::to_string(i) + " " + std::to_string(round);
          all = all && VerifySignature(key.public_key(), message, key.Sign(message));
        }
        valid[i] = all;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(valid, (std::array<bool, 4>{true, true, true, true}));
  }
}

}  // namespace
}  // namespace beian
