#include "ledger/chain/transaction.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "ledger/crypto/hash.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

const ChainId kChain = DigestCast<ChainId>(Sha256("a chain"));
const ChainId kOtherChain = DigestCast<ChainId>(Sha256("another chain"));
const TimeMs kExpiry(1'550'188'900'000);

v1::Action TakeUp() {
  return TakeUpAction(DigestCast<FilingId>(Sha256("a filing")));
}

TransactionPtr MakeSmall(const PrivateKey& key) {
  auto transaction = Transaction::Sign(kChain, MakeBody(kExpiry, 1, {TakeUp()}), key);
  CHECK(transaction != nullptr);
  return transaction;
}

PrivateKey Ed25519Key() {
  return PrivateKey::FromSeed(KeyScheme::kEd25519, "transaction test");
}

/// The octets that carry `body` under a signature of zeros, or of `signature_bytes` of them.
Bytes Carry(const v1::TransactionBody& body, size_t signature_bytes = Signature::kSize) {
  v1::SignedTransaction outer;
  outer.set_body(body.SerializeAsString());
  outer.set_signature(Bytes(signature_bytes, '\0'));
  return outer.SerializeAsString();
}

v1::TransactionBody GoodBody() {
  v1::TransactionBody body = MakeBody(kExpiry, 1, {TakeUp()});
  body.set_signer(Ed25519Key().public_key().Encode());
  return body;
}

TransactionError ErrorOf(const Bytes& wire) {
  const auto parsed = Transaction::Parse(kChain, wire);
  CHECK(!parsed.has_value());
  return parsed.error();
}

TEST(Transaction, HasGoldenOctets) {
  const TransactionPtr transaction = MakeSmall(Ed25519Key());
  EXPECT_EQ(
      ToHex(transaction->wire()),
      "0a620a210140d6f213408f1a80e85414e859a88ddd5c557fdd03d6528effdb6ba701273dfe12100a78009591"
      "722cc84825ca95ee7ffa5218a0ddd5f38e2d222422220a20af77a9e157446c9ef569f69d46dee0235993de30"
      "526783cc5803ae82bd5c9ef01240570caa434d5fd74faed1ab02c6b6b3a0b38a9b5c0efd86e7f7ee88d13a5c"
      "f496e8dc1d77c26d3a511985e135930dd91928d9f8a11b980c53de1fd21f863d6f09");
  EXPECT_EQ(transaction->id().hex(),
            "a7688946863102c949e55409960d70fb3babe9290dc62bce7b8ec674e55ac871");
  EXPECT_EQ(transaction->wire_id().hex(),
            "43e8801a5b1ea9a42e13ea87bb090338725af423efd651788ad3ae6b9b7a8a92");
  EXPECT_EQ(transaction->signer_id().hex(),
            "036cc0b84e8b632707b8a8cfed32a16fef77cd8aee350be0e1ea0b1e67dcd1e3");
}

TEST(Transaction, KeepsWhatWasSigned) {
  for (const KeyScheme scheme : {KeyScheme::kEd25519, KeyScheme::kP256}) {
    const PrivateKey key = PrivateKey::FromSeed(scheme, "signer");
    const TransactionPtr made = MakeSmall(key);
    const auto parsed = Transaction::Parse(kChain, made->wire());
    ASSERT_TRUE(parsed.has_value());
    const Transaction& transaction = **parsed;
    EXPECT_TRUE(transaction.VerifySignature());
    EXPECT_EQ(transaction.wire(), made->wire());
    EXPECT_EQ(transaction.id(), made->id());
    EXPECT_EQ(transaction.signer(), key.public_key());
    EXPECT_EQ(transaction.signer_id(), key.public_key().id());
    EXPECT_EQ(transaction.expiry(), kExpiry);
    EXPECT_EQ(transaction.body().actions_size(), 1);
    EXPECT_EQ(transaction.cost(), made->wire().size() + 40);
  }
}

TEST(Transaction, RefusesEveryTruncationAndEveryAppendedOctet) {
  const Bytes wire = MakeSmall(MakeClientKey(1))->wire();
  for (size_t length = 0; length < wire.size(); ++length) {
    EXPECT_FALSE(Transaction::Parse(kChain, BytesView(wire).substr(0, length)).has_value());
  }
  for (int octet = 0; octet < 256; ++octet) {
    EXPECT_FALSE(Transaction::Parse(kChain, wire + static_cast<char>(octet)).has_value());
  }
}

