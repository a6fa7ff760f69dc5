// What the holder of a filing does: TakeUp, RequestSupplement, Refuse, Forward, Approve.

#include "ledger/base/bytes.h"
#include "ledger/base/calendar.h"
#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/filing/lifecycle_internal.h"

namespace beian {
namespace {

using namespace std::string_view_literals;

/// Who may take a step at all, and with a filing of which status.
struct StepRule {
  v1::Action::KindCase step;
  bool office;
  bool cac;
  FilingStatus from;
};
constexpr StepRule kStepRules[] = {
    {v1::Action::kTakeUp, true, false, FilingStatus::kNotReviewed},
    {v1::Action::kRequestSupplement, true, true, FilingStatus::kInReview},
    {v1::Action::kRefuse, true, true, FilingStatus::kInReview},
    {v1::Action::kForward, true, false, FilingStatus::kInReview},
    {v1::Action::kApprove, false, true, FilingStatus::kInReview},
};

/// The rule for an actor that may take the step; null for everyone else.
const StepRule* FindRule(const Actor& actor, v1::Action::KindCase step) {
  for (const StepRule& rule : kStepRules) {
    const bool allowed = (actor.role == Actor::Role::kProvincialOffice && rule.office) ||
                         (actor.role == Actor::Role::kCac && rule.cac);
    if (rule.step == step) return allowed ? &rule : nullptr;
  }
  return nullptr;
}

/// The filing that a message names, when the signer may take the step with it now.
std::expected<FilingRecord, FilingReject> FindForStep(const ActionScope& scope,
                                                      v1::Action::KindCase step,
                                                      BytesView filing_id) {
  if (FindRule(scope.actor, step) == nullptr) {
    return std::unexpected(FilingReject::kNotAuthorised);
  }
  std::expected<FilingRecord, FilingReject> record = FindFiling(scope.store, filing_id);
  if (!record) {
    return record;
  }
  if (const FilingReject reject = JudgeStep(scope.actor, step, *record);
      reject != FilingReject::kAccepted) {
    return std::unexpected(reject);
  }
  return record;
}

/// Ends a review for the time being, for a reason that the provider reads in the record.
FilingReject HandBack(const ActionScope& scope, std::expected<FilingRecord, FilingReject> record,
                      const std::string& reason, FilingStatus to) {
  if (!record) {
    return record.error();
  }
  if (const FilingReject reject = CheckReason(reason); reject != FilingReject::kAccepted) {
    return reject;
  }
  record->status = to;
  record->reason = reason;
  PutFiling(scope, *record);
  return FilingReject::kAccepted;
}

/// Whether taking `record` up may bind its subject to its owner, or finds them bound.
FilingReject CheckBinding(const std::optional<SubjectRecord>& subject, const KeyRecord& owner,
                          const FilingRecord& record) {
  if (owner.barred) {
    return FilingReject::kKeyBarred;
  }
  if (owner.confirmed && owner.subject != record.subject) {
    return FilingReject::kKeyBoundToOtherSubject;
  }
  if (subject && subject->key != record.owner) {
    return FilingReject::kSubjectBoundToOtherKey;
  }
  return FilingReject::kAccepted;
}

/// A filing that waits to be taken up and cannot be: its key is barred, or subject and key are
/// bound elsewhere.
std::optional<FilingRecord> FindStrandedFiling(const ActionScope& scope, BytesView filing_id) {
  const auto record = FindForStep(scope, v1::Action::kTakeUp, filing_id);
  if (!record) {
    return std::nullopt;
  }
  const FilingReject binding = CheckBinding(LoadSubject(scope.store, record->subject),
                                            LoadKey(scope.store, record->owner), *record);
  return binding == FilingReject::kAccepted ? std::nullopt : std::optional(*record);
}

void Bind(RecordStore& store, const FilingRecord& record, KeyRecord owner) {
  // Only an organisation has a name in the record.
  const SubjectNature nature =
      record.subject_name.empty() ? SubjectNature::kPerson : SubjectNature::kOrganisation;
  PutSubject(store, SubjectRecord{.id = record.subject,
                                  .nature = nature,
                                  .division = record.division,
                                  .key = record.owner,
                                  .services = 0});
  owner.subject = record.subject;
  owner.confirmed = true;
  PutKey(store, owner);
}

/// Draws the eight digits until the code is free. Draw number 8c + i is the i-th big-endian u32 of
/// SHA-256("beian/code/v1\0" ‖ chain id ‖ filing id ‖ u32 c); it gives digits only when it is below
/// 4,200,000,000, so that each of the 100,000,000 values is as likely as any other.
std::optional<RegistrationCode> DrawFreeCode(const ActionScope& scope, const FilingRecord& record,
                                             uint32_t sequence) {
  constexpr uint32_t kValues = 100'000'000;
  constexpr uint32_t kDrawEnd = 42 * kValues;
  constexpr uint32_t kDrawsPerHash = Sha256Digest::kSize / sizeof(uint32_t);
  static_assert(kCodeDrawsMax % kDrawsPerHash == 0);
  const int year = ShanghaiDate(scope.context.time).year;
  for (uint32_t counter = 0; counter < kCodeDrawsMax / kDrawsPerHash; ++counter) {
    ByteWriter writer;
    writer.U32(counter);
    const Sha256Digest digest =
        Sha256({"beian/code/v1\0"sv, scope.context.chain.view(), record.id.view(), writer.bytes()});
    ByteReader words(digest.view());
    while (words.left() > 0) {
      const uint32_t draw = words.U32();
      if (draw >= kDrawEnd) {
        continue;
      }
      const RegistrationCode code =
          RegistrationCode::Make(record.division, year, draw % kValues, sequence);
      if (!scope.store.Record(CodeKey(code))) {
        return code;
      }
    }
  }
  return std::nullopt;
}

ActionResult Rejected(FilingReject reject) {
  return ActionResult{.reject = reject, .code = std::nullopt};
}

}  // namespace

FilingReject JudgeStep(const Actor& actor, v1::Action::KindCase step, const FilingRecord& record) {
  const StepRule* rule = FindRule(actor, step);
  if (rule == nullptr) {
    return FilingReject::kNotAuthorised;
  }
  if (const FilingReject reject = CheckHolder(actor, record); reject != FilingReject::kAccepted) {
    return reject;
  }
  return record.status == rule->from ? FilingReject::kAccepted : FilingReject::kWrongState;
}

FilingReject ApplyTakeUp(const ActionScope& scope, const v1::TakeUp& action) {
  std::expected<FilingRecord, FilingReject> record =
      FindForStep(scope, v1::Action::kTakeUp, action.filing_id());
  if (!record) {
    return record.error();
  }
  const std::optional<SubjectRecord> subject = LoadSubject(scope.store, record->subject);
  const KeyRecord owner = LoadKey(scope.store, record->owner);
  if (const FilingReject reject = CheckBinding(subject, owner, *record);
      reject != FilingReject::kAccepted) {
    return reject;
  }
  if (!subject) {
    Bind(scope.store, *record, owner);
  }
  record->status = FilingStatus::kInReview;
  PutFiling(scope, *record);
  return FilingReject::kAccepted;
}

FilingReject ApplyRequestSupplement(const ActionScope& scope, const v1::RequestSupplement& action) {
  return HandBack(scope, FindForStep(scope, v1::Action::kRequestSupplement, action.filing_id()),
                  action.reason(), FilingStatus::kAwaitingSupplement);
}

/// What cannot be taken up is refused without it, or it would wait for ever.
FilingReject ApplyRefuse(const ActionScope& scope, const v1::Refuse& action) {
  if (auto stranded = FindStrandedFiling(scope, action.filing_id())) {
    return HandBack(scope, *std::move(stranded), action.reason(), FilingStatus::kNotPassed);
  }
  return HandBack(scope, FindForStep(scope, v1::Action::kRefuse, action.filing_id()),
                  action.reason(), FilingStatus::kNotPassed);
}

FilingReject ApplyForward(const ActionScope& scope, const v1::Forward& action) {
  std::expected<FilingRecord, FilingReject> record =
      FindForStep(scope, v1::Action::kForward, action.filing_id());
  if (!record) {
    return record.error();
  }
  record->stage = Stage::kCac;
  PutFiling(scope, *record);
  return FilingReject::kAccepted;
}

ActionResult ApplyApprove(const ActionScope& scope, const v1::Approve& action) {
  std::expected<FilingRecord, FilingReject> record =
      FindForStep(scope, v1::Action::kApprove, action.filing_id());
  if (!record) {
    return Rejected(record.error());
  }
  std::optional<SubjectRecord> subject = LoadSubject(scope.store, record->subject);
  CHECK(subject.has_value());  // taken up, so bound
  if (subject->services >= kSubjectServicesMax) {
    return Rejected(FilingReject::kSequenceExhausted);
  }
  subject->services += 1;
  record->code = DrawFreeCode(scope, *record, subject->services);
  if (!record->code) {
    return Rejected(FilingReject::kNoFreeCode);
  }
  record->status = FilingStatus::kFiled;
  PutFiling(scope, *record);
  PutSubject(scope.store, *subject);
  return ActionResult{.reject = FilingReject::kAccepted, .code = record->code};
}

}  // namespace beian
