#pragma once

#include <optional>
#include <string>

#include "ledger/base/types.h"
#include "ledger/crypto/keys.h"
#include "ledger/filing/registration_code.h"

namespace beian {

/// The ledger's state is a map from MapKey to one of the records below, each with its own fixed
/// encoding (big-endian numbers, u16-length texts); SHA-256 of the encoding is the value hash in
/// the sparse Merkle map, so the map root commits to the whole state. Everything else is derived.
///
///   kind  key after the kind octet    record           changed by
///   1     filing id (32)              FilingRecord     every action on the filing
///   2     code (20 characters)        FilingRecord     the same octets, once a code is issued
///   3     subject id (32)             SubjectRecord    first take-up, approval, rebinding
///   4     key id (32)                 KeyRecord        take-up, barring, rebinding
///   5     set number (u32)            SetRecord        publication
///   6     "sets"                      u32 last set     publication
/// MapKey = SHA-256("beian/map-key/v1\0" ‖ kind ‖ key).
MapKey FilingKey(const FilingId& id);
MapKey CodeKey(const RegistrationCode& code);
MapKey SubjectKey(const SubjectId& id);
MapKey KeyRecordKey(const KeyId& id);
MapKey SetKey(uint32_t number);
MapKey LastSetKey();

enum class FilingStatus : uint8_t {
  kNotReviewed = 1,
  kInReview = 2,
  kAwaitingSupplement = 3,
  kNotPassed = 4,
  kFiled = 5,   ///< code issued
  kListed = 6,  ///< published in a set
};
std::string_view FilingStatusId(FilingStatus status);    ///< "in_review"
std::optional<FilingStatus> FilingStatusFromId(std::string_view id);
/// The four words of the public system: 未审核, 审核中, 审核通过, 审核未通过.
std::string_view PublicStatusWord(FilingStatus status);

enum class Stage : uint8_t { kProvince = 1, kCac = 2 };
std::string_view StageId(Stage stage);  ///< "province", "cac"
std::optional<Stage> StageFromId(std::string_view id);

/// What anyone may know of a filing as of its last change.
struct FilingRecord {
  FilingId id;
  FilingStatus status = FilingStatus::kNotReviewed;
  Stage stage = Stage::kProvince;
  std::string division;      ///< six digits
  SubjectId subject;
  KeyId owner;               ///< key that signed the content in force
  std::string subject_name;  ///< empty for a person
  std::string service_name;
  bool synthetic = false;    ///< some field is marked as invented
  TransactionId content_transaction;  ///< where the content in force stands
  uint16_t content_action = 0;
  TimeMs submitted;          ///< time of the block of the last submission or resubmission
  TimeMs changed;            ///< time of the block of the last change
  Height changed_height;
  std::optional<RegistrationCode> code;
  uint32_t set = 0;          ///< 0: in no set
  std::string reason;        ///< of the last request for supplements or refusal

  bool operator==(const FilingRecord&) const = default;
  Bytes Encode() const;
  static std::optional<FilingRecord> Decode(BytesView encoded);  ///< strict
};

enum class SubjectNature : uint8_t { kOrganisation = 1, kPerson = 2 };
std::string_view SubjectNatureId(SubjectNature nature);  ///< "organisation", "person"

inline constexpr uint32_t kSubjectServicesMax = 999;  ///< three digits of the code

struct SubjectRecord {
  SubjectId id;
  SubjectNature nature = SubjectNature::kOrganisation;
  std::string division;    ///< six digits; of the filing that was taken up first
  KeyId key;               ///< bound at take-up
  uint32_t services = 0;   ///< codes issued so far, at most kSubjectServicesMax
  bool operator==(const SubjectRecord&) const = default;
  Bytes Encode() const;
  static std::optional<SubjectRecord> Decode(BytesView encoded);
};

struct KeyRecord {
  KeyId id;
  SubjectId subject;       ///< bound subject; zero when not confirmed
  bool confirmed = false;  ///< an office has bound it to the subject; undone by rebinding
  bool barred = false;
  bool operator==(const KeyRecord&) const = default;
  Bytes Encode() const;
  static std::optional<KeyRecord> Decode(BytesView encoded);
};

struct SetRecord {
  uint32_t number = 0;
  std::string published_on;
  uint32_t filings = 0;
  Sha256Digest codes;  ///< SHA-256 over u32 count ‖ the 20-character codes in the order listed
  bool operator==(const SetRecord&) const = default;
  Bytes Encode() const;
  static std::optional<SetRecord> Decode(BytesView encoded);
};

}  // namespace beian
