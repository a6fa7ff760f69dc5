#include "ledger/filing/reject.h"

#include <array>

#include "ledger/base/check.h"

namespace beian {
namespace {

struct Entry {
  FilingReject reject;
  std::string_view id;
  std::string_view remedy;
};

using enum FilingReject;

constexpr std::array kEntries = {
    Entry{kAccepted, "filing.accepted", "Nothing needs to be done."},
    Entry{kUnknownFiling, "filing.unknown_filing",
          "Check the filing id; a filing exists only after its submission was committed."},
    Entry{kWrongState, "filing.wrong_state",
          "Look up the filing's status and choose an action that this status allows."},
    Entry{kNotAuthorised, "filing.not_authorised",
          "Sign with a key that holds the role that may do this."},
    Entry{kNotTheOwner, "filing.not_the_owner",
          "Sign with the key that the filing's subject is bound to."},
    Entry{kWrongOffice, "filing.wrong_office",
          "Leave this to the office in whose hands the filing, subject or key is."},
    Entry{kBadDivision, "filing.bad_division",
          "Give the six-digit GB/T 2260 division; its province may not change within a filing."},
    Entry{kBadCreditCode, "filing.bad_credit_code",
          "Give the 18-character unified social credit code in upper case, as on the licence."},
    Entry{kBadText, "filing.bad_text",
          "Fill in the text, shorten it, or remove control and direction characters from it."},
    Entry{kBadCommitment, "filing.bad_commitment",
          "Give a 32-octet commitment for every personal field."},
    Entry{
        kBadSubject, "filing.bad_subject",
        "Say whether the subject is an organisation or a person, fill in only that kind's fields, "
        "and keep the subject of a filing that exists."},
    Entry{kMissingReason, "filing.missing_reason", "Give a reason."},
    Entry{kUnknownCode, "filing.unknown_code",
          "Remove the code from the set: it was never issued."},
    Entry{kAlreadyPublished, "filing.already_published",
          "Remove the code from the set: it stands in a published set."},
    Entry{kBadSetNumber, "filing.bad_set_number",
          "Use the number that follows the last published set."},
    Entry{kBadDate, "filing.bad_date", "Give an existing day as YYYY-MM-DD."},
    Entry{kTooManyCodes, "filing.too_many_codes", "List between 1 and 1,000 codes, each once."},
    Entry{kSequenceExhausted, "filing.sequence_exhausted",
          "The subject has 999 services and can file no more; ask the authority."},
    Entry{kKeyBarred, "filing.key_barred",
          "A barred key stays barred: the office binds the subject to a new one and refuses what "
          "the old one filed, which is then submitted again with the new one."},
    Entry{kUnknownKey, "filing.unknown_key",
          "Name a filing of your province that the key owns, or leave it to the authority."},
    Entry{kUnknownSubject, "filing.unknown_subject",
          "Check the subject id; a subject exists once an office has taken up a filing of it."},
    Entry{kSubjectBoundToOtherKey, "filing.subject_bound_to_other_key",
          "Sign with the key that the subject is bound to, or ask the office to rebind it."},
    Entry{kBadSynthetic, "filing.bad_synthetic",
          "List the invented fields by path, in ascending order, each once."},
    Entry{kBadCode, "filing.bad_code",
          "Give the code's 20 characters without abbreviation, with an upper-case X."},
    Entry{kDuplicateFiling, "filing.duplicate_filing",
          "Look for the filing that exists and continue with that one."},
    Entry{kBadKey, "filing.bad_key",
          "Give a 32-octet key id, or an encoded public key that the subject does not have yet."},
    Entry{kKeyBoundToOtherSubject, "filing.key_bound_to_other_subject",
          "Use a key of its own for each subject."},
    Entry{kNoFreeCode, "filing.no_free_code",
          "Ask the authority: the codes of this division, year and sequence are used up."},
};

consteval bool NumbersAreIndices() {
  for (size_t i = 0; i < kEntries.size(); ++i) {
    if (static_cast<size_t>(kEntries[i].reject) != i) {
      return false;
    }
  }
  return true;
}
static_assert(NumbersAreIndices());
static_assert(kEntries.back().reject == kNoFreeCode);

const Entry& EntryOf(FilingReject reject) {
  const auto index = static_cast<size_t>(reject);
  CHECK(index < kEntries.size());
  return kEntries[index];
}

}  // namespace

std::string_view FilingRejectId(FilingReject reject) {
  return EntryOf(reject).id;
}

std::string_view FilingRejectRemedy(FilingReject reject) {
  return EntryOf(reject).remedy;
}

std::optional<FilingReject> FilingRejectFromNumber(uint16_t number) {
  if (number >= kEntries.size()) {
    return std::nullopt;
  }
  return kEntries[number].reject;
}

}  // namespace beian
