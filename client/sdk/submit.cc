#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "beian/v1/api.pb.h"
#include "client/sdk/client.h"
#include "client/sdk/reply.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

/// The part of the time left that a node keeps for its answer instead of waiting.
constexpr uint64_t kAnswerShare = 4;

using Clock = std::chrono::steady_clock;

uint64_t MsSince(Clock::time_point start) {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count());
}

void SleepMs(uint64_t ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

ClientError OtherChain(std::string_view url) {
  return {std::string(VerifyErrorId(VerifyError::kWrongChain)),
          "The node is of another chain than the genesis file; nothing was submitted.",
          std::string(url),
          "Give the nodes and the genesis file of one chain.",
          "beian config show",
          Exit::kUnchecked,
          0};
}

/// Refusals that say nothing about the transaction itself: another node, or the same one later.
bool IsTransient(const v1::TransactionOutcome& outcome) {
  return outcome.retry_after_ms() > 0;
}

}  // namespace

ClientError UnknownTransaction(const TransactionId& id) {
  return {std::string(kUnknownTransactionId),
          "No node that answers knows this transaction.",
          id.hex(),
          "Check the id for typing errors; submit again when it was yours.",
          "",
          Exit::kNotFound,
          0};
}

struct Client::Pending {
  TransactionPtr transaction;
  SubmitResult* result = nullptr;
  uint64_t retry_after_ms = 0;
  std::string refused_by = {};  ///< a node that refused it for good, as it says
  bool done = false;
};

/// A transaction's id depends on its chain: a node of another one sees other transactions in the
/// same octets, and takes none.
bool Client::SpeaksOfOthers(const v1::SubmitReply& message, const std::vector<Pending>& chunk) {
  return !message.outcomes().empty() &&
         std::ranges::none_of(message.outcomes(), [&](const v1::TransactionOutcome& outcome) {
           return std::ranges::any_of(chunk, [&](const Pending& pending) {
             return pending.transaction->id().view() == outcome.id();
           });
         });
}

/// Believes a commit only with a receipt that verifies; refusals and expiry are the node's word.
void Client::Adopt(const v1::SubmitReply& message, std::vector<Pending>& chunk) {
  for (const v1::TransactionOutcome& outcome : message.outcomes()) {
    const auto pending = std::find_if(chunk.begin(), chunk.end(), [&](const Pending& candidate) {
      return candidate.transaction->id().view() == outcome.id();
    });
    if (pending == chunk.end() || pending->done) continue;
    SubmitResult& result = *pending->result;
    pending->retry_after_ms = std::min(outcome.retry_after_ms(), kRetryPauseMsMax);
    switch (outcome.state()) {
      case v1::TRANSACTION_STATE_COMMITTED: {
        const auto receipt = DecodeReceipt(outcome.receipt(), genesis_.validators.size());
        auto verified = receipt ? VerifyReceipt(*receipt, genesis_, result.id)
                                : std::unexpected(WhyRefused(outcome.receipt(), genesis_.chain_id));
        if (!verified) {
          RememberLiar(preferred_, verified.error());
          break;
        }
        result.state = SubmitResult::State::kCommitted;
        result.error_id.clear();
        result.remedy.clear();
        result.receipt = *std::move(verified);
        result.receipt_octets = outcome.receipt();
        pending->done = true;
        break;
      }
      case v1::TRANSACTION_STATE_REJECTED:
        result.error_id = Printable(outcome.error_id());
        result.remedy = Printable(outcome.remedy());
        if (!IsTransient(outcome)) pending->refused_by = nodes_[preferred_];
        break;
      case v1::TRANSACTION_STATE_EXPIRED:
        AdoptExpiry(result);
        pending->done = true;
        break;
      case v1::TRANSACTION_STATE_PENDING:
        result.may_be_known = true;
        result.error_id.clear();
        result.remedy.clear();
        break;
      default:
        break;
    }
  }
}

