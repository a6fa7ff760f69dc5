#include <algorithm>

#include "beian/v1/api.pb.h"
#include "node/api/proofs.h"
#include "node/api/response.h"
#include "node/api/route_table.h"

namespace beian::api {
namespace {

using State = SubmitOutcome::State;

std::string_view StateId(State state) {
  switch (state) {
    case State::kPending:
      return "pending";
    case State::kCommitted:
      return "committed";
    case State::kRejected:
      return "rejected";
    case State::kExpired:
      return "expired";
    case State::kUnknown:
      return "unknown";
  }
  CHECK(false);
}

v1::TransactionState StateNumber(State state) {
  switch (state) {
    case State::kPending:
      return v1::TRANSACTION_STATE_PENDING;
    case State::kCommitted:
      return v1::TRANSACTION_STATE_COMMITTED;
    case State::kRejected:
      return v1::TRANSACTION_STATE_REJECTED;
    case State::kExpired:
      return v1::TRANSACTION_STATE_EXPIRED;
    case State::kUnknown:
      return v1::TRANSACTION_STATE_UNKNOWN;
  }
  CHECK(false);
}

/// One transaction's outcome with, when it is committed, what shows it.
struct Reported {
  TransactionId id;
  SubmitOutcome outcome;
  Bytes receipt;
  Height height;
  TransactionResult result;
};

Reported Report(NodeService& node, const BlockReader& reader, const TransactionId& id,
                SubmitOutcome outcome) {
  Reported reported{id, std::move(outcome), {}, Height(0), {}};
  const auto place = reader.Find(id);
  const auto receipt = place ? MakeReceipt(reader, *place) : std::nullopt;
  if (!receipt) {
    // Committed after this snapshot was taken, at worst: the caller asks again.
    if (reported.outcome.state == State::kCommitted) {
      reported.outcome.state = State::kPending;
    }
    return reported;
  }
  reported.outcome = SubmitOutcome{};
  reported.outcome.state = State::kCommitted;
  const auto entry = DecodeLogEntry(receipt->entry);
  CHECK(entry.has_value());
  reported.receipt = EncodeReceipt(*receipt, node.genesis().validators.size());
  reported.height = place->height;
  reported.result = entry->result;
  return reported;
}

Json ReportedJson(const Reported& reported) {
  Json json = {{"id", reported.id.hex()}, {"state", StateId(reported.outcome.state)}};
  if (!reported.outcome.error_id.empty()) {
    json["error_id"] = reported.outcome.error_id;
  }
  if (!reported.outcome.remedy.empty()) {
    json["remedy"] = reported.outcome.remedy;
  }
  if (reported.outcome.retry_after_ms != 0) {
    json["retry_after_ms"] = reported.outcome.retry_after_ms;
  }
  if (!reported.receipt.empty()) {
    json["height"] = reported.height.value();
    json["results"] = ResultsJson(reported.result);
    json["receipt"] = ToBase64(reported.receipt);
  }
  return json;
}

v1::TransactionOutcome ReportedMessage(const Reported& reported) {
  v1::TransactionOutcome message;
  message.set_id(Bytes(reported.id.view()));
  message.set_state(StateNumber(reported.outcome.state));
  message.set_error_id(reported.outcome.error_id);
  message.set_remedy(reported.outcome.remedy);
  message.set_retry_after_ms(reported.outcome.retry_after_ms);
  message.set_receipt(reported.receipt);
  return message;
}

/// The worst of the outcomes: a rejected transaction is never answered OK.
int StatusOf(const std::vector<Reported>& all) {
  int status = 200;
  for (const Reported& one : all) {
    const SubmitOutcome& outcome = one.outcome;
    if (outcome.state == State::kRejected) {
      const int refused = outcome.retry_after_ms == 0             ? 422
                          : outcome.error_id.starts_with("node.") ? 503
                                                                  : 429;
      status = status == 422 ? 422 : refused;
    } else if (outcome.state == State::kExpired) {
      status = 422;
    } else if (outcome.state != State::kCommitted && status == 200) {
      status = 202;
    }
  }
  return status;
}

HttpResponse SubmitResponse(const Call& call, const std::vector<Reported>& all) {
  const int status = StatusOf(all);
  HttpResponse response;
  if (call.request().WantsProtobuf()) {
    v1::SubmitReply reply;
    for (const Reported& one : all) {
      *reply.add_outcomes() = ReportedMessage(one);
    }
    response = ProtobufResponse(reply.SerializeAsString(), status);
  } else {
    Json outcomes = Json::array();
    for (const Reported& one : all) {
      outcomes.push_back(ReportedJson(one));
    }
    response = JsonResponse("outcomes", {{"outcomes", std::move(outcomes)}}, status);
  }
  uint64_t retry_ms = 0;
  for (const Reported& one : all) {
    retry_ms = std::max(retry_ms, one.outcome.retry_after_ms);
  }
  if (status == 429 || status == 503) {
    response.headers.emplace_back("Retry-After", std::to_string((retry_ms + 999) / 1000));
  }
  return response;
}

struct Submission {
  std::vector<TransactionPtr> transactions;
  uint64_t wait_ms = 0;
  bool without_receipts = false;
};

/// What a submission's answer needs besides the outcomes.
struct Pending {
  std::vector<TransactionId> ids;
  uint64_t wait_ms = 0;
  bool without_receipts = false;
};

Failure BadBody(std::string message, std::string object = "") {
  return {400, "request.bad_body", std::move(message), std::move(object),
          "see /v1/openapi.yaml for the body's form"};
}

std::expected<v1::SubmitRequest, Failure> ParseJsonBody(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("transactions") || !json["transactions"].is_array()) {
    return std::unexpected(BadBody("the body is not a JSON object with a list `transactions`"));
  }
  v1::SubmitRequest request;
  for (const auto& [name, value] : json.items()) {
    if (name == "wait_ms" && value.is_number_unsigned() && value.get<uint64_t>() <= kWaitMsMax) {
      request.set_wait_ms(static_cast<uint32_t>(value.get<uint64_t>()));
    } else if (name != "transactions") {
      return std::unexpected(
          BadBody("a member is unknown, or wait_ms is not from 0 to 60000", name));
    }
  }
  for (const auto& item : json["transactions"]) {
    const auto octets =
        item.is_string() ? FromBase64(item.get_ref<const std::string&>()) : std::nullopt;
    if (!octets) {
      return std::unexpected(
          BadBody("a transaction is not base64 text",
                  "transactions[" + std::to_string(request.transactions_size()) + "]"));
    }
    request.add_transactions(*octets);
  }
  return request;
}

std::expected<v1::SubmitRequest, Failure> ParseBody(const HttpRequest& http) {
  const std::string type = MediaType(http.content_type);
  if (type == kProtobufType) {
    v1::SubmitRequest request;
    if (!request.ParseFromString(http.body)) {
      return std::unexpected(BadBody("the body is not a SubmitRequest message"));
    }
    return request;
  }
  if (type.empty() || type == kJsonType) {
    return ParseJsonBody(http.body);
  }
  return std::unexpected(Failure{
      415, "request.bad_content_type", "the body has a content type that this route does not know",
      http.content_type, "send application/json or application/x-protobuf"});
}

std::expected<Submission, Failure> ParseSubmission(const ChainId& chain, const HttpRequest& http) {
  const auto request = ParseBody(http);
  if (!request) {
    return std::unexpected(request.error());
  }
  const auto count = static_cast<size_t>(request->transactions_size());
  if (count == 0 || count > kSubmitTransactionsMax || request->wait_ms() > kWaitMsMax) {
    return std::unexpected(
        BadBody("a request carries 1 to 512 transactions and waits at most "
                "60000 ms"));
  }
  Submission submission;
  submission.wait_ms = request->wait_ms();
  submission.without_receipts = request->without_receipts();
  for (size_t i = 0; i < count; ++i) {
    const auto transaction = Transaction::Parse(chain, request->transactions(static_cast<int>(i)));
    if (!transaction) {
      return std::unexpected(Failure{400, std::string(TransactionErrorId(transaction.error())),
                                     "a transaction is malformed; none of the request was taken",
                                     "transactions[" + std::to_string(i) + "]",
                                     std::string(TransactionErrorRemedy(transaction.error()))});
    }
    submission.transactions.push_back(*transaction);
  }
  return submission;
}

void Finish(const std::shared_ptr<Call>& call, const Pending& pending,
            const std::vector<SubmitOutcome>& outcomes) {
  NodeService& node = call->context->node;
  std::vector<Reported> all;
  if (pending.without_receipts) {
    for (size_t i = 0; i < pending.ids.size() && i < outcomes.size(); ++i) {
      all.push_back(Reported{pending.ids[i], outcomes[i], {}, Height(0), {}});
    }
  } else {
    const auto reader = node.Snapshot();
    for (size_t i = 0; i < pending.ids.size() && i < outcomes.size(); ++i) {
      all.push_back(Report(node, *reader, pending.ids[i], outcomes[i]));
    }
  }
  call->respond(SubmitResponse(*call, all));
}

/// Waits for those of `pending` that may still commit, then answers.
void WaitAndFinish(const std::shared_ptr<Call>& call, const Pending& pending,
                   const std::vector<SubmitOutcome>& outcomes) {
  std::vector<TransactionId> open;
  std::vector<size_t> places;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].state == State::kPending) {
      open.push_back(pending.ids[i]);
      places.push_back(i);
    }
  }
  if (open.empty() || pending.wait_ms == 0) {
    Finish(call, pending, outcomes);
    return;
  }
  call->context->node.Wait(
      std::move(open), pending.wait_ms,
      [call, pending, outcomes, places](const std::vector<SubmitOutcome>& later) {
        std::vector<SubmitOutcome> merged = outcomes;
        for (size_t i = 0; i < places.size() && i < later.size(); ++i) {
          // What is not known is still pending: this node took it a moment ago.
          if (later[i].state != State::kUnknown) {
            merged[places[i]] = later[i];
          }
        }
        call->context->run([call, pending, merged] { Finish(call, pending, merged); });
      });
}

}  // namespace

