#pragma once

// What the actions share. Included by the sources of ledger/filing and nothing else.

#include <expected>
#include <optional>
#include <string_view>

#include "beian/v1/transaction.pb.h"
#include "ledger/filing/lifecycle.h"
#include "ledger/filing/record.h"

namespace beian {

/// One action's surroundings, valid while it is judged.
struct ActionScope {
  const ActionContext& context;
  const Actor& actor;
  RecordStore& store;
};

std::optional<FilingRecord> LoadFiling(const RecordStore& store, const MapKey& key);
std::optional<SubjectRecord> LoadSubject(const RecordStore& store, const SubjectId& id);
/// The record of a key that has none is that of a key neither confirmed nor barred.
KeyRecord LoadKey(const RecordStore& store, const KeyId& id);

/// Under its id and, once it has one, under its code. Notes the block as that of the last change.
void PutFiling(const ActionScope& scope, FilingRecord record);
void PutSubject(RecordStore& store, const SubjectRecord& record);
void PutKey(RecordStore& store, const KeyRecord& record);

/// The filing that a message names; kUnknownFiling also when the octets are no id.
std::expected<FilingRecord, FilingReject> FindFiling(const RecordStore& store, BytesView filing_id);
/// Whether `actor` is the provincial office of a division.
bool IsOfficeOf(const Actor& actor, std::string_view division);
/// kNotAuthorised for who never holds a filing, kWrongOffice for who does not hold this one.
FilingReject CheckHolder(const Actor& actor, const FilingRecord& record);
FilingReject CheckReason(std::string_view reason);

FilingReject ApplySubmit(const ActionScope& scope, const v1::Submit& action);
FilingReject ApplyResubmit(const ActionScope& scope, const v1::Resubmit& action);
FilingReject ApplySupplement(const ActionScope& scope, const v1::Supplement& action);

FilingReject ApplyTakeUp(const ActionScope& scope, const v1::TakeUp& action);
FilingReject ApplyRequestSupplement(const ActionScope& scope, const v1::RequestSupplement& action);
FilingReject ApplyRefuse(const ActionScope& scope, const v1::Refuse& action);
FilingReject ApplyForward(const ActionScope& scope, const v1::Forward& action);
ActionResult ApplyApprove(const ActionScope& scope, const v1::Approve& action);

FilingReject ApplyPublishSet(const ActionScope& scope, const v1::PublishSet& action);
FilingReject ApplyBarKey(const ActionScope& scope, const v1::BarKey& action);
FilingReject ApplyRebindSubject(const ActionScope& scope, const v1::RebindSubject& action);

}  // namespace beian