void ExpectEveryFlippedBitIsNoticed(const PrivateKey& key) {
  const TransactionPtr original = MakeSmall(key);
  for (size_t bit = 0; bit < original->wire().size() * 8; ++bit) {
    Bytes wire = original->wire();
    wire[bit / 8] = static_cast<char>(wire[bit / 8] ^ (1 << (bit % 8)));
    const auto parsed = Transaction::Parse(kChain, wire);
    if (!parsed) continue;
    EXPECT_NE((*parsed)->wire_id(), original->wire_id()) << "bit " << bit;
    EXPECT_FALSE((*parsed)->VerifySignature()) << "bit " << bit;
  }
}

TEST(Transaction, NoticesEveryFlippedBit) {
  ExpectEveryFlippedBitIsNoticed(MakeClientKey(1));
  ExpectEveryFlippedBitIsNoticed(Ed25519Key());
}

TEST(Transaction, ReserialisesToTheSameOctetsWheneverMutantsParse) {
  std::mt19937 random(20190215);
  const Bytes original = MakeSubmit(MakeGenesis(1).genesis, MakeClientKey(1), kExpiry, 1)->wire();
  size_t parsed_count = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes wire = original;
    for (unsigned i = 0; i <= random() % 3; ++i) {
      wire[random() % wire.size()] = static_cast<char>(random());
    }
    const auto parsed = Transaction::Parse(kChain, wire);
    if (!parsed) continue;
    ++parsed_count;
    v1::SignedTransaction outer;
    outer.set_body((*parsed)->body().SerializeAsString());
    outer.set_signature(wire.substr(wire.size() - Signature::kSize));
    EXPECT_EQ(outer.SerializeAsString(), wire);
  }
  EXPECT_GT(parsed_count, 1'000u);
}

TEST(Transaction, HasOneIdUnderEverySignatureOfOneBody) {
  const PrivateKey key = MakeClientKey(1);  // P-256 signatures differ from one to the next
  const TransactionPtr first = MakeSmall(key);
  const TransactionPtr second = MakeSmall(key);
  ASSERT_NE(first->wire(), second->wire());
  EXPECT_TRUE(first->VerifySignature());
  EXPECT_TRUE(second->VerifySignature());
  EXPECT_EQ(first->id(), second->id());
  EXPECT_NE(first->wire_id(), second->wire_id());
}

TEST(Transaction, HasAnotherIdForAnotherSignerOfTheSameActions) {
  EXPECT_NE(MakeSmall(MakeClientKey(1))->id(), MakeSmall(MakeClientKey(2))->id());
}

TEST(Transaction, DoesNotVerifyOnAnotherChain) {
  const TransactionPtr original = MakeSmall(MakeClientKey(1));
  const auto elsewhere = Transaction::Parse(kOtherChain, original->wire());
  ASSERT_TRUE(elsewhere.has_value());
  EXPECT_FALSE((*elsewhere)->VerifySignature());
  EXPECT_NE((*elsewhere)->id(), original->id());
  EXPECT_EQ((*elsewhere)->wire_id(), original->wire_id());
}

TEST(Transaction, DoesNotTakeASignatureOfAnotherType) {
  const PrivateKey key = Ed25519Key();
  v1::SignedTransaction outer;
  outer.set_body(GoodBody().SerializeAsString());
  outer.set_signature(Bytes(key.Sign(SignedMessage("attestation", kChain, outer.body())).view()));
  const auto parsed = Transaction::Parse(kChain, outer.SerializeAsString());
  ASSERT_TRUE(parsed.has_value());
  EXPECT_FALSE((*parsed)->VerifySignature());
}