/// Once every node was asked: what some refuse and none has is refused.
void Client::AdoptRefusals(std::vector<Pending>& chunk) {
  for (Pending& pending : chunk) {
    if (pending.done || pending.refused_by.empty() || pending.result->may_be_known) continue;
    pending.result->state = SubmitResult::State::kRejected;
    pending.result->node = pending.refused_by;
    pending.done = true;
  }
}

/// That it is in no block is one node's word: the others are asked before it is repeated.
void Client::AdoptExpiry(SubmitResult& result) {
  auto known = AskTransaction(result.id, 0);
  if (known && known->state == SubmitResult::State::kCommitted) {
    result = *std::move(known);
  } else {
    result.state = SubmitResult::State::kExpired;
  }
}

std::expected<void, ClientError> Client::SubmitOnce(std::vector<Pending>& chunk,
                                                    const Patience& patience) {
  v1::SubmitRequest request;
  request.set_wait_ms(static_cast<uint32_t>(patience.wait_ms));
  for (Pending& pending : chunk) {
    pending.retry_after_ms = 0;
    if (!pending.done) request.add_transactions(pending.transaction->wire());
  }
  const std::string url = nodes_[preferred_] + "/v1/transactions";
  const auto reply = connections_[preferred_].Post(url, request.SerializeAsString(), kProtobufType,
                                                   kProtobufType,
                                                   patience.wait_ms + patience.answer_ms);
  if (!reply) {
    // Without an answer nobody knows whether the node took them.
    if (connections_[preferred_].sent()) {
      may_have_sent_ = true;
      for (const Pending& pending : chunk) pending.result->may_be_known |= !pending.done;
    }
    return std::unexpected(NotReached(preferred_, reply.error()));
  }
  if (!IsProtobuf(*reply)) return std::unexpected(ErrorOfReply(*reply, url));
  v1::SubmitReply message;
  if (!message.ParseFromString(reply->body)) return std::unexpected(BadReplyError(url));
  if (SpeaksOfOthers(message, chunk)) return std::unexpected(OtherChain(url));
  may_have_sent_ = true;
  Adopt(message, chunk);
  return {};
}

std::expected<void, ClientError> Client::SubmitChunk(std::vector<Pending>& chunk,
                                                     const SubmitOptions& options) {
  const auto start = Clock::now();
  const uint64_t time_ms = std::min(options.timeout_ms, LeftMs());
  std::optional<ClientError> last_error;
  bool sent = false;
  uint64_t pause_ms = kRetryPauseMs;
  for (size_t asked = 1;; ++asked) {
    const uint64_t left_ms = time_ms - std::min(time_ms, MsSince(start));
    const uint64_t wait_ms =
        options.wait ? std::min(left_ms - left_ms / kAnswerShare, kSubmitWaitMs) : 0;
    const auto answered = SubmitOnce(
        chunk, {wait_ms, ShareMs(kRequestTimeoutMs, left_ms - wait_ms, nodes_.size())});
    if (answered) {
      sent = true;
    } else {
      last_error = answered.error();
      const bool refused = last_error->exit != Exit::kUnreachable && !last_error->retry_after_ms;
      if (refused && asked >= nodes_.size()) break;
    }
    if (asked >= nodes_.size()) AdoptRefusals(chunk);
    const auto open = std::count_if(chunk.begin(), chunk.end(),
                                    [](const Pending& pending) { return !pending.done; });
    uint64_t asked_ms = last_error && !answered ? last_error->retry_after_ms : 0;
    for (const Pending& pending : chunk) asked_ms = std::max(asked_ms, pending.retry_after_ms);
    const bool refused_by_some =
        std::ranges::any_of(chunk, [](const Pending& pending) {
          return !pending.done && !pending.refused_by.empty() && !pending.result->may_be_known;
        });
    if (open == 0 || (!options.wait && answered && asked_ms == 0 && !refused_by_some)) return {};
    if (stop_() || MsSince(start) + std::max(asked_ms, pause_ms) >= time_ms) break;
    preferred_ = (preferred_ + 1) % nodes_.size();
    const bool refused = !answered || asked_ms > 0;
    if (refused) {
      SleepMs(std::max(asked_ms, pause_ms));
      pause_ms = std::min(pause_ms * 2, kRetryPauseMsMax);
    }
  }
  AdoptRefusals(chunk);
  if (!sent && last_error) return std::unexpected(*std::move(last_error));
  return {};
}

