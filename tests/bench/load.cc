#include "tests/bench/load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <span>
#include <thread>

#include "beian/v1/api.pb.h"
#include "client/sdk/client.h"
#include "client/sdk/http_client.h"
#include "ledger/crypto/hash.h"
#include "tests/support/fixture.h"

namespace beian::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr uint64_t kExpiryMs = 540'000;
constexpr uint32_t kWaitMs = 30'000;

double MsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

TimeMs Expiry() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return TimeMs(std::chrono::duration_cast<std::chrono::milliseconds>(now).count() + kExpiryMs);
}

double Percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(share * values.size()))];
}

v1::Action SubmitAction(uint64_t provider) {
  v1::Action action;
  *action.mutable_submit()->mutable_filing() = ValidFiling(provider);
  return action;
}

v1::TransactionBody FreshBody(std::vector<v1::Action> actions) {
  v1::TransactionBody body;
  body.set_nonce(RandomBytes(kNonceBytes));
  body.set_expiry_ms(Expiry().value());
  for (v1::Action& action : actions) *body.add_actions() = std::move(action);
  return body;
}

/// Sends one request and answers how many of its transactions are committed; again what may be.
size_t SendBatch(client::HttpClient& http, const std::string& url,
                 std::span<const TransactionPtr> batch) {
  v1::SubmitRequest request;
  for (const TransactionPtr& transaction : batch) request.add_transactions(transaction->wire());
  request.set_wait_ms(kWaitMs);
  request.set_without_receipts(true);
  const Bytes body = request.SerializeAsString();
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto reply = http.Post(url + "/v1/transactions", body, "application/x-protobuf",
                                 "application/x-protobuf", kWaitMs + 5'000);
    if (!reply) Fail(reply.error().id);
    v1::SubmitReply parsed;
    if (!parsed.ParseFromString(reply->body) ||
        parsed.outcomes_size() != static_cast<int>(batch.size())) {
      Fail("answer " + std::to_string(reply->status) + ": " + reply->body.substr(0, 300));
    }
    size_t committed = 0;
    bool again = false;
    for (const auto& outcome : parsed.outcomes()) {
      committed += outcome.state() == v1::TRANSACTION_STATE_COMMITTED;
      again |= outcome.retry_after_ms() != 0 || outcome.state() == v1::TRANSACTION_STATE_PENDING;
      if (outcome.state() == v1::TRANSACTION_STATE_REJECTED && outcome.retry_after_ms() == 0) {
        Fail("rejected: " + outcome.error_id());
      }
    }
    if (!again) return committed;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  Fail("not committed after 100 attempts");
}

}  // namespace

std::vector<PrivateKey> MakeProviders(const Target& target, size_t count) {
  std::vector<PrivateKey> providers;
  std::vector<TransactionPtr> filings;
  const Bytes run = RandomBytes(8);
  for (size_t i = 0; i < count; ++i) {
    providers.push_back(PrivateKey::FromSeed(KeyScheme::kP256, run + std::to_string(i)));
    filings.push_back(Transaction::Sign(target.genesis.chain_id, FreshBody({SubmitAction(i)}),
                                        providers.back()));
  }
  RunLoad(target, filings, 4, 64);
  std::vector<TransactionPtr> take_ups;
  for (size_t i = 0; i < count; i += kActionsMax) {
    std::vector<v1::Action> actions;
    for (size_t j = i; j < std::min(count, i + kActionsMax); ++j) {
      actions.push_back(TakeUpAction(MakeFilingId(filings[j]->id(), 0)));
    }
    take_ups.push_back(Transaction::Sign(target.genesis.chain_id, FreshBody(std::move(actions)),
                                         target.role_keys.at("beijing")));
  }
  RunLoad(target, take_ups, 1, 4);
  return providers;
}

std::vector<TransactionPtr> SignFilings(const Target& target,
                                        const std::vector<PrivateKey>& providers, size_t count) {
  return SignBulk(target, providers, count, 1);
}

std::vector<TransactionPtr> SignBulk(const Target& target, const std::vector<PrivateKey>& providers,
                                     size_t count, size_t actions) {
  std::vector<TransactionPtr> transactions;
  for (size_t i = 0; i < count; ++i) {
    const size_t provider = i % providers.size();
    transactions.push_back(
        Transaction::Sign(target.genesis.chain_id,
                          FreshBody(std::vector<v1::Action>(actions, SubmitAction(provider))),
                          providers[provider]));
  }
  return transactions;
}

Result RunLoad(const Target& target, const std::vector<TransactionPtr>& transactions,
               size_t connections, size_t batch) {
  std::atomic<size_t> next{0};
  std::atomic<size_t> committed{0};
  std::mutex mutex;
  std::vector<double> latencies;
  const auto start = Clock::now();
  auto sender = [&](size_t index) {
    client::HttpClient http;
    const std::string& url = target.nodes[index % target.nodes.size()].url;
    std::vector<double> own;
    for (;;) {
      const size_t first = next.fetch_add(batch);
      if (first >= transactions.size()) break;
      const size_t size = std::min(batch, transactions.size() - first);
      const auto sent = Clock::now();
      const size_t done = SendBatch(http, url, std::span(transactions).subspan(first, size));
      own.insert(own.end(), done, MsSince(sent));
      committed += done;
    }
    const std::lock_guard lock(mutex);
    latencies.insert(latencies.end(), own.begin(), own.end());
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < connections; ++i) threads.emplace_back(sender, i);
  for (std::thread& thread : threads) thread.join();
  Result result;
  result.seconds = MsSince(start) / 1000;
  if (committed != transactions.size()) Fail("some transactions were not committed");
  for (const TransactionPtr& transaction : transactions) {
    result.filings += static_cast<uint64_t>(transaction->body().actions_size());
  }
  result.per_second = static_cast<double>(result.filings) / result.seconds;
  result.p50_ms = Percentile(latencies, 0.5);
  result.p99_ms = Percentile(latencies, 0.99);
  return result;
}

Result RunSingle(const Target& target, const std::vector<TransactionPtr>& transactions) {
  client::Client client(target.genesis, {target.nodes[0].url});
  std::vector<double> latencies;
  const auto start = Clock::now();
  for (const TransactionPtr& transaction : transactions) {
    const auto sent = Clock::now();
    const auto results = client.Submit(std::span(&transaction, 1), {});
    if (!results) Fail(results.error().id);
    if (results->front().state != client::SubmitResult::State::kCommitted) {
      Fail("not committed: " + results->front().error_id);
    }
    latencies.push_back(MsSince(sent));
  }
  Result result;
  result.seconds = MsSince(start) / 1000;
  result.filings = transactions.size();
  result.per_second = static_cast<double>(result.filings) / result.seconds;
  result.p50_ms = Percentile(latencies, 0.5);
  result.p99_ms = Percentile(latencies, 0.99);
  return result;
}

}  // namespace beian::bench
