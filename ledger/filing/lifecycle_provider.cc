// What a provider does: Submit, Supplement, Resubmit.

#include "ledger/base/check.h"
#include "ledger/filing/lifecycle_internal.h"
#include "ledger/filing/province.h"

namespace beian {
namespace {

/// The subject that a filing signed by `signer` is about. A person whose key was rebound keeps the
/// subject id, which is the hash of a key that the person no longer has.
/// Invariant of the state: a subject's key is the one key confirmed for that subject.
std::expected<SubjectId, FilingReject> ClaimSubject(const RecordStore& store,
                                                    const v1::Subject& subject,
                                                    const KeyId& signer) {
  const SubjectId claimed = SubjectIdOf(subject, signer);
  const KeyRecord key = LoadKey(store, signer);
  if (!key.confirmed) {
    if (LoadSubject(store, claimed)) {
      return std::unexpected(FilingReject::kSubjectBoundToOtherKey);
    }
    return claimed;
  }
  const std::optional<SubjectRecord> bound = LoadSubject(store, key.subject);
  CHECK(bound.has_value());
  const bool both_persons =
      bound->nature == SubjectNature::kPerson && subject.nature() == v1::SUBJECT_NATURE_PERSON;
  if (!both_persons && claimed != bound->id) {
    return std::unexpected(FilingReject::kKeyBoundToOtherSubject);
  }
  return bound->id;
}

/// The key that may act for a filing's subject.
KeyId RightfulKey(const RecordStore& store, const FilingRecord& record) {
  const std::optional<SubjectRecord> subject = LoadSubject(store, record.subject);
  return subject ? subject->key : record.owner;
}

void SetContent(const ActionScope& scope, const v1::Filing& filing, FilingRecord& record) {
  record.division = filing.subject().division();
  record.owner = scope.actor.key;
  record.subject_name = filing.subject().name();
  record.service_name = filing.service().name();
  record.synthetic = filing.synthetic_size() > 0;
  record.content_transaction = scope.context.transaction;
  record.content_action = scope.context.action;
}

/// New content may correct everything but whose filing it is and which office it is for.
FilingReject CheckNewContent(const ActionScope& scope, const v1::Filing& filing,
                             const FilingRecord& record) {
  if (const FilingReject reject = CheckContent(filing); reject != FilingReject::kAccepted) {
    return reject;
  }
  if (FindProvince(filing.subject().division()) != FindProvince(record.division)) {
    return FilingReject::kBadDivision;
  }
  const auto subject = ClaimSubject(scope.store, filing.subject(), scope.actor.key);
  return subject && *subject == record.subject ? FilingReject::kAccepted
                                               : FilingReject::kBadSubject;
}

/// The filing whose content the signer may replace while it has the status `from`.
std::expected<FilingRecord, FilingReject> FindOwnFiling(const ActionScope& scope,
                                                        BytesView filing_id, FilingStatus from) {
  if (scope.actor.role != Actor::Role::kProvider) {
    return std::unexpected(FilingReject::kNotAuthorised);
  }
  std::expected<FilingRecord, FilingReject> record = FindFiling(scope.store, filing_id);
  if (!record) {
    return record;
  }
  if (RightfulKey(scope.store, *record) != scope.actor.key) {
    return std::unexpected(FilingReject::kNotTheOwner);
  }
  if (record->status != from) {
    return std::unexpected(FilingReject::kWrongState);
  }
  return record;
}

}  // namespace

FilingReject ApplySubmit(const ActionScope& scope, const v1::Submit& action) {
  if (scope.actor.role != Actor::Role::kProvider) {
    return FilingReject::kNotAuthorised;
  }
  const v1::Filing& filing = action.filing();
  if (const FilingReject reject = CheckContent(filing); reject != FilingReject::kAccepted) {
    return reject;
  }
  const auto subject = ClaimSubject(scope.store, filing.subject(), scope.actor.key);
  if (!subject) {
    return subject.error();
  }
  FilingRecord record;
  record.id = MakeFilingId(scope.context.transaction, scope.context.action);
  record.subject = *subject;
  record.submitted = scope.context.time;
  SetContent(scope, filing, record);
  PutFiling(scope, record);
  return FilingReject::kAccepted;
}

FilingReject ApplySupplement(const ActionScope& scope, const v1::Supplement& action) {
  std::expected<FilingRecord, FilingReject> record =
      FindOwnFiling(scope, action.filing_id(), FilingStatus::kAwaitingSupplement);
  if (!record) {
    return record.error();
  }
  if (const FilingReject reject = CheckNewContent(scope, action.filing(), *record);
      reject != FilingReject::kAccepted) {
    return reject;
  }
  record->status = FilingStatus::kInReview;
  SetContent(scope, action.filing(), *record);
  PutFiling(scope, *record);
  return FilingReject::kAccepted;
}

FilingReject ApplyResubmit(const ActionScope& scope, const v1::Resubmit& action) {
  std::expected<FilingRecord, FilingReject> record =
      FindOwnFiling(scope, action.filing_id(), FilingStatus::kNotPassed);
  if (!record) {
    return record.error();
  }
  if (const FilingReject reject = CheckNewContent(scope, action.filing(), *record);
      reject != FilingReject::kAccepted) {
    return reject;
  }
  record->status = FilingStatus::kNotReviewed;
  record->stage = Stage::kProvince;
  record->submitted = scope.context.time;
  SetContent(scope, action.filing(), *record);
  PutFiling(scope, *record);
  return FilingReject::kAccepted;
}

}  // namespace beian
