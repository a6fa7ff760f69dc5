#include "tests/client/support/fake_node.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "beian/v1/api.pb.h"
#include "ledger/json/json.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

TestReply Protobuf(std::string body, int status = 200) {
  return {status, "application/x-protobuf", std::move(body), false};
}

TestReply Text(const Json& json) {
  return {200, "application/json", json.dump(), false};
}

TestReply Error(int status, const std::string& id) {
  const Json json = {{"schema", "beian.error.v1"}, {"id", id},
                     {"message", "No."},           {"object", "it"},
                     {"remedy", "Mend it."},       {"retry_after_ms", 0}};
  return {status, "application/json", json.dump(), false};
}

/// The value of a member of the query; empty when it is not there.
std::string Query(const std::string& target, const std::string& name) {
  const size_t query = target.find('?');
  if (query == std::string::npos) return "";
  const std::string members = "&" + target.substr(query + 1) + "&";
  const size_t at = members.find("&" + name + "=");
  if (at == std::string::npos) return "";
  const size_t start = at + name.size() + 2;
  return members.substr(start, members.find('&', start) - start);
}

using Lie = std::function<void(Bytes&)>;

v1::TransactionOutcome OutcomeOf(const SmallLedger& ledger, const TransactionId& id,
                                 const Lie& lie) {
  v1::TransactionOutcome outcome;
  outcome.set_id(Bytes(id.view()));
  outcome.set_state(v1::TRANSACTION_STATE_UNKNOWN);
  if (!ledger.Holds(id)) return outcome;
  Bytes receipt = EncodeReceipt(ledger.ReceiptOf(id), ledger.genesis().validators.size());
  lie(receipt);
  outcome.set_state(v1::TRANSACTION_STATE_COMMITTED);
  outcome.set_receipt(receipt);
  return outcome;
}

}  // namespace

FakeNode::FakeNode()
    : ledger_(std::make_unique<SmallLedger>()),
      listener_([this](const TestRequest& request) { return Answer(request); }) {
  ledger_->Extend({}, Now());
}
FakeNode::~FakeNode() = default;

const Genesis& FakeNode::genesis() const {
  return ledger_->genesis();
}

const GenesisFixture& FakeNode::fixture() const {
  return ledger_->fixture();
}

TimeMs FakeNode::Now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return TimeMs(
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()));
}

TestReply FakeNode::Answer(const TestRequest& request) {
  const TestReply first = before(request);
  if (first.status != 0) return first;
  const std::string path = request.target.substr(0, request.target.find('?'));
  const std::string rest = path.substr(path.rfind('/') + 1);
  if (request.method == "POST") return Submit(request);
  if (path == "/v1/status") return Status();
  if (path == "/v1/filings") return List(request.target);
  if (path == "/v1/sets") return Sets();
  if (path == "/v1/export") return Export(request.target);
  if (path.starts_with("/v1/codes/")) {
    const auto code = RegistrationCode::Parse(rest);
    return code ? Record(CodeKey(*code)) : Error(400, "request.bad_code");
  }
  if (path.starts_with("/v1/sets/")) return Record(SetKey(static_cast<uint32_t>(std::stoul(rest))));
  const auto octets = FromHex(rest);
  if (!octets || octets->size() != TransactionId::kSize) return Error(400, "request.bad_id");
  if (path.starts_with("/v1/filings/")) return Record(FilingKey(FilingId::FromBytes(*octets)));
  if (path.starts_with("/v1/subjects/")) return Record(SubjectKey(SubjectId::FromBytes(*octets)));
  if (path.starts_with("/v1/transactions/")) return Outcome(TransactionId::FromBytes(*octets));
  return Error(404, "request.unknown_path");
}

