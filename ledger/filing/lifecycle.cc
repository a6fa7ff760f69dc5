#include "ledger/filing/lifecycle.h"

#include "ledger/base/check.h"
#include "ledger/filing/lifecycle_internal.h"
#include "ledger/filing/province.h"
#include "ledger/filing/text.h"

namespace beian {
namespace {

/// A record as it stands in the store, which holds only what was put there by us.
template <class R>
std::optional<R> Load(const RecordStore& store, const MapKey& key) {
  const std::optional<Bytes> encoded = store.Record(key);
  if (!encoded) {
    return std::nullopt;
  }
  std::optional<R> record = R::Decode(*encoded);
  CHECK(record.has_value());
  return record;
}

/// Genesis gives the other roles their keys, and only another genesis takes them away.
bool IsBarred(const ActionScope& scope) {
  return scope.actor.role == Actor::Role::kProvider && LoadKey(scope.store, scope.actor.key).barred;
}

ActionResult Only(FilingReject reject) {
  return ActionResult{.reject = reject, .code = std::nullopt};
}

}  // namespace

std::optional<FilingRecord> LoadFiling(const RecordStore& store, const MapKey& key) {
  return Load<FilingRecord>(store, key);
}

std::optional<SubjectRecord> LoadSubject(const RecordStore& store, const SubjectId& id) {
  return Load<SubjectRecord>(store, SubjectKey(id));
}

KeyRecord LoadKey(const RecordStore& store, const KeyId& id) {
  KeyRecord unknown;
  unknown.id = id;
  return Load<KeyRecord>(store, KeyRecordKey(id)).value_or(unknown);
}

void PutFiling(const ActionScope& scope, FilingRecord record) {
  record.changed = scope.context.time;
  record.changed_height = scope.context.height;
  const Bytes encoded = record.Encode();
  if (record.code) {
    scope.store.Put(CodeKey(*record.code), encoded);
  }
  scope.store.Put(FilingKey(record.id), encoded);
}

void PutSubject(RecordStore& store, const SubjectRecord& record) {
  store.Put(SubjectKey(record.id), record.Encode());
}

void PutKey(RecordStore& store, const KeyRecord& record) {
  store.Put(KeyRecordKey(record.id), record.Encode());
}

std::expected<FilingRecord, FilingReject> FindFiling(const RecordStore& store,
                                                     BytesView filing_id) {
  if (filing_id.size() != FilingId::kSize) {
    return std::unexpected(FilingReject::kUnknownFiling);
  }
  std::optional<FilingRecord> record = LoadFiling(store, FilingKey(FilingId::FromBytes(filing_id)));
  if (!record) {
    return std::unexpected(FilingReject::kUnknownFiling);
  }
  return *std::move(record);
}

bool IsOfficeOf(const Actor& actor, std::string_view division) {
  const Province* province = FindProvince(division);
  return actor.role == Actor::Role::kProvincialOffice && province != nullptr &&
         province->gb2260 == actor.province;
}

FilingReject CheckHolder(const Actor& actor, const FilingRecord& record) {
  switch (actor.role) {
    case Actor::Role::kProvider:
    case Actor::Role::kAuditor:
      return FilingReject::kNotAuthorised;
    case Actor::Role::kProvincialOffice:
      return record.stage == Stage::kProvince && IsOfficeOf(actor, record.division)
                 ? FilingReject::kAccepted
                 : FilingReject::kWrongOffice;
    case Actor::Role::kCac:
      return record.stage == Stage::kCac ? FilingReject::kAccepted : FilingReject::kWrongOffice;
  }
  CHECK(false);
}

FilingReject CheckReason(std::string_view reason) {
  if (reason.empty()) {
    return FilingReject::kMissingReason;
  }
  return reason.size() <= kReasonBytesMax && IsPlainText(reason) ? FilingReject::kAccepted
                                                                 : FilingReject::kBadText;
}

ActionResult ApplyAction(const ActionContext& context, const Actor& actor, const v1::Action& action,
                         RecordStore& store) {
  const ActionScope scope{.context = context, .actor = actor, .store = store};
  if (IsBarred(scope)) {
    return Only(FilingReject::kKeyBarred);
  }
  switch (action.kind_case()) {
    case v1::Action::kSubmit:
      return Only(ApplySubmit(scope, action.submit()));
    case v1::Action::kResubmit:
      return Only(ApplyResubmit(scope, action.resubmit()));
    case v1::Action::kSupplement:
      return Only(ApplySupplement(scope, action.supplement()));
    case v1::Action::kTakeUp:
      return Only(ApplyTakeUp(scope, action.take_up()));
    case v1::Action::kRequestSupplement:
      return Only(ApplyRequestSupplement(scope, action.request_supplement()));
    case v1::Action::kRefuse:
      return Only(ApplyRefuse(scope, action.refuse()));
    case v1::Action::kForward:
      return Only(ApplyForward(scope, action.forward()));
    case v1::Action::kApprove:
      return ApplyApprove(scope, action.approve());
    case v1::Action::kPublishSet:
      return Only(ApplyPublishSet(scope, action.publish_set()));
    case v1::Action::kBarKey:
      return Only(ApplyBarKey(scope, action.bar_key()));
    case v1::Action::kRebindSubject:
      return Only(ApplyRebindSubject(scope, action.rebind_subject()));
    case v1::Action::KIND_NOT_SET:
      break;
  }
  // Transaction::Parse refuses an action without a kind, so it never gets here.
  CHECK(false);
}

}  // namespace beian
