// Who is not let in, and that the reason is said once and clearly.

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "tests/node/net/net_testing.h"

namespace beian {
namespace {

using namespace net_test;

class PeerRefusalTest : public testing::Test {
 protected:
  void StartLower() { lower.Start(ConfigOf(0, SetOfSize(4))); }
  uint16_t port() const { return lower.network->port(); }
  /// Nothing comes of it, and a good peer is still welcome.
  void ExpectNobodyCameIn() {
    EXPECT_EQ(lower.network->connected(), 0u);
    EXPECT_TRUE(lower.ups.empty());
    RawClient good(io, 2);
    EXPECT_EQ(good.Greet(port(), 2), Verdict::kWelcome);
    EXPECT_TRUE(RunUntil(io, [&] { return lower.Up(2); }));
  }

  asio::io_context io;
  Node lower{io};
};

TEST_F(PeerRefusalTest, TheDialerRefusesAKeyThatItsGenesisDoesNotPin) {
  lower.Start(ConfigOf(0, SetOfSize(2)));
  Node higher(io);
  // In this genesis validator 0 has another key, so whoever answers is an impostor.
  higher.Start(ConfigOf(1, SetOf({kStranger, 1}), {LocalAddress(port())}));
  ASSERT_TRUE(RunUntil(io, [&] { return higher.NotesOf("wrong_key") == 1; }));
  const std::string text = higher.Text("wrong_key");
  EXPECT_NE(text.find("validator 0 (v0)"), std::string::npos) << text;
  EXPECT_NE(text.find(TlsKeyOf(0).public_key().id().hex()), std::string::npos) << text;
  EXPECT_NE(text.find(TlsKeyOf(kStranger).public_key().id().hex()), std::string::npos) << text;
  RunFor(io, 200);
  EXPECT_EQ(higher.NotesOf("wrong_key"), 1u) << "said once, tried often";
  EXPECT_EQ(higher.network->connected(), 0u);
  EXPECT_EQ(lower.network->connected(), 0u);
  EXPECT_EQ(higher.StatusOf(0).last_failure, "wrong_key");
}

TEST_F(PeerRefusalTest, TheAccepterRefusesAKeyThatItsGenesisDoesNotPin) {
  lower.Start(ConfigOf(0, SetOf({0, kStranger})));
  Node higher(io);
  higher.Start(ConfigOf(1, SetOf({0, 1}), {LocalAddress(port())}));
  ASSERT_TRUE(RunUntil(io, [&] {
    return lower.NotesOf("unknown_key") == 1 && higher.NotesOf("not_welcomed") >= 1;
  }));
  const std::string text = lower.Text("unknown_key");
  EXPECT_NE(text.find(TlsKeyOf(1).public_key().id().hex()), std::string::npos) << text;
  EXPECT_NE(text.find("127.0.0.1"), std::string::npos) << text;
  RunFor(io, 200);
  EXPECT_EQ(lower.NotesOf("unknown_key"), 1u) << "said once, knocked often";
  EXPECT_LE(higher.NotesOf("not_welcomed"), 2u);
  EXPECT_EQ(higher.network->connected(), 0u) << "no Welcome, no connection";
  EXPECT_EQ(lower.network->connected(), 0u);
}

// Two validators whose addresses are swapped in a configuration: both keys are known.
TEST_F(PeerRefusalTest, TheDialerRefusesAnotherValidatorInThePlaceOfTheOneItDials) {
  lower.Start(ConfigOf(0, SetOfSize(3)));
  Node higher(io);
  higher.Start(ConfigOf(2, SetOfSize(3), {"", LocalAddress(port())}));
  ASSERT_TRUE(RunUntil(io, [&] { return higher.NotesOf("wrong_key") == 1; }));
  EXPECT_NE(higher.Text("wrong_key").find("validator 1"), std::string::npos);
  EXPECT_EQ(higher.network->connected(), 0u);
}

TEST_F(PeerRefusalTest, BothSidesNameBothChainsWhenTheirGenesisDiffers) {
  StartLower();
  Node higher(io);
  NetConfig config = ConfigOf(1, SetOfSize(4), {LocalAddress(port())});
  config.chain_id = TestChain('\x22');
  higher.Start(config);
  ASSERT_TRUE(RunUntil(io, [&] {
    return lower.NotesOf("wrong_chain") == 1 && higher.NotesOf("wrong_chain") == 1;
  }));
  RunFor(io, 200);
  for (const Node* node : {&lower, &higher}) {
    EXPECT_EQ(node->NotesOf("wrong_chain"), 1u) << "said once, tried often";
    EXPECT_NE(node->Text("wrong_chain").find(TestChain('\x11').hex()), std::string::npos);
    EXPECT_NE(node->Text("wrong_chain").find(TestChain('\x22').hex()), std::string::npos);
    EXPECT_EQ(node->network->connected(), 0u);
  }
}

TEST_F(PeerRefusalTest, AnotherProtocolVersionIsToldSo) {
  StartLower();
  RawClient newer(io, 1);
  EXPECT_EQ(newer.Greet(port(), 1, {2, TestChain(), ValidatorIndex(1)}), Verdict::kWrongVersion);
  EXPECT_TRUE(newer.ReadFrame().second) << "and let go";
  EXPECT_EQ(lower.NotesOf("wrong_version"), 1u);
  ExpectNobodyCameIn();
}

TEST_F(PeerRefusalTest, AKeyOfOneValidatorCannotSpeakForAnother) {
  StartLower();
  RawClient liar(io, 1);
  EXPECT_EQ(liar.Greet(port(), 1, {1, TestChain(), ValidatorIndex(3)}), Verdict::kWrongIndex);
  EXPECT_EQ(lower.NotesOf("wrong_index"), 1u);
  ExpectNobodyCameIn();
}

TEST_F(PeerRefusalTest, TheLowerIndexDoesNotDial) {
  lower.Start(ConfigOf(1, SetOfSize(4)));
  RawClient client(io, 0);
  EXPECT_EQ(client.Greet(port(), 0), Verdict::kWrongIndex);
  ExpectNobodyCameIn();
}

TEST_F(PeerRefusalTest, ACopyOfTheNodeItselfIsRefused) {
  StartLower();
  RawClient copy(io, 0);
  ASSERT_FALSE(copy.Connect(port()));
  ASSERT_FALSE(copy.Handshake());
  copy.WriteFrame(EncodeHello({1, TestChain(), ValidatorIndex(0)}));
  EXPECT_TRUE(copy.ReadFrame().second);
  EXPECT_EQ(lower.NotesOf("own_key"), 1u);
  ExpectNobodyCameIn();
}

TEST_F(PeerRefusalTest, ACertificateThatHasExpiredIsAsGoodAsAnyOther) {
  StartLower();
  RawClient expired(io, 1, TlsValidity{"20010101000000Z", "20020101000000Z"});
  EXPECT_EQ(expired.Greet(port(), 1), Verdict::kWelcome);
  RawClient not_yet(io, 3, TlsValidity{"90010101000000Z", "90020101000000Z"});
  EXPECT_EQ(not_yet.Greet(port(), 3), Verdict::kWelcome);
  EXPECT_TRUE(RunUntil(io, [&] { return lower.Up(1) && lower.Up(3); }));
}

TEST_F(PeerRefusalTest, Tls12IsRefused) {
  StartLower();
  RawClient old(io, 1);
  ASSERT_FALSE(old.Connect(port()));
  EXPECT_TRUE(old.HandshakeAs(TLS1_2_VERSION));
  EXPECT_TRUE(RunUntil(io, [&] { return lower.NotesOf("tls_failed") == 1; }));
  ExpectNobodyCameIn();
}

/// The client's side of a handshake that the server has judged: it ends before any Welcome.
void ExpectRefused(RawClient& client, uint16_t port) {
  ASSERT_FALSE(client.Connect(port));
  if (client.Handshake()) return;
  client.WriteFrame(EncodeHello({1, TestChain(), ValidatorIndex(1)}));
  EXPECT_TRUE(client.ReadFrame().second);
}

TEST_F(PeerRefusalTest, AClientWithoutACertificateIsRefused) {
  StartLower();
  asio::ssl::context bare(asio::ssl::context::tls_client);
  RawClient client(io, bare);
  ExpectRefused(client, port());
  EXPECT_TRUE(RunUntil(io, [&] { return lower.NotesOf("tls_failed") == 1; }));
  ExpectNobodyCameIn();
}

/// A self-signed certificate over a P-256 key.
void UseP256Certificate(asio::ssl::context& context) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "20200101000000Z");
  ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "20990101000000Z");
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  SSL_CTX_use_certificate(context.native_handle(), certificate);
  SSL_CTX_use_PrivateKey(context.native_handle(), key);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

TEST_F(PeerRefusalTest, ACertificateOfAnotherSchemeIsRefused) {
  StartLower();
  asio::ssl::context context(asio::ssl::context::tls_client);
  UseP256Certificate(context);
  RawClient client(io, context);
  ExpectRefused(client, port());
  EXPECT_TRUE(RunUntil(io, [&] { return lower.NotesOf("tls_failed") == 1; }));
  ExpectNobodyCameIn();
}

TEST_F(PeerRefusalTest, AStrangersKeyIsRefused) {
  StartLower();
  RawClient client(io, kStranger);
  ExpectRefused(client, port());
  EXPECT_TRUE(RunUntil(io, [&] { return lower.NotesOf("unknown_key") == 1; }));
  ExpectNobodyCameIn();
}

}  // namespace
}  // namespace beian