TEST(Transaction, NamesWhatIsWrongWithABody) {
  v1::TransactionBody body = GoodBody();
  ASSERT_TRUE(Transaction::Parse(kChain, Carry(body)).has_value());
  body.set_signer(body.signer() + "x");
  EXPECT_EQ(ErrorOf(Carry(body)), TransactionError::kBadSigner);
  body = GoodBody();
  body.clear_signer();
  EXPECT_EQ(ErrorOf(Carry(body)), TransactionError::kBadSigner);
  for (const size_t length : {0, 15, 17}) {
    body = GoodBody();
    body.set_nonce(Bytes(length, 'n'));
    EXPECT_EQ(ErrorOf(Carry(body)), TransactionError::kBadNonce) << length;
  }
  body = GoodBody();
  body.clear_expiry_ms();
  EXPECT_EQ(ErrorOf(Carry(body)), TransactionError::kBadExpiry);
  body = GoodBody();
  body.clear_actions();
  EXPECT_EQ(ErrorOf(Carry(body)), TransactionError::kNoActions);
  body = GoodBody();
  body.add_actions();
  EXPECT_EQ(ErrorOf(Carry(body)), TransactionError::kEmptyAction);
  for (const size_t length : {0, 63, 65}) {
    EXPECT_EQ(ErrorOf(Carry(GoodBody(), length)), TransactionError::kBadSignatureForm) << length;
  }
  EXPECT_EQ(ErrorOf({}), TransactionError::kBadSigner);
}

TEST(Transaction, HoldsAtMost256Actions) {
  v1::TransactionBody body = GoodBody();
  while (body.actions_size() < 256) *body.add_actions() = TakeUp();
  EXPECT_TRUE(Transaction::Parse(kChain, Carry(body)).has_value());
  *body.add_actions() = TakeUp();
  EXPECT_EQ(ErrorOf(Carry(body)), TransactionError::kTooManyActions);
}

/// A body whose transaction costs exactly `cost`, with two actions.
v1::TransactionBody BodyOfCost(size_t cost) {
  v1::TransactionBody body = GoodBody();
  auto& refuse = *body.add_actions()->mutable_refuse();
  refuse.set_reason("x");
  while (true) {
    const size_t now = Carry(body).size() + 2 * kResultBytes;
    if (now >= cost) break;
    refuse.mutable_reason()->append(cost - now > 100 ? (cost - now) / 2 : 1, 'x');
  }
  return body;
}

TEST(Transaction, CostsAtMost65000) {
  const Bytes largest = Carry(BodyOfCost(kTransactionCostMax));
  ASSERT_EQ(largest.size() + 2 * kResultBytes, kTransactionCostMax);
  EXPECT_TRUE(Transaction::Parse(kChain, largest).has_value());
  EXPECT_EQ(ErrorOf(Carry(BodyOfCost(kTransactionCostMax + 1))), TransactionError::kTooLarge);
  EXPECT_EQ(ErrorOf(Bytes(kTransactionCostMax + 1, 'x')), TransactionError::kTooLarge);
}

TEST(Transaction, RefusesABodyThatIsNotCanonical) {
  v1::SignedTransaction outer;
  outer.set_signature(Bytes(Signature::kSize, '\0'));
  outer.set_body(GoodBody().SerializeAsString() + Bytes("\x2a\x00", 2));  // an unknown field
  EXPECT_EQ(ErrorOf(outer.SerializeAsString()), TransactionError::kNotCanonical);
}

TEST(Transaction, IsNotMadeFromABodyThatBreaksALimit) {
  const PrivateKey key = Ed25519Key();
  EXPECT_EQ(Transaction::Sign(kChain, MakeBody(kExpiry, 1, {}), key), nullptr);
  EXPECT_EQ(Transaction::Sign(kChain, BodyOfCost(kTransactionCostMax + 1), key), nullptr);
  v1::TransactionBody not_utf8 = GoodBody();
  not_utf8.add_actions()->mutable_refuse()->set_reason("\xff");
  EXPECT_EQ(Transaction::Sign(kChain, not_utf8, key), nullptr);
}

TEST(TransactionErrors, HaveTheirOwnIdsAndRemedies) {
  std::set<std::string_view> ids;
  std::set<std::string_view> remedies;
  for (int i = 0; i <= static_cast<int>(TransactionError::kBadSignature); ++i) {
    const auto error = static_cast<TransactionError>(i);
    EXPECT_TRUE(TransactionErrorId(error).starts_with("transaction."));
    EXPECT_TRUE(ids.insert(TransactionErrorId(error)).second);
    EXPECT_TRUE(remedies.insert(TransactionErrorRemedy(error)).second);
  }
}

}  // namespace
}  // namespace beian
