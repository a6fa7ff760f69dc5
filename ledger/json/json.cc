#include "ledger/json/json.h"

#include <google/protobuf/util/json_util.h>

#include <set>
#include <vector>

#include "ledger/base/calendar.h"
#include "ledger/base/check.h"
#include "ledger/filing/province.h"

namespace beian {
namespace {

std::string_view RoleId(Actor::Role role) {
  switch (role) {
    case Actor::Role::kProvider:
      return "provider";
    case Actor::Role::kProvincialOffice:
      return "provincial_office";
    case Actor::Role::kCac:
      return "cac";
    case Actor::Role::kAuditor:
      return "auditor";
  }
  CHECK(!"an unknown role");
  return {};
}

/// A record keeps its last reason for ever; these are the states that it explains.
bool ReasonStands(FilingStatus status) {
  return status == FilingStatus::kNotPassed || status == FilingStatus::kAwaitingSupplement;
}

}  // namespace

bool HasMemberTwice(std::string_view json) {
  std::vector<std::set<std::string>> open;
  bool twice = false;
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key) {
      twice |= !open.back().insert(value.get<std::string>()).second;
    }
    return true;
  };
  return !Json::parse(json, watch, false).is_discarded() && twice;
}

Json ActorJson(const Actor& actor) {
  Json json = {{"role", RoleId(actor.role)}};
  if (!actor.province.empty()) json["province"] = actor.province;
  return json;
}

Json FilingJson(const FilingRecord& record) {
  Json json = {{"id", record.id.hex()},
               {"status", FilingStatusId(record.status)},
               {"public_status", PublicStatusWord(record.status)},
               {"stage", StageId(record.stage)},
               {"division", record.division}};
  if (const Province* province = FindProvince(record.division)) {
    json["province"] = province->gb2260;
  }
  json["subject"] = record.subject.hex();
  json["subject_name"] = record.subject_name;
  json["service_name"] = record.service_name;
  json["owner"] = record.owner.hex();
  json["synthetic"] = record.synthetic;
  json["content_transaction"] = record.content_transaction.hex();
  json["content_action"] = record.content_action;
  json["submitted"] = FormatTime(record.submitted);
  json["submitted_ms"] = record.submitted.value();
  json["changed"] = FormatTime(record.changed);
  json["changed_ms"] = record.changed.value();
  json["changed_height"] = record.changed_height.value();
  if (record.code) {
    json["code"] = record.code->characters();
    json["code_display"] = record.code->Display();
  }
  if (record.set != 0) json["set"] = record.set;
  if (ReasonStands(record.status)) json["reason"] = record.reason;
  return json;
}

Json KeyJson(const KeyRecord& record) {
  return {{"id", record.id.hex()},
          {"subject", record.subject.hex()},
          {"confirmed", record.confirmed},
          {"barred", record.barred}};
}

Json SetJson(const SetRecord& record) {
  return {{"number", record.number},
          {"published_on", record.published_on},
          {"filings", record.filings},
          {"codes_digest", record.codes.hex()}};
}

Json SubjectJson(const SubjectRecord& record) {
  return {{"id", record.id.hex()},
          {"nature", SubjectNatureId(record.nature)},
          {"division", record.division},
          {"key", record.key.hex()},
          {"services", record.services}};
}

Json HeaderJson(const Header& header) {
  return {{"height", header.height.value()},      {"id", header.id().hex()},
          {"parent", header.parent.hex()},        {"chain_id", header.chain_id.hex()},
          {"epoch", header.epoch.value()},        {"view", header.view.value()},
          {"proposer", header.proposer.value()},  {"time", FormatTime(header.time)},
          {"time_ms", header.time.value()},       {"protocol_version", header.protocol_version},
          {"transaction_count", header.tx_count}, {"transaction_root", header.tx_root.hex()},
          {"log_size", header.log_size},          {"log_root", header.log_root.hex()},
          {"map_root", header.map_root.hex()}};
}

Json ResultsJson(const TransactionResult& result) {
  Json results = Json::array();
  for (const ActionResult& action : result.actions) {
    const bool accepted = action.reject == FilingReject::kAccepted;
    Json json = {{"accepted", accepted}};
    if (!accepted) {
      json["error_id"] = FilingRejectId(action.reject);
      json["remedy"] = FilingRejectRemedy(action.reject);
    }
    if (action.code) {
      json["code"] = action.code->characters();
      json["code_display"] = action.code->Display();
    }
    results.push_back(std::move(json));
  }
  return results;
}

const v1::Filing* FilingOf(const v1::Action& action) {
  if (action.has_submit()) return &action.submit().filing();
  if (action.has_resubmit()) return &action.resubmit().filing();
  if (action.has_supplement()) return &action.supplement().filing();
  return nullptr;
}

std::string ActionName(const v1::Action& action) {
  const auto* field = v1::Action::descriptor()->FindFieldByNumber(action.kind_case());
  return field == nullptr ? "none" : field->name();
}

Json ContentJson(const v1::Filing& filing) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(filing, &text, options).ok()) return nullptr;
  Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? Json(nullptr) : json;
}

std::string PrintJson(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace beian
