#pragma once

#include <expected>
#include <string_view>

#include "ledger/chain/certificate.h"

namespace beian {

/// Two statements of one validator that no honest validator signs both: two different NOTARIZE or
/// two different FINALIZE of one view, or NULLIFY and FINALIZE of one view. Statements are
/// compared, never signatures. NULLIFY beside NOTARIZE, and NOTARIZE beside FINALIZE, are honest.
/// Source: CONSENSUS.md section 11.
struct Evidence {
  Vote first;
  Vote second;
  bool operator==(const Evidence&) const = default;
  Bytes Encode() const;                                      ///< u32-framed votes, first and second
  static std::optional<Evidence> Decode(BytesView encoded);  ///< strict about the form alone
};

/// Why two votes prove nothing.
enum class EvidenceError {
  kMalformed,      ///< octets that are no two votes
  kSigners,        ///< of two validators, or of one that the set does not have
  kViews,          ///< of two views or epochs
  kHonest,         ///< one statement twice, or two that an honest validator may sign
  kBadSignature,   ///< one of the two is not the validator's
};
std::string_view EvidenceErrorId(EvidenceError error);      ///< "evidence.bad_signature"
std::string_view EvidenceErrorRemedy(EvidenceError error);

/// Whether an honest validator may have signed both; the signatures are not looked at.
bool Contradict(const Statement& first, const Statement& second);

/// What a third party does who has the genesis and the two votes: nothing but the signatures of the
/// accused counts.
std::expected<void, EvidenceError> VerifyEvidence(const Evidence& evidence, const ChainId& chain,
                                                  const ValidatorSet& set,
                                                  const VoteVerifier& verify);

}  // namespace beian