std::expected<std::vector<SubmitResult>, ClientError> Client::Submit(
    std::span<const TransactionPtr> transactions, const SubmitOptions& options) {
  std::vector<SubmitResult> results(transactions.size());
  size_t next = 0;
  while (next < transactions.size()) {
    std::vector<Pending> chunk;
    size_t bytes = 0;
    while (next < transactions.size() && chunk.size() < kSubmitChunkTransactions) {
      bytes += transactions[next]->wire().size();
      if (bytes > kSubmitChunkBytes && !chunk.empty()) break;
      results[next].id = transactions[next]->id();
      chunk.push_back({transactions[next], &results[next]});
      ++next;
    }
    const auto submitted = SubmitChunk(chunk, options);
    if (!submitted) return std::unexpected(submitted.error());
  }
  return results;
}

std::expected<SubmitResult, ClientError> Client::GetTransaction(const TransactionId& id,
                                                                uint64_t wait_ms) {
  // First without waiting, so that a node that has it is found before any is waited for.
  auto found = AskTransaction(id, 0);
  const bool pending = found && found->state == SubmitResult::State::kPending;
  return pending && wait_ms > 0 ? AskTransaction(id, wait_ms) : found;
}

std::expected<SubmitResult, ClientError> Client::AskTransaction(const TransactionId& id,
                                                                uint64_t wait_ms) {
  SubmitResult result;
  result.id = id;
  bool expired = false;
  bool pending = false;
  const std::string path = fmt::format("/v1/transactions/{}?wait_ms={}", id.hex(), wait_ms);
  const auto judge = [&](const HttpReply& reply, size_t node) -> std::optional<ClientError> {
    v1::TransactionOutcome outcome;
    if (!IsProtobuf(reply)) return ErrorOfReply(reply, nodes_[node] + path);
    if (!outcome.ParseFromString(reply.body)) return BadReplyError(nodes_[node] + path);
    // Without a proof these are one node's word: another one may have the receipt.
    expired |= outcome.state() == v1::TRANSACTION_STATE_EXPIRED;
    pending |= outcome.state() == v1::TRANSACTION_STATE_PENDING;
    const bool waited = wait_ms > 0 && outcome.state() == v1::TRANSACTION_STATE_PENDING;
    if (waited) return std::nullopt;
    if (outcome.state() != v1::TRANSACTION_STATE_COMMITTED) return UnknownTransaction(id);
    const auto receipt = DecodeReceipt(outcome.receipt(), genesis_.validators.size());
    auto verified = receipt ? VerifyReceipt(*receipt, genesis_, id)
                            : std::unexpected(WhyRefused(outcome.receipt(), genesis_.chain_id));
    if (!verified) {
      RememberLiar(node, verified.error());
      return BadProofError(verified.error(), nodes_[node] + path);
    }
    result.state = SubmitResult::State::kCommitted;
    result.receipt = *std::move(verified);
    result.receipt_octets = outcome.receipt();
    return std::nullopt;
  };
  const auto answer = Ask(path, kProtobufType, {wait_ms, kRequestTimeoutMs}, judge);
  if (answer) return result;
  const bool told = expired || pending;
  if (!told && answer.error().id != kUnknownTransactionId) {
    return std::unexpected(answer.error());
  }
  result.state = pending   ? SubmitResult::State::kPending
                 : expired ? SubmitResult::State::kExpired
                           : SubmitResult::State::kUnknown;
  return result;
}

}  // namespace beian::client
