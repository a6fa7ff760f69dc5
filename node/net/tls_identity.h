#pragma once

#include <asio/ssl/context.hpp>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/crypto/keys.h"

namespace beian {

/// Dates in a certificate of ours: "YYYYMMDDHHMMSSZ". Nobody here reads them: the key is the
/// identity, and expiry never stops consensus. For software that insists they span all of time.
struct TlsValidity {
  std::string not_before = "19700101000000Z";
  std::string not_after = "99991231235959Z";
};

enum class TlsError { kBadKey };  ///< not an Ed25519 key in PKCS #8 PEM

/// TLS 1.3 with a certificate made in memory from this node's key, for both sides of a connection.
/// The other side must show a certificate; all that is read of it is its key, which must be one of
/// `trusted`. No session tickets: every connection proves its key.
class TlsIdentity {
 public:
  static std::expected<std::shared_ptr<TlsIdentity>, TlsError> Make(
      BytesView key_pem, std::vector<PublicKey> trusted, const TlsValidity& validity = {});

  const PublicKey& own_key() const { return own_key_; }
  asio::ssl::context& context() { return context_; }

  /// Puts the key that the other side of `ssl` shows into `seen`, trusted or not. `seen` lives as
  /// long as `ssl`. Whoever acts on it does so after the handshake, which proves possession.
  static void WatchPeerKey(SSL* ssl, std::optional<PublicKey>* seen);

 private:
  TlsIdentity(PublicKey own_key, std::vector<PublicKey> trusted);
  static int VerifyPeer(X509_STORE_CTX* store, void* identity);

  asio::ssl::context context_{asio::ssl::context::tls};
  PublicKey own_key_;
  std::vector<PublicKey> trusted_;
};

}  // namespace beian