TestReply FakeNode::Submit(const TestRequest& request) {
  ++submissions;
  v1::SubmitRequest message;
  if (!message.ParseFromString(request.body)) return Error(400, "request.bad_body");
  v1::SubmitReply reply;
  std::vector<TransactionPtr> fresh;
  std::vector<TransactionPtr> all;
  for (const Bytes& wire : message.transactions()) {
    const auto transaction = Transaction::Parse(genesis().chain_id, wire);
    if (!transaction) return Error(400, "request.bad_body");
    if (!(*transaction)->VerifySignature()) {
      v1::TransactionOutcome& outcome = *reply.add_outcomes();
      outcome.set_id(Bytes((*transaction)->id().view()));
      outcome.set_state(v1::TRANSACTION_STATE_REJECTED);
      outcome.set_error_id("transaction.bad_signature");
      continue;
    }
    all.push_back(*transaction);
    if (!ledger_->Holds(all.back()->id())) fresh.push_back(all.back());
  }
  if (commits && !fresh.empty()) {
    ledger_->Extend(fresh, std::max(Now(), ledger_->tip().time + 1));
  }
  for (const TransactionPtr& transaction : all) {
    *reply.add_outcomes() = OutcomeOf(*ledger_, transaction->id(), lie);
    if (!commits) pending_.insert(transaction->id());
    if (!commits) reply.mutable_outcomes()->rbegin()->set_state(v1::TRANSACTION_STATE_PENDING);
  }
  return Protobuf(reply.SerializeAsString(), commits ? 200 : 202);
}

TestReply FakeNode::Outcome(const TransactionId& id) const {
  auto outcome = OutcomeOf(*ledger_, id, lie);
  const bool pending = pending_.contains(id) && !ledger_->Holds(id);
  if (pending) outcome.set_state(v1::TRANSACTION_STATE_PENDING);
  return Protobuf(outcome.SerializeAsString());
}

TestReply FakeNode::Record(const MapKey& key) const {
  const RecordProof proof = ledger_->ProofOf(key);
  Bytes octets = EncodeRecordProof(proof, genesis().validators.size());
  lie(octets);
  return Protobuf(octets, proof.record ? 200 : 404);
}

TestReply FakeNode::Status() const {
  return Text({{"schema", "beian.status.v1"},
               {"state", "ready"},
               {"version", "test"},
               {"uptime_ms", 1},
               {"chain", {{"name", genesis().name}, {"id", genesis().chain_id.hex()}}},
               {"committed_height", ledger_->tip().height.value()},
               {"final_height", ledger_->tip().height.value()},
               {"view", ledger_->tip().view.value()},
               {"leader", "validator-0"},
               {"pending_transactions", 0},
               {"peers", Json::array()},
               {"findings", Json::array()}});
}

TestReply FakeNode::List(const std::string& target) const {
  const std::string status = Query(target, "status");
  const std::string province = Query(target, "province");
  const std::string set = Query(target, "set");
  const std::string owner = Query(target, "owner");
  Json filings = Json::array();
  for (const auto& [key, octets] : ledger_->state().records()) {
    const auto record = FilingRecord::Decode(octets);
    if (!record || key != FilingKey(record->id)) continue;
    if (!status.empty() && FilingStatusId(record->status) != status) continue;
    if (!record->division.starts_with(province)) continue;
    if (!owner.empty() && record->owner.hex() != owner) continue;
    if (!set.empty() && std::to_string(record->set) != set) continue;
    filings.push_back(FilingJson(*record));
  }
  return Text({{"schema", "beian.filings.v1"}, {"filings", filings}, {"next", nullptr}});
}

TestReply FakeNode::Sets() const {
  Json sets = Json::array();
  for (const auto& [key, octets] : ledger_->state().records()) {
    const auto record = SetRecord::Decode(octets);
    if (record && key == SetKey(record->number)) sets.push_back(SetJson(*record));
  }
  return Text({{"schema", "beian.sets.v1"}, {"sets", sets}, {"next", nullptr}});
}

TestReply FakeNode::Export(const std::string& target) const {
  const size_t first = std::stoul(Query(target, "first"));
  const size_t count = std::stoul(Query(target, "count"));
  v1::BlocksReply reply;
  reply.set_tip(ledger_->blocks().size());
  for (size_t h = first; h < first + count && h <= ledger_->blocks().size(); ++h) {
    reply.add_blocks(EncodeStoredBlock(ledger_->blocks()[h - 1]));
  }
  return Protobuf(reply.SerializeAsString());
}

}  // namespace beian::client
