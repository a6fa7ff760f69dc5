#include "ledger/chain/certificate.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace beian {
namespace {

constexpr std::string_view kVoteTag{"beian/vote/v1\0", 14};

std::optional<VoteKind> VoteKindFromNumber(uint8_t number) {
  switch (static_cast<VoteKind>(number)) {
    case VoteKind::kNotarize:
    case VoteKind::kNullify:
    case VoteKind::kFinalize:
      return static_cast<VoteKind>(number);
  }
  return std::nullopt;
}

size_t BitmapBytes(size_t set_size) {
  return (set_size + 7) / 8;
}

std::optional<Signature> ReadSignature(ByteReader& reader) {
  return Signature::FromBytes(reader.Raw(Signature::kSize));
}

/// Indices whose bits are set; nothing when a bit at or above `set_size` is.
std::optional<std::vector<ValidatorIndex>> ReadBitmap(BytesView bitmap, size_t set_size) {
  std::vector<ValidatorIndex> indices;
  for (size_t i = 0; i < bitmap.size() * 8; ++i) {
    const bool set = (static_cast<uint8_t>(bitmap[i / 8]) >> (i % 8) & 1) != 0;
    if (!set) continue;
    if (i >= set_size) return std::nullopt;
    indices.emplace_back(static_cast<uint16_t>(i));
  }
  return indices;
}

bool IsAscending(const Certificate& certificate) {
  const auto& signatures = certificate.signatures;
  return std::ranges::adjacent_find(signatures, [](const auto& a, const auto& b) {
           return a.first >= b.first;
         }) == signatures.end();
}

}  // namespace

std::string_view VoteKindName(VoteKind kind) {
  switch (kind) {
    case VoteKind::kNotarize:
      return "notarize";
    case VoteKind::kNullify:
      return "nullify";
    case VoteKind::kFinalize:
      return "finalize";
  }
  CHECK(!"a vote kind without a name");
  return {};
}

Bytes Statement::SignedBytes(const ChainId& chain, const SetHash& set) const {
  ByteWriter writer;
  writer.Raw(kVoteTag);
  writer.Raw(chain.view());
  writer.U8(static_cast<uint8_t>(kind));
  writer.U64(epoch.value());
  writer.Raw(set.view());
  writer.U64(view.value());
  if (kind == VoteKind::kNullify) return writer.Take();
  writer.U64(parent_view.value());
  writer.Raw(id.view());
  return writer.Take();
}

void Statement::Write(ByteWriter& writer) const {
  writer.U8(static_cast<uint8_t>(kind));
  writer.U64(epoch.value());
  writer.U64(view.value());
  if (kind == VoteKind::kNullify) return;
  writer.U64(parent_view.value());
  writer.Raw(id.view());
}

std::optional<Statement> Statement::Read(ByteReader& reader) {
  const auto kind = VoteKindFromNumber(reader.U8());
  if (!kind) return std::nullopt;
  Statement statement;
  statement.kind = *kind;
  statement.epoch = Epoch(reader.U64());
  statement.view = View(reader.U64());
  if (*kind != VoteKind::kNullify) {
    statement.parent_view = View(reader.U64());
    const BytesView id = reader.Raw(BlockId::kSize);
    if (reader.failed()) return std::nullopt;
    statement.id = BlockId::FromBytes(id);
  }
  const uint64_t largest =
      std::max({statement.epoch.value(), statement.view.value(), statement.parent_view.value()});
  if (reader.failed() || largest > kWireNumberMax) return std::nullopt;
  return statement;
}

Bytes Vote::Encode() const {
  ByteWriter writer;
  statement.Write(writer);
  writer.U16(signer.value());
  writer.Raw(signature.view());
  return writer.Take();
}

std::optional<Vote> Vote::Decode(BytesView encoded) {
  ByteReader reader(encoded);
  const auto statement = Statement::Read(reader);
  if (!statement) return std::nullopt;
  const ValidatorIndex signer(reader.U16());
  const auto signature = ReadSignature(reader);
  if (!signature || !reader.Finished() || signer.value() >= kValidatorsMax) return std::nullopt;
  return Vote{*statement, signer, *signature};
}

