#include "node/net/tls_identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace beian {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, Deleter<&EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, Deleter<&X509_free>>;
using BioHandle = std::unique_ptr<BIO, Deleter<&BIO_free_all>>;

constexpr size_t kEd25519Bytes = 32;
constexpr long kPeerCertificateBytesMax = 8'192;  ///< ours have about 300 octets

/// Unencrypted keys only: without this OpenSSL would ask the terminal for a passphrase.
int NoPassphrase(char*, int, int, void*) {
  return 0;
}

KeyHandle ReadKey(BytesView pem) {
  if (pem.size() > static_cast<size_t>(std::numeric_limits<int>::max())) return nullptr;
  const BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(bio);
  KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, nullptr));
  ERR_clear_error();
  if (key && EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519) return nullptr;
  return key;
}

std::optional<PublicKey> PublicKeyOf(const EVP_PKEY* key) {
  if (key == nullptr || EVP_PKEY_id(key) != EVP_PKEY_ED25519) return std::nullopt;
  std::array<unsigned char, kEd25519Bytes> octets;
  size_t length = octets.size();
  if (EVP_PKEY_get_raw_public_key(key, octets.data(), &length) != 1 || length != octets.size()) {
    return std::nullopt;
  }
  return PublicKey{KeyScheme::kEd25519,
                   Bytes(reinterpret_cast<const char*>(octets.data()), octets.size())};
}

CertificateHandle MakeCertificate(EVP_PKEY* key, const TlsValidity& validity) {
  CertificateHandle certificate(X509_new());
  CHECK(certificate);
  constexpr long kVersion3 = 2;
  CHECK(X509_set_version(certificate.get(), kVersion3) == 1);
  CHECK(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1) == 1);
  CHECK(ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()),
                                  validity.not_before.c_str()) == 1);
  CHECK(ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()),
                                  validity.not_after.c_str()) == 1);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  constexpr std::array<unsigned char, 5> kName = {'b', 'e', 'i', 'a', 'n'};
  CHECK(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kName.data(), kName.size(), -1, 0) ==
        1);
  CHECK(X509_set_issuer_name(certificate.get(), name) == 1);
  CHECK(X509_set_pubkey(certificate.get(), key) == 1);
  CHECK(X509_sign(certificate.get(), key, nullptr) > 0);
  return certificate;
}

/// Where an SSL object keeps its `seen` pointer. Index 0 belongs to Asio.
int SeenKeyIndex() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  CHECK(index > 0);
  return index;
}

void Harden(SSL_CTX* context) {
  CHECK(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1);
  CHECK(SSL_CTX_set_ciphersuites(context,
                                 "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256") == 1);
  CHECK(SSL_CTX_set1_sigalgs_list(context, "ed25519") == 1);
  CHECK(SSL_CTX_set1_groups_list(context, "X25519") == 1);
  CHECK(SSL_CTX_set_num_tickets(context, 0) == 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, kPeerCertificateBytesMax);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

}  // namespace

TlsIdentity::TlsIdentity(PublicKey own_key, std::vector<PublicKey> trusted)
    : own_key_(std::move(own_key)), trusted_(std::move(trusted)) {}

std::expected<std::shared_ptr<TlsIdentity>, TlsError> TlsIdentity::Make(
    BytesView key_pem, std::vector<PublicKey> trusted, const TlsValidity& validity) {
  const KeyHandle key = ReadKey(key_pem);
  const auto public_key = PublicKeyOf(key.get());
  if (!public_key) return std::unexpected(TlsError::kBadKey);
  std::shared_ptr<TlsIdentity> identity(new TlsIdentity(*public_key, std::move(trusted)));
  const CertificateHandle certificate = MakeCertificate(key.get(), validity);
  SSL_CTX* context = identity->context_.native_handle();
  Harden(context);
  CHECK(SSL_CTX_use_certificate(context, certificate.get()) == 1);
  CHECK(SSL_CTX_use_PrivateKey(context, key.get()) == 1);
  SSL_CTX_set_cert_verify_callback(context, &TlsIdentity::VerifyPeer, identity.get());
  return identity;
}

void TlsIdentity::WatchPeerKey(SSL* ssl, std::optional<PublicKey>* seen) {
  CHECK(SSL_set_ex_data(ssl, SeenKeyIndex(), seen) == 1);
}

/// Stands in for the whole of X.509 path validation: names, dates and issuers mean nothing here.
int TlsIdentity::VerifyPeer(X509_STORE_CTX* store, void* identity) {
  const auto* self = static_cast<const TlsIdentity*>(identity);
  const X509* certificate = X509_STORE_CTX_get0_cert(store);
  auto key = certificate == nullptr ? std::nullopt : PublicKeyOf(X509_get0_pubkey(certificate));
  const bool trusted = key && std::ranges::count(self->trusted_, *key) > 0;
  X509_STORE_CTX_set_error(store, trusted ? X509_V_OK : X509_V_ERR_CERT_UNTRUSTED);
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* seen = static_cast<std::optional<PublicKey>*>(SSL_get_ex_data(ssl, SeenKeyIndex()));
  if (seen != nullptr) *seen = std::move(key);
  return trusted ? 1 : 0;
}

}  // namespace beian
