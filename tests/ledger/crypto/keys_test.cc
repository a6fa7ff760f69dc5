#include "ledger/crypto/keys.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"

namespace beian {
namespace {

const ChainId kChain = DigestCast<ChainId>(Sha256("chain"));

TEST(PublicKey, DecodesWhatItEncodes) {
  const PublicKey ed25519{KeyScheme::kEd25519, Bytes(32, 'e')};
  const PublicKey p256{KeyScheme::kP256, Bytes(64, 'p')};
  EXPECT_EQ(ed25519.Encode(), "\x01" + Bytes(32, 'e'));
  EXPECT_EQ(p256.Encode(), "\x02" + Bytes(64, 'p'));
  EXPECT_EQ(PublicKey::Decode(ed25519.Encode()), ed25519);
  EXPECT_EQ(PublicKey::Decode(p256.Encode()), p256);
}

TEST(PublicKey, RefusesOtherSchemesAndLengths) {
  EXPECT_EQ(PublicKey::Decode(""), std::nullopt);
  for (int scheme : {0, 3, 4, 255}) {
    for (size_t length : {32, 64}) {
      const Bytes encoded = Bytes(1, static_cast<char>(scheme)) + Bytes(length, 'k');
      EXPECT_EQ(PublicKey::Decode(encoded), std::nullopt);
    }
  }
  for (size_t length : {0, 31, 33, 63, 64, 65}) {
    EXPECT_EQ(PublicKey::Decode("\x01" + Bytes(length, 'k')), std::nullopt) << length;
  }
  for (size_t length : {0, 32, 33, 63, 65, 128}) {
    EXPECT_EQ(PublicKey::Decode("\x02" + Bytes(length, 'k')), std::nullopt) << length;
  }
}

TEST(PublicKey, HasAnIdThatCoversTheScheme) {
  const PublicKey key{KeyScheme::kEd25519, Bytes(32, 'e')};
  EXPECT_EQ(key.id().view(), Sha256(Bytes("beian/key/v1\0\x01", 14) + Bytes(32, 'e')).view());
  EXPECT_NE(key.id(), (PublicKey{KeyScheme::kP256, Bytes(32, 'e')}).id());
}

TEST(IsUsableKey, IsFalseForKeysUnderWhichNothingVerifies) {
  const PublicKey ed25519 = PrivateKey::FromSeed(KeyScheme::kEd25519, "key").public_key();
  const PublicKey p256 = PrivateKey::FromSeed(KeyScheme::kP256, "key").public_key();
  EXPECT_TRUE(IsUsableKey(ed25519));
  EXPECT_TRUE(IsUsableKey(p256));
  EXPECT_FALSE(IsUsableKey({KeyScheme::kEd25519, p256.octets}));
  EXPECT_FALSE(IsUsableKey({KeyScheme::kP256, ed25519.octets}));
  EXPECT_FALSE(IsUsableKey({static_cast<KeyScheme>(3), ed25519.octets}));
  EXPECT_FALSE(IsUsableKey({KeyScheme::kEd25519, Bytes(32, '\0')})) << "of order 4";
  EXPECT_FALSE(IsUsableKey({KeyScheme::kEd25519, Bytes(32, '\xff')})) << "not canonical";
  EXPECT_FALSE(IsUsableKey({KeyScheme::kP256, Bytes(64, '\0')})) << "not on the curve";
}

TEST(Signature, TakesSixtyFourOctetsOnly) {
  const Bytes octets(64, 's');
  ASSERT_TRUE(Signature::FromBytes(octets));
  EXPECT_EQ(Signature::FromBytes(octets)->view(), octets);
  EXPECT_EQ(Signature::FromBytes(Bytes(63, 's')), std::nullopt);
  EXPECT_EQ(Signature::FromBytes(Bytes(65, 's')), std::nullopt);
}

TEST(SignedMessage, IsTypeThenChainThenBody) {
  EXPECT_EQ(SignedMessage("header", kChain, "body"),
            Bytes("beian/header/v1\0", 16) + Bytes(kChain.view()) + "body");
}

TEST(SignedMessage, BindsTypeAndChain) {
  const ChainId other = DigestCast<ChainId>(Sha256("other chain"));
  const Bytes message = SignedMessage("vote", kChain, "body");
  EXPECT_NE(message, SignedMessage("header", kChain, "body"));
  EXPECT_NE(message, SignedMessage("vote", other, "body"));
  const PrivateKey key = PrivateKey::FromSeed(KeyScheme::kEd25519, "validator");
  const Signature signature = key.Sign(message);
  EXPECT_TRUE(VerifySignature(key.public_key(), message, signature));
  EXPECT_FALSE(
      VerifySignature(key.public_key(), SignedMessage("header", kChain, "body"), signature));
  EXPECT_FALSE(VerifySignature(key.public_key(), SignedMessage("vote", other, "body"), signature));
}

TEST(SignedMessageDeathTest, ChecksThatATypeCannotBeReadAsAnother) {
  EXPECT_DEATH(SignedMessage("", kChain, ""), "CHECK failed");
  EXPECT_DEATH(SignedMessage("vote/v1", kChain, ""), "CHECK failed");
  EXPECT_DEATH(SignedMessage(std::string_view("vote\0", 5), kChain, ""), "CHECK failed");
}

}  // namespace
}  // namespace beian