bool Certificate::HasSigner(ValidatorIndex index) const {
  return std::ranges::any_of(signatures,
                             [&](const auto& signature) { return signature.first == index; });
}

Bytes Certificate::Encode(size_t set_size) const {
  CHECK(set_size >= 1 && set_size <= kValidatorsMax && IsAscending(*this));
  std::array<uint8_t, (kValidatorsMax + 7) / 8> bitmap{};
  for (const auto& [index, signature] : signatures) {
    CHECK(index.value() < set_size);
    bitmap[index.value() / 8] |= static_cast<uint8_t>(1 << (index.value() % 8));
  }
  ByteWriter writer;
  statement.Write(writer);
  writer.U8(static_cast<uint8_t>(set_size));
  for (size_t i = 0; i < BitmapBytes(set_size); ++i) writer.U8(bitmap[i]);
  for (const auto& [index, signature] : signatures) writer.Raw(signature.view());
  return writer.Take();
}

std::optional<Certificate> Certificate::Decode(BytesView encoded) {
  ByteReader reader(encoded);
  const auto statement = Statement::Read(reader);
  if (!statement) return std::nullopt;
  const size_t set_size = reader.U8();
  if (set_size == 0 || set_size > kValidatorsMax) return std::nullopt;
  const auto indices = ReadBitmap(reader.Raw(BitmapBytes(set_size)), set_size);
  if (!indices || reader.failed()) return std::nullopt;
  Certificate certificate{*statement, {}};
  for (const ValidatorIndex index : *indices) {
    const auto signature = ReadSignature(reader);
    if (!signature) return std::nullopt;
    certificate.signatures.emplace_back(index, *signature);
  }
  if (!reader.Finished()) return std::nullopt;
  return certificate;
}

bool VerifyVote(const Vote& vote, const ChainId& chain, const ValidatorSet& set,
                const VoteVerifier& verify) {
  return set.Contains(vote.signer) &&
         verify(set.at(vote.signer).consensus_key, vote.statement.SignedBytes(chain, set.hash()),
                vote.signature);
}

std::expected<void, CertificateError> VerifyCertificate(const Certificate& certificate,
                                                        const ChainId& chain,
                                                        const ValidatorSet& set,
                                                        const VoteVerifier& verify) {
  const auto& signatures = certificate.signatures;
  const bool members = std::ranges::all_of(
      signatures, [&](const auto& signature) { return set.Contains(signature.first); });
  if (!members || !IsAscending(certificate)) return std::unexpected(CertificateError::kBadSigner);
  if (set.size() == 0 || signatures.size() < set.quorum()) {
    return std::unexpected(CertificateError::kBadQuorum);
  }
  const Bytes message = certificate.statement.SignedBytes(chain, set.hash());
  for (const auto& [index, signature] : signatures) {
    if (!verify(set.at(index).consensus_key, message, signature)) {
      return std::unexpected(CertificateError::kBadSignature);
    }
  }
  return {};
}

Bytes FinalityProof::Encode(size_t set_size) const {
  CHECK(descendants.size() <= kFinalityPathMax);
  ByteWriter writer;
  writer.U16(static_cast<uint16_t>(descendants.size()));
  for (const Header& header : descendants) writer.Raw(header.Encode());
  writer.Raw(finalization.Encode(set_size));
  return writer.Take();
}

std::optional<FinalityProof> FinalityProof::Decode(BytesView encoded) {
  ByteReader reader(encoded);
  const size_t count = reader.U16();
  if (count > kFinalityPathMax) return std::nullopt;
  FinalityProof proof;
  for (size_t i = 0; i < count; ++i) {
    const auto header = Header::Decode(reader.Raw(Header::kEncodedBytes));
    if (!header) return std::nullopt;
    proof.descendants.push_back(*header);
  }
  auto finalization = Certificate::Decode(reader.Raw(reader.left()));
  if (!finalization || finalization->statement.kind != VoteKind::kFinalize) return std::nullopt;
  proof.finalization = *std::move(finalization);
  return proof;
}

}  // namespace beian
