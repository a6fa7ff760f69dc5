#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <fstream>
#include <map>
#include <sstream>

#include "ledger/crypto/keys.h"

namespace beian {
namespace {

PublicKey Ed25519KeyOf(std::string_view hex) {
  return {KeyScheme::kEd25519, FromHex(hex).value()};
}
Signature Ed25519SignatureOf(std::string_view hex) {
  return Signature::FromBytes(FromHex(hex).value()).value();
}

/// What OpenSSL says without the checks of VerifySignature.
bool OpensslAccepts(const PublicKey& key, BytesView message, const Signature& signature) {
  EVP_PKEY* object = EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(key.octets.data()),
      key.octets.size());
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool accepted =
      EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, object) == 1 &&
      EVP_DigestVerify(context, signature.octets.data(), signature.octets.size(),
                       reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(object);
  ERR_clear_error();
  return accepted;
}

struct Rfc8032Vector {
  const char* key;
  const char* message;
  const char* signature;
};
constexpr Rfc8032Vector kRfc8032[] = {
    {"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bbe24655141438e7a100b"},
    {"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(VerifyEd25519, AcceptsTheVectorsOfRfc8032) {
  for (const Rfc8032Vector& vector : kRfc8032) {
    EXPECT_TRUE(VerifySignature(Ed25519KeyOf(vector.key), FromHex(vector.message).value(),
                                Ed25519SignatureOf(vector.signature)));
  }
}

TEST(VerifyEd25519, RefusesEveryChangedOctet) {
  const PublicKey key = Ed25519KeyOf(kRfc8032[1].key);
  const Signature signature = Ed25519SignatureOf(kRfc8032[1].signature);
  EXPECT_FALSE(VerifySignature(key, "s", signature));
  EXPECT_FALSE(VerifySignature(key, "", signature));
  for (size_t i = 0; i < Signature::kSize; ++i) {
    Signature changed = signature;
    changed.octets[i] ^= 1;
    EXPECT_FALSE(VerifySignature(key, "r", changed)) << i;
  }
  for (size_t i = 0; i < key.octets.size(); ++i) {
    PublicKey changed = key;
    changed.octets[i] ^= 1;
    EXPECT_FALSE(VerifySignature(changed, "r", signature)) << i;
  }
}

TEST(VerifyEd25519, RefusesKeysOfTheWrongLengthOrScheme) {
  PublicKey key = Ed25519KeyOf(kRfc8032[1].key);
  const Signature signature = Ed25519SignatureOf(kRfc8032[1].signature);
  ASSERT_TRUE(VerifySignature(key, "r", signature));
  key.scheme = KeyScheme::kP256;
  EXPECT_FALSE(VerifySignature(key, "r", signature));
  key.scheme = static_cast<KeyScheme>(0);
  EXPECT_FALSE(VerifySignature(key, "r", signature));
  key.scheme = KeyScheme::kEd25519;
  key.octets.push_back('\0');
  EXPECT_FALSE(VerifySignature(key, "r", signature));
  key.octets.resize(31);
  EXPECT_FALSE(VerifySignature(key, "r", signature));
  key.octets.clear();
  EXPECT_FALSE(VerifySignature(key, "r", signature));
}

/// Each refused vector that OpenSSL alone accepts shows one of our own checks at work.
TEST(VerifyEd25519, IsStrictAtEveryEdge) {
  std::ifstream file(BEIAN_SOURCE_DIR "/tests/vectors/ed25519_edges.txt");
  std::string line;
  std::getline(file, line);
  std::map<std::string, int> seen;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    bool strict = false;
    bool openssl = false;
    std::string what, key, signature, message;
    fields >> strict >> openssl >> what >> key >> signature >> message;
    const Bytes octets = FromHex(message).value();
    EXPECT_EQ(VerifySignature(Ed25519KeyOf(key), octets, Ed25519SignatureOf(signature)), strict)
        << line;
    EXPECT_EQ(OpensslAccepts(Ed25519KeyOf(key), octets, Ed25519SignatureOf(signature)), openssl)
        << line;
    seen[what + (strict ? " accepted" : openssl ? " refused by us" : " refused by all")]++;
  }
  const std::map<std::string, int> expected = {{"key-not-a-point refused by all", 1},
                                               {"low-order-key refused by us", 14},
                                               {"low-order-key-and-mixed-r refused by us", 56},
                                               {"low-order-key-and-r refused by us", 56},
                                               {"low-order-r refused by all", 43},
                                               {"low-order-r refused by us", 43},
                                               {"mixed accepted", 43},
                                               {"plain accepted", 1},
                                               {"r-not-a-point refused by all", 1},
                                               {"residue refused by all", 63},
                                               {"s-not-reduced refused by all", 15}};
  EXPECT_EQ(seen, expected);
}

TEST(VerifyEd25519, LeavesNoErrorForTheNextUserOfTheThread) {
  ERR_clear_error();
  PublicKey key = Ed25519KeyOf(kRfc8032[1].key);
  key.octets[0] ^= 1;
  EXPECT_FALSE(VerifySignature(key, "r", Ed25519SignatureOf(kRfc8032[1].signature)));
  EXPECT_EQ(ERR_peek_error(), 0u);
}

}  // namespace
}  // namespace beian
