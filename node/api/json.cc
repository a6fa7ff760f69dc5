#include "node/api/json.h"

#include <google/protobuf/util/json_util.h>

#include "ledger/base/calendar.h"
#include "ledger/filing/province.h"
#include "node/api/version.h"

namespace beian::api {

std::string Print(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

HttpResponse JsonResponse(std::string_view name, const Json& body, int status) {
  Json json = {{"schema", "beian." + std::string(name) + ".v1"}};
  json.update(body);
  HttpResponse response;
  response.status = status;
  response.body = Print(json) + "\n";
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HttpResponse ProtobufResponse(Bytes body, int status) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/x-protobuf";
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
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
  if (record.set != 0) {
    json["set"] = record.set;
  }
  if (!record.reason.empty()) {
    json["reason"] = record.reason;
  }
  return json;
}

Json SubjectJson(const SubjectRecord& record) {
  return {{"id", record.id.hex()},
          {"nature", SubjectNatureId(record.nature)},
          {"division", record.division},
          {"key", record.key.hex()},
          {"services", record.services}};
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

Json ContentJson(const v1::Action& action) {
  const v1::Filing* filing = action.has_submit()       ? &action.submit().filing()
                             : action.has_resubmit()   ? &action.resubmit().filing()
                             : action.has_supplement() ? &action.supplement().filing()
                                                       : nullptr;
  if (filing == nullptr) {
    return nullptr;
  }
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(*filing, &text, options).ok()) {
    return nullptr;
  }
  Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? Json(nullptr) : json;
}

Json StatusJson(const NodeStatus& status, const Genesis& genesis) {
  Json peers = Json::array();
  for (const PeerStatus& peer : status.peers) {
    peers.push_back({{"index", peer.index.value()},
                     {"name", peer.name},
                     {"connected", peer.connected},
                     {"final_height", peer.final_height},
                     {"queued_bytes", peer.queued_bytes},
                     {"dropped_frames", peer.dropped_frames}});
  }
  const ReplicaStatus& replica = status.replica;
  const bool known = genesis.validators.Contains(replica.leader);
  return {{"state", status.state},
          {"version", status.version},
          {"commit", BuildCommit()},
          {"uptime_ms", status.uptime_ms},
          {"chain", {{"name", genesis.name}, {"id", genesis.chain_id.hex()}}},
          {"epoch", replica.epoch.value()},
          {"view", replica.view.value()},
          {"leader", known ? genesis.validators.at(replica.leader).name : std::string()},
          {"final_view", replica.final_view.value()},
          {"final_height", replica.final_height.value()},
          {"committed_height", replica.committed_height.value()},
          {"highest_known", replica.highest_known.value()},
          {"pending_transactions", replica.pending_transactions},
          {"muted", replica.muted},
          {"below_floor", replica.below_floor},
          {"validators", genesis.validators.size()},
          {"quorum", genesis.validators.quorum()},
          {"peers", std::move(peers)},
          {"findings", status.findings}};
}

}  // namespace beian::api
