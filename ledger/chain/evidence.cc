#include "ledger/chain/evidence.h"

namespace beian {

Bytes Evidence::Encode() const {
  ByteWriter writer;
  writer.Long(first.Encode());
  writer.Long(second.Encode());
  return writer.Take();
}

std::optional<Evidence> Evidence::Decode(BytesView encoded) {
  ByteReader reader(encoded);
  const auto first = Vote::Decode(reader.Long());
  const auto second = Vote::Decode(reader.Long());
  if (!reader.Finished() || !first || !second) return std::nullopt;
  return Evidence{*first, *second};
}

std::string_view EvidenceErrorId(EvidenceError error) {
  switch (error) {
    case EvidenceError::kMalformed:
      return "evidence.malformed";
    case EvidenceError::kSigners:
      return "evidence.signers";
    case EvidenceError::kViews:
      return "evidence.views";
    case EvidenceError::kHonest:
      return "evidence.honest";
    case EvidenceError::kBadSignature:
      return "evidence.bad_signature";
  }
  CHECK(!"an error without an id");
  return {};
}

std::string_view EvidenceErrorRemedy(EvidenceError error) {
  switch (error) {
    case EvidenceError::kMalformed:
      return "Take a line of a node's evidence.log as it stands, with the chain's own genesis.";
    case EvidenceError::kSigners:
      return "Accuse nobody: the two votes are not of one validator of this chain.";
    case EvidenceError::kViews:
      return "Accuse nobody: a validator votes anew in every view.";
    case EvidenceError::kHonest:
      return "Accuse nobody: an honest validator may sign both.";
    case EvidenceError::kBadSignature:
      return "Accuse nobody: one of the signatures is not the validator's.";
  }
  CHECK(!"an error without a remedy");
  return {};
}

bool Contradict(const Statement& first, const Statement& second) {
  if (first.epoch != second.epoch || first.view != second.view || first == second) return false;
  if (first.kind == second.kind) return true;
  return first.kind != VoteKind::kNotarize && second.kind != VoteKind::kNotarize;
}

std::expected<void, EvidenceError> VerifyEvidence(const Evidence& evidence, const ChainId& chain,
                                                  const ValidatorSet& set,
                                                  const VoteVerifier& verify) {
  const auto& [first, second] = evidence;
  if (first.signer != second.signer || !set.Contains(first.signer)) {
    return std::unexpected(EvidenceError::kSigners);
  }
  const Statement& one = first.statement;
  const Statement& other = second.statement;
  if (one.epoch != other.epoch || one.view != other.view) {
    return std::unexpected(EvidenceError::kViews);
  }
  if (!Contradict(one, other)) return std::unexpected(EvidenceError::kHonest);
  for (const Vote* vote : {&first, &second}) {
    const bool good = VerifyVote(*vote, chain, set, verify);
    if (!good) return std::unexpected(EvidenceError::kBadSignature);
  }
  return {};
}

}  // namespace beian
