#include "ledger/verify/proofs.h"

#include <utility>

#include "beian/v1/proof.pb.h"
#include "ledger/crypto/hash.h"

namespace beian {
namespace {

constexpr size_t kLogEntryBytesMax = 65'535;
constexpr size_t kLogPathMax = 64;
/// Room for a leaf, the longest header path, and a certificate, path and map proof of the largest.
constexpr size_t kProofMessageBytesMax =
    2 * kLogEntryBytesMax + kFinalityPathMax * Header::kEncodedBytes;

VerifyError FromCertificateError(CertificateError error) {
  switch (error) {
    case CertificateError::kBadQuorum:
    case CertificateError::kBadSigner:
      return VerifyError::kBadQuorum;
    case CertificateError::kBadSignature:
      return VerifyError::kBadSignature;
  }
  CHECK(!"an unknown certificate error");
  return VerifyError::kMalformed;
}

template <class Message>
std::optional<Message> ParseMessage(BytesView encoded) {
  if (encoded.size() > kProofMessageBytesMax) return std::nullopt;
  Message message;
  if (!message.ParseFromArray(encoded.data(), static_cast<int>(encoded.size()))) {
    return std::nullopt;
  }
  return message;
}

/// Looks for the last header of the path, each of which must name the one before it.
std::expected<Header, VerifyError> FollowPath(const Header& header, const FinalityProof& proof) {
  if (proof.descendants.size() > kFinalityPathMax) return std::unexpected(VerifyError::kMalformed);
  Header last = header;
  for (const Header& next : proof.descendants) {
    if (next.chain_id != header.chain_id) return std::unexpected(VerifyError::kWrongChain);
    const bool links = next.parent == last.id() && next.height.value() == last.height.value() + 1 &&
                       next.epoch == last.epoch;
    if (!links) return std::unexpected(VerifyError::kBadFinality);
    last = next;
  }
  return last;
}

}  // namespace

std::expected<void, VerifyError> VerifyFinality(const Header& header, const FinalityProof& proof,
                                                const Genesis& genesis) {
  if (header.chain_id != genesis.chain_id) return std::unexpected(VerifyError::kWrongChain);
  const auto last = FollowPath(header, proof);
  if (!last) return std::unexpected(last.error());
  const Statement& statement = proof.finalization.statement;
  if (statement.kind != VoteKind::kFinalize || statement.epoch != header.epoch ||
      statement.id != last->id()) {
    return std::unexpected(VerifyError::kBadFinality);
  }
  const auto certificate =
      VerifyCertificate(proof.finalization, genesis.chain_id, genesis.validators, VerifySignature);
  if (!certificate) return std::unexpected(FromCertificateError(certificate.error()));
  return {};
}

std::expected<VerifiedReceipt, VerifyError> VerifyReceipt(const Receipt& receipt,
                                                          const Genesis& genesis,
                                                          const std::optional<TransactionId>& id) {
  auto entry = DecodeLogEntry(receipt.entry);
  if (!entry) return std::unexpected(VerifyError::kMalformed);
  auto transaction = Transaction::Parse(genesis.chain_id, entry->wire);
  if (!transaction) return std::unexpected(VerifyError::kMalformed);
  const size_t actions = static_cast<size_t>((*transaction)->body().actions_size());
  if (entry->result.actions.size() != actions) return std::unexpected(VerifyError::kMalformed);
  if (id && (*transaction)->id() != *id) return std::unexpected(VerifyError::kWrongObject);
  if (receipt.header.chain_id != genesis.chain_id) {
    return std::unexpected(VerifyError::kWrongChain);
  }
  if (!VerifyLogInclusion(LogLeafHash(receipt.entry), receipt.index.value(),
                          receipt.header.log_size, receipt.path, receipt.header.log_root)) {
    return std::unexpected(VerifyError::kBadLogPath);
  }
  const auto finality = VerifyFinality(receipt.header, receipt.proof, genesis);
  if (!finality) return std::unexpected(finality.error());
  if (!(*transaction)->VerifySignature()) return std::unexpected(VerifyError::kBadSignature);
  return VerifiedReceipt{*std::move(transaction), std::move(entry->result), receipt.header};
}

std::expected<bool, VerifyError> VerifyRecordProof(const RecordProof& proof, const MapKey& key,
                                                   const Genesis& genesis) {
  if (proof.key != key) return std::unexpected(VerifyError::kWrongObject);
  if (proof.header.chain_id != genesis.chain_id) return std::unexpected(VerifyError::kWrongChain);
  const bool shown =
      proof.record ? VerifyMapPresence(proof.map, key, Sha256(*proof.record), proof.header.map_root)
                   : VerifyMapAbsence(proof.map, key, proof.header.map_root);
  if (!shown) return std::unexpected(VerifyError::kBadMapPath);
  const auto finality = VerifyFinality(proof.header, proof.proof, genesis);
  if (!finality) return std::unexpected(finality.error());
  return proof.record.has_value();
}

std::optional<FinalityProof> DecodeFinalityProof(BytesView encoded, size_t set_size) {
  auto proof = FinalityProof::Decode(encoded);
  if (!proof) return std::nullopt;
  for (const auto& [index, signature] : proof->finalization.signatures) {
    if (index.value() >= set_size) return std::nullopt;
  }
  if (proof->Encode(set_size) != encoded) return std::nullopt;
  return proof;
}

Bytes EncodeReceipt(const Receipt& receipt, size_t set_size) {
  v1::Receipt message;
  message.set_entry(receipt.entry);
  message.set_index(receipt.index.value());
  for (const Sha256Digest& hash : receipt.path) message.add_path(Bytes(hash.view()));
  message.set_header(receipt.header.Encode());
  message.set_finality_proof(receipt.proof.Encode(set_size));
  return message.SerializeAsString();
}

std::optional<Receipt> DecodeReceipt(BytesView encoded, size_t set_size) {
  const auto message = ParseMessage<v1::Receipt>(encoded);
  if (!message) return std::nullopt;
  if (message->entry().size() > kLogEntryBytesMax) return std::nullopt;
  if (message->path_size() > static_cast<int>(kLogPathMax)) return std::nullopt;
  Receipt receipt;
  receipt.entry = message->entry();
  receipt.index = LogIndex(message->index());
  for (const Bytes& hash : message->path()) {
    if (hash.size() != Sha256Digest::kSize) return std::nullopt;
    receipt.path.push_back(Sha256Digest::FromBytes(hash));
  }
  const auto header = Header::Decode(message->header());
  auto proof = DecodeFinalityProof(message->finality_proof(), set_size);
  if (!header || !proof) return std::nullopt;
  receipt.header = *header;
  receipt.proof = *std::move(proof);
  if (EncodeReceipt(receipt, set_size) != encoded) return std::nullopt;
  return receipt;
}

Bytes EncodeRecordProof(const RecordProof& proof, size_t set_size) {
  v1::RecordProof message;
  message.set_key(Bytes(proof.key.view()));
  if (proof.record) message.set_record(*proof.record);
  message.set_map_proof(proof.map.Encode());
  message.set_header(proof.header.Encode());
  message.set_finality_proof(proof.proof.Encode(set_size));
  return message.SerializeAsString();
}

std::optional<RecordProof> DecodeRecordProof(BytesView encoded, size_t set_size) {
  const auto message = ParseMessage<v1::RecordProof>(encoded);
  if (!message || message->key().size() != MapKey::kSize) return std::nullopt;
  RecordProof proof;
  proof.key = MapKey::FromBytes(message->key());
  if (!message->record().empty()) proof.record = message->record();
  auto map = MapProof::Decode(message->map_proof());
  const auto header = Header::Decode(message->header());
  auto finality = DecodeFinalityProof(message->finality_proof(), set_size);
  if (!map || !header || !finality) return std::nullopt;
  proof.map = *std::move(map);
  proof.header = *header;
  proof.proof = *std::move(finality);
  if (EncodeRecordProof(proof, set_size) != encoded) return std::nullopt;
  return proof;
}

VerifyError WhyRefused(BytesView encoded, const ChainId& chain) {
  // The header has one number in both messages, and all other fields are skipped.
  static_assert(int{v1::Receipt::kHeaderFieldNumber} == int{v1::RecordProof::kHeaderFieldNumber});
  const auto message = ParseMessage<v1::RecordProof>(encoded);
  const auto header = message ? Header::Decode(message->header()) : std::nullopt;
  return header && header->chain_id != chain ? VerifyError::kWrongChain : VerifyError::kMalformed;
}

}  // namespace beian
