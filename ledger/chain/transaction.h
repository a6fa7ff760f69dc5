#pragma once

#include <expected>
#include <memory>
#include <string_view>

#include "beian/v1/transaction.pb.h"
#include "ledger/base/types.h"
#include "ledger/crypto/keys.h"

namespace beian {

/// Limits of CONSENSUS.md section 9. A log leaf holds at most 65,535 octets.
inline constexpr size_t kActionsMax = 256;
inline constexpr size_t kTransactionCostMax = 65'000;  ///< wire octets + 40 for each action
inline constexpr size_t kResultBytes = 40;             ///< room for one action's result in a leaf
inline constexpr size_t kNonceBytes = 16;
inline constexpr uint64_t kExpiryWindowMs = 600'000;  ///< header.time to header.time + this

/// Why octets are not a transaction: the sender's fault; a peer that relays such octets is dropped.
enum class TransactionError {
  kTooLarge,
  kNotCanonical,  ///< the strict scanner refused it
  kBadSigner,
  kBadNonce,
  kBadExpiry,  ///< zero
  kNoActions,
  kTooManyActions,
  kEmptyAction,  ///< no kind is set
  kBadSignatureForm,
  kBadSignature,  ///< does not verify on this chain
};
std::string_view TransactionErrorId(TransactionError error);  ///< "transaction.bad_signature"
std::string_view TransactionErrorRemedy(TransactionError error);

/// A parsed transaction with the octets it came from. Immutable once made, shared between threads.
class Transaction {
 public:
  /// Strict parse; does not verify the signature. `wire` is kept.
  static std::expected<std::shared_ptr<const Transaction>, TransactionError> Parse(
      const ChainId& chain, BytesView wire);

  /// Signs `body` (whose signer field is set from `key`); the way every client makes one. Null
  /// when Parse would refuse the outcome: a limit is broken or a text is not UTF-8.
  static std::shared_ptr<const Transaction> Sign(const ChainId& chain, v1::TransactionBody body,
                                                 const PrivateKey& key);

  /// True when the signature is the signer's over this body on this chain. The slow part (75 µs).
  bool VerifySignature() const;

  const Bytes& wire() const { return wire_; }
  const WireId& wire_id() const { return wire_id_; }  ///< SHA-256("beian/wire/v1\0" ‖ wire)
  /// SHA-256("beian/transaction-id/v1\0" ‖ chain id ‖ body). The body names the signer; the
  /// signature has no part in it, since one body has many valid ECDSA signatures.
  const TransactionId& id() const { return id_; }
  const PublicKey& signer() const { return signer_; }
  const KeyId& signer_id() const { return signer_id_; }
  TimeMs expiry() const { return expiry_; }
  const v1::TransactionBody& body() const { return body_; }
  size_t cost() const {
    return wire_.size() + kResultBytes * static_cast<size_t>(body_.actions_size());
  }

 private:
  Transaction() = default;
  BytesView signed_body() const { return BytesView(wire_).substr(body_begin_, body_bytes_); }

  ChainId chain_;
  Bytes wire_;
  size_t body_begin_ = 0;  ///< where the body as signed stands in wire_
  size_t body_bytes_ = 0;
  WireId wire_id_;
  TransactionId id_;
  PublicKey signer_;
  KeyId signer_id_;
  TimeMs expiry_;
  v1::TransactionBody body_;
  Signature signature_;
};
using TransactionPtr = std::shared_ptr<const Transaction>;

}  // namespace beian