void SubmitTransactions(std::shared_ptr<Call> call) {
  NodeService& node = call->context->node;
  auto submission = ParseSubmission(node.genesis().chain_id, call->http);
  if (!submission) {
    call->respond(ErrorResponse(submission.error()));
    return;
  }
  std::string().swap(call->http.body);  // not to be kept while the transactions wait
  Pending pending{{}, submission->wait_ms, submission->without_receipts};
  for (const TransactionPtr& transaction : submission->transactions) {
    pending.ids.push_back(transaction->id());
  }
  node.Submit(std::move(submission->transactions),
              [call, pending = std::move(pending)](std::vector<SubmitOutcome> outcomes) {
                call->context->run([call, pending, outcomes = std::move(outcomes)] {
                  WaitAndFinish(call, pending, outcomes);
                });
              });
}

void GetTransaction(std::shared_ptr<Call> call) {
  NodeService& node = call->context->node;
  const auto id = ParseId<TransactionId>("the transaction's id", call->arguments[0]);
  const auto wait_ms = QueryNumber(call->request(), "wait_ms", 0, {0, kWaitMsMax});
  if (!id || !wait_ms) {
    call->respond(ErrorResponse(id ? wait_ms.error() : id.error()));
    return;
  }
  const auto answer = [call, id = *id](SubmitOutcome outcome) {
    NodeService& service = call->context->node;
    const Reported reported = Report(service, *service.Snapshot(), id, std::move(outcome));
    call->respond(call->request().WantsProtobuf()
                      ? ProtobufResponse(ReportedMessage(reported).SerializeAsString())
                      : JsonResponse("transaction", ReportedJson(reported)));
  };
  if (node.Snapshot()->Find(*id)) {
    answer({State::kCommitted, "", "", 0});
    return;
  }
  node.Wait({*id}, *wait_ms, [call, answer](const std::vector<SubmitOutcome>& outcomes) {
    const SubmitOutcome outcome = outcomes.empty() ? SubmitOutcome{} : outcomes[0];
    call->context->run([answer, outcome] { answer(outcome); });
  });
}

}  // namespace beian::api
