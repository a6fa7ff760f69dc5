// What an office does about keys: BarKey, RebindSubject.

#include "ledger/crypto/keys.h"
#include "ledger/filing/lifecycle_internal.h"

namespace beian {
namespace {

bool MayJudgeKeys(const Actor& actor) {
  return actor.role == Actor::Role::kProvincialOffice || actor.role == Actor::Role::kCac;
}

/// A filing named as the ground for barring must be the key's, and for an office of its province.
FilingReject CheckGround(const ActionScope& scope, const KeyId& key, BytesView filing_id) {
  const std::expected<FilingRecord, FilingReject> record = FindFiling(scope.store, filing_id);
  if (!record) {
    return record.error();
  }
  if (record->owner != key) {
    return FilingReject::kNotTheOwner;
  }
  const bool competent =
      scope.actor.role == Actor::Role::kCac || IsOfficeOf(scope.actor, record->division);
  return competent ? FilingReject::kAccepted : FilingReject::kWrongOffice;
}

/// Without a filing named, an office is competent for keys confirmed in its province.
FilingReject CheckCompetence(const ActionScope& scope, const KeyRecord& key) {
  if (scope.actor.role == Actor::Role::kCac) {
    return FilingReject::kAccepted;
  }
  const std::optional<SubjectRecord> subject =
      key.confirmed ? LoadSubject(scope.store, key.subject) : std::nullopt;
  if (!subject) {
    return FilingReject::kUnknownKey;
  }
  return IsOfficeOf(scope.actor, subject->division) ? FilingReject::kAccepted
                                                    : FilingReject::kWrongOffice;
}

/// The key that a subject may be bound to in place of its present one.
std::expected<KeyRecord, FilingReject> FindNewKey(const RecordStore& store, BytesView encoded,
                                                  const SubjectRecord& subject) {
  const std::optional<PublicKey> key = PublicKey::Decode(encoded);
  if (!key || !IsUsableKey(*key) || key->id() == subject.key) {
    return std::unexpected(FilingReject::kBadKey);
  }
  KeyRecord record = LoadKey(store, key->id());
  if (record.barred) {
    return std::unexpected(FilingReject::kKeyBarred);
  }
  if (record.confirmed) {
    return std::unexpected(FilingReject::kKeyBoundToOtherSubject);
  }
  return record;
}

void Rebind(RecordStore& store, SubjectRecord subject, KeyRecord new_key) {
  KeyRecord old_key = LoadKey(store, subject.key);
  old_key.subject = SubjectId{};
  old_key.confirmed = false;
  PutKey(store, old_key);
  new_key.subject = subject.id;
  new_key.confirmed = true;
  PutKey(store, new_key);
  subject.key = new_key.id;
  PutSubject(store, subject);
}

/// The subject that a message names, when the signer is competent for it.
std::expected<SubjectRecord, FilingReject> FindOwnSubject(const ActionScope& scope,
                                                          BytesView subject_id) {
  if (subject_id.size() != SubjectId::kSize) {
    return std::unexpected(FilingReject::kUnknownSubject);
  }
  std::optional<SubjectRecord> subject = LoadSubject(scope.store, SubjectId::FromBytes(subject_id));
  if (!subject) {
    return std::unexpected(FilingReject::kUnknownSubject);
  }
  if (scope.actor.role != Actor::Role::kCac && !IsOfficeOf(scope.actor, subject->division)) {
    return std::unexpected(FilingReject::kWrongOffice);
  }
  return *std::move(subject);
}

}  // namespace

FilingReject ApplyBarKey(const ActionScope& scope, const v1::BarKey& action) {
  if (!MayJudgeKeys(scope.actor)) {
    return FilingReject::kNotAuthorised;
  }
  if (action.key_id().size() != KeyId::kSize) {
    return FilingReject::kBadKey;
  }
  KeyRecord key = LoadKey(scope.store, KeyId::FromBytes(action.key_id()));
  const FilingReject reject = action.filing_id().empty()
                                  ? CheckCompetence(scope, key)
                                  : CheckGround(scope, key.id, action.filing_id());
  if (reject != FilingReject::kAccepted) {
    return reject;
  }
  if (key.barred) {
    return FilingReject::kKeyBarred;
  }
  if (const FilingReject reason = CheckReason(action.reason()); reason != FilingReject::kAccepted) {
    return reason;
  }
  key.barred = true;
  PutKey(scope.store, key);
  return FilingReject::kAccepted;
}

FilingReject ApplyRebindSubject(const ActionScope& scope, const v1::RebindSubject& action) {
  if (!MayJudgeKeys(scope.actor)) {
    return FilingReject::kNotAuthorised;
  }
  const std::expected<SubjectRecord, FilingReject> subject =
      FindOwnSubject(scope, action.subject_id());
  if (!subject) {
    return subject.error();
  }
  if (const FilingReject reason = CheckReason(action.reason()); reason != FilingReject::kAccepted) {
    return reason;
  }
  const std::expected<KeyRecord, FilingReject> new_key =
      FindNewKey(scope.store, action.new_key(), *subject);
  if (!new_key) {
    return new_key.error();
  }
  Rebind(scope.store, *subject, *new_key);
  return FilingReject::kAccepted;
}

}  // namespace beian
