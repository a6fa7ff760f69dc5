#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace beian {

/// Why an action was rejected. The number is recorded in the log for ever and the name is shown to
/// users for ever: entries are added, never changed. All are the signer's fault; the transaction
/// stays in its block and the action changes nothing.
enum class FilingReject : uint16_t {
  kAccepted = 0,
  kUnknownFiling = 1,          ///< no filing has that id
  kWrongState = 2,             ///< the filing's state does not allow the action
  kNotAuthorised = 3,          ///< the signer does not hold the role that may do this
  kNotTheOwner = 4,            ///< the filing belongs to another key
  kWrongOffice = 5,            ///< the filing is in another office's hands
  kBadDivision = 6,            ///< not six digits, or its first two name no province
  kBadCreditCode = 7,          ///< form or check character of GB 32100
  kBadText = 8,                ///< empty where needed, too long, not UTF-8, control or bidi mark
  kBadCommitment = 9,          ///< missing or not 32 octets
  kBadSubject = 10,            ///< fields of a person in an organisation, or the reverse
  kMissingReason = 11,
  kUnknownCode = 12,           ///< a set lists a code that was never issued
  kAlreadyPublished = 13,      ///< a set lists a code that already stands in a set
  kBadSetNumber = 14,          ///< not the number after the last published set
  kBadDate = 15,
  kTooManyCodes = 16,          ///< a set lists none or more than 1,000 codes, or one of them twice
  kSequenceExhausted = 17,     ///< the subject already has 999 services
  kKeyBarred = 18,             ///< an office has barred the key: the signer's, owner's or named one
  kUnknownKey = 19,            ///< no office has confirmed that key and no filing of it is named
  kUnknownSubject = 20,        ///< no office has taken up a filing of that subject
  kSubjectBoundToOtherKey = 21,///< the subject is bound to another key: ask the office to rebind it
  kBadSynthetic = 22,          ///< the list of invented fields is not ascending or names no field
  kBadCode = 23,               ///< a registration code is malformed
  kDuplicateFiling = 24,       ///< reserved for the rule on names
  kBadKey = 25,                ///< not a key id or public key, or the key the subject already has
  kKeyBoundToOtherSubject = 26,///< the key is bound to another subject: one key for each subject
  kNoFreeCode = 27,            ///< no free code in 1,000 draws; another sequence draws anew
};

/// Stable id, "filing.wrong_state"; and the remedy in one English sentence.
std::string_view FilingRejectId(FilingReject reject);
std::string_view FilingRejectRemedy(FilingReject reject);
std::optional<FilingReject> FilingRejectFromNumber(uint16_t number);

}  // namespace beian
