#include "ledger/chain/transaction.h"

#include <limits>
#include <string>
#include <utility>

#include "ledger/chain/wire_scanner.h"
#include "ledger/crypto/hash.h"

namespace beian {
namespace {

constexpr std::string_view kIdTag{"beian/transaction-id/v1\0", 24};
constexpr std::string_view kWireTag{"beian/wire/v1\0", 14};
constexpr std::string_view kSignedType = "transaction";

/// The last field of a canonical SignedTransaction: tag, length, 64 octets.
constexpr size_t kSignatureFieldBytes = 2 + Signature::kSize;

/// Scans and parses; nothing when the octets are not canonical.
template <class Message>
std::optional<Message> ParseStrictly(BytesView encoded) {
  if (!ScanStrictly(*Message::descriptor(), encoded)) return std::nullopt;
  Message message;
  if (!message.ParseFromArray(encoded.data(), static_cast<int>(encoded.size()))) {
    return std::nullopt;
  }
  return message;
}

std::optional<TransactionError> CheckBody(const v1::TransactionBody& body) {
  if (!PublicKey::Decode(body.signer())) return TransactionError::kBadSigner;
  if (body.nonce().size() != kNonceBytes) return TransactionError::kBadNonce;
  if (body.expiry_ms() == 0) return TransactionError::kBadExpiry;
  if (body.actions().empty()) return TransactionError::kNoActions;
  if (static_cast<size_t>(body.actions_size()) > kActionsMax) {
    return TransactionError::kTooManyActions;
  }
  for (const v1::Action& action : body.actions()) {
    if (action.kind_case() == v1::Action::KIND_NOT_SET) return TransactionError::kEmptyAction;
  }
  return std::nullopt;
}

}  // namespace

std::expected<TransactionPtr, TransactionError> Transaction::Parse(const ChainId& chain,
                                                                   BytesView wire) {
  if (wire.size() > kTransactionCostMax) return std::unexpected(TransactionError::kTooLarge);
  const auto outer = ParseStrictly<v1::SignedTransaction>(wire);
  if (!outer) return std::unexpected(TransactionError::kNotCanonical);
  auto body = ParseStrictly<v1::TransactionBody>(outer->body());
  if (!body) return std::unexpected(TransactionError::kNotCanonical);
  if (const auto error = CheckBody(*body)) return std::unexpected(*error);
  const auto signature = Signature::FromBytes(outer->signature());
  if (!signature) return std::unexpected(TransactionError::kBadSignatureForm);

  std::shared_ptr<Transaction> transaction(new Transaction);
  transaction->body_ = *std::move(body);
  transaction->wire_ = wire;
  if (transaction->cost() > kTransactionCostMax) {
    return std::unexpected(TransactionError::kTooLarge);
  }
  transaction->chain_ = chain;
  transaction->body_bytes_ = outer->body().size();
  transaction->body_begin_ = wire.size() - kSignatureFieldBytes - transaction->body_bytes_;
  transaction->wire_id_ = DigestCast<WireId>(Sha256({kWireTag, wire}));
  transaction->id_ =
      DigestCast<TransactionId>(Sha256({kIdTag, chain.view(), transaction->signed_body()}));
  transaction->signer_ = *PublicKey::Decode(transaction->body_.signer());
  transaction->signer_id_ = transaction->signer_.id();
  transaction->expiry_ = TimeMs(transaction->body_.expiry_ms());
  transaction->signature_ = *signature;
  return transaction;
}

TransactionPtr Transaction::Sign(const ChainId& chain, v1::TransactionBody body,
                                 const PrivateKey& key) {
  body.set_signer(key.public_key().Encode());
  v1::SignedTransaction outer;
  // Refuses what Parse would refuse, texts that are not UTF-8 among it, so its result is not used.
  if (!body.SerializeToString(outer.mutable_body())) return nullptr;
  const Signature signature = key.Sign(SignedMessage(kSignedType, chain, outer.body()));
  outer.set_signature(Bytes(signature.view()));
  Bytes wire;
  if (!outer.SerializeToString(&wire)) return nullptr;
  return Parse(chain, wire).value_or(nullptr);
}

bool Transaction::VerifySignature() const {
  return beian::VerifySignature(signer_, SignedMessage(kSignedType, chain_, signed_body()),
                                signature_);
}

std::string_view TransactionErrorId(TransactionError error) {
  switch (error) {
    case TransactionError::kTooLarge:
      return "transaction.too_large";
    case TransactionError::kNotCanonical:
      return "transaction.not_canonical";
    case TransactionError::kBadSigner:
      return "transaction.bad_signer";
    case TransactionError::kBadNonce:
      return "transaction.bad_nonce";
    case TransactionError::kBadExpiry:
      return "transaction.bad_expiry";
    case TransactionError::kNoActions:
      return "transaction.no_actions";
    case TransactionError::kTooManyActions:
      return "transaction.too_many_actions";
    case TransactionError::kEmptyAction:
      return "transaction.empty_action";
    case TransactionError::kBadSignatureForm:
      return "transaction.bad_signature_form";
    case TransactionError::kBadSignature:
      return "transaction.bad_signature";
  }
  CHECK(!"an error without an id");
  return {};
}

std::string_view TransactionErrorRemedy(TransactionError error) {
  switch (error) {
    case TransactionError::kTooLarge:
      return "Split it: the octets and 40 more for each action may be 65,000 together.";
    case TransactionError::kNotCanonical:
      return "Encode it with fields in ascending order, without defaults, unknown fields or "
             "padding.";
    case TransactionError::kBadSigner:
      return "Give the signer as a scheme octet (1 Ed25519, 2 P-256) and the key.";
    case TransactionError::kBadNonce:
      return "Give 16 random octets as the nonce.";
    case TransactionError::kBadExpiry:
      return "Give an expiry in milliseconds since 1970, at most ten minutes ahead.";
    case TransactionError::kNoActions:
      return "Give at least one action.";
    case TransactionError::kTooManyActions:
      return "Split it: a transaction holds at most 256 actions.";
    case TransactionError::kEmptyAction:
      return "Set exactly one kind in every action.";
    case TransactionError::kBadSignatureForm:
      return "Give the signature as 64 octets, r and s or R and S.";
    case TransactionError::kBadSignature:
      return "Sign with the signer's key for this chain; check that the genesis file is the "
             "chain's.";
  }
  CHECK(!"an error without a remedy");
  return {};
}

}  // namespace beian
