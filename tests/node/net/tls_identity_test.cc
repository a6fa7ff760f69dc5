#include "node/net/tls_identity.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace beian {
namespace {

PrivateKey KeyOf(std::string_view seed) {
  return PrivateKey::FromSeed(KeyScheme::kEd25519, seed);
}

X509* CertificateOf(TlsIdentity& identity) {
  return SSL_CTX_get0_certificate(identity.context().native_handle());
}

TEST(TlsIdentity, CarriesTheKeyInASelfSignedCertificate) {
  const PrivateKey key = KeyOf("a");
  const auto identity = TlsIdentity::Make(key.ToPem(), {}).value();
  EXPECT_EQ(identity->own_key(), key.public_key());
  X509* certificate = CertificateOf(*identity);
  ASSERT_NE(certificate, nullptr);
  EXPECT_EQ(X509_verify(certificate, X509_get0_pubkey(certificate)), 1);
}

TEST(TlsIdentity, IsValidFromTheFirstToTheLastDayThatACertificateCanName) {
  const auto identity = TlsIdentity::Make(KeyOf("a").ToPem(), {}).value();
  X509* certificate = CertificateOf(*identity);
  tm begin{};
  tm end{};
  ASSERT_EQ(ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &begin), 1);
  ASSERT_EQ(ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end), 1);
  EXPECT_EQ(begin.tm_year, 70);
  EXPECT_EQ(end.tm_year, 9999 - 1900);
}

TEST(TlsIdentity, RefusesWhatIsNoEd25519Key) {
  const Bytes good = KeyOf("a").ToPem();
  for (const Bytes& pem : {Bytes(), Bytes("-----BEGIN PRIVATE KEY-----\n"), good.substr(0, 60),
                           PrivateKey::FromSeed(KeyScheme::kP256, "a").ToPem(),
                           Bytes(1'000, '\0')}) {
    const auto made = TlsIdentity::Make(pem, {});
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error(), TlsError::kBadKey);
  }
}

/// Both ends of a handshake in memory; says whether each end is content.
std::pair<bool, bool> Shake(TlsIdentity& client, TlsIdentity& server,
                            std::optional<PublicKey>* seen_by_server = nullptr) {
  SSL* near = SSL_new(client.context().native_handle());
  SSL* far = SSL_new(server.context().native_handle());
  BIO* near_io = nullptr;
  BIO* far_io = nullptr;
  BIO_new_bio_pair(&near_io, 0, &far_io, 0);
  SSL_set_bio(near, near_io, near_io);
  SSL_set_bio(far, far_io, far_io);
  SSL_set_connect_state(near);
  SSL_set_accept_state(far);
  if (seen_by_server != nullptr) TlsIdentity::WatchPeerKey(far, seen_by_server);
  for (int round = 0; round < 10; ++round) {
    SSL_do_handshake(near);
    SSL_do_handshake(far);
  }
  const std::pair<bool, bool> content(SSL_is_init_finished(near) == 1,
                                      SSL_is_init_finished(far) == 1);
  SSL_free(near);
  SSL_free(far);
  return content;
}

TEST(TlsIdentity, TwoThatTrustEachOtherShakeHands) {
  const PrivateKey a = KeyOf("a");
  const PrivateKey b = KeyOf("b");
  const auto client = TlsIdentity::Make(a.ToPem(), {b.public_key()}).value();
  const auto server = TlsIdentity::Make(b.ToPem(), {a.public_key()}).value();
  std::optional<PublicKey> seen;
  EXPECT_EQ(Shake(*client, *server, &seen), std::pair(true, true));
  EXPECT_EQ(seen, a.public_key());
}

TEST(TlsIdentity, AServerRefusesAKeyThatItDoesNotTrustAndNamesIt) {
  const PrivateKey a = KeyOf("a");
  const PrivateKey b = KeyOf("b");
  const auto client = TlsIdentity::Make(a.ToPem(), {b.public_key()}).value();
  const auto server = TlsIdentity::Make(b.ToPem(), {KeyOf("c").public_key()}).value();
  std::optional<PublicKey> seen;
  EXPECT_FALSE(Shake(*client, *server, &seen).second);
  EXPECT_EQ(seen, a.public_key());
}

TEST(TlsIdentity, AClientRefusesAKeyThatItDoesNotTrust) {
  const PrivateKey a = KeyOf("a");
  const PrivateKey b = KeyOf("b");
  const auto client = TlsIdentity::Make(a.ToPem(), {KeyOf("c").public_key()}).value();
  const auto server = TlsIdentity::Make(b.ToPem(), {a.public_key()}).value();
  EXPECT_FALSE(Shake(*client, *server).first);
}

TEST(TlsIdentity, TrustsNobodyWhenNobodyIsNamed) {
  const auto client = TlsIdentity::Make(KeyOf("a").ToPem(), {}).value();
  const auto server = TlsIdentity::Make(KeyOf("b").ToPem(), {}).value();
  EXPECT_EQ(Shake(*client, *server), std::pair(false, false));
}

}  // namespace
}  // namespace beian
