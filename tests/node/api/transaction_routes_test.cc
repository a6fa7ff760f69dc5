#include <chrono>
#include <thread>

#include "node/api/route_table.h"
#include "tests/node/api/api_fixture.h"

namespace beian {
namespace {

using nlohmann::json;
using TransactionRoutesTest = ApiFixture;

TEST_F(TransactionRoutesTest, AnswersASubmissionWithReceiptsThatVerify) {
  node_.instant = true;
  const std::vector<TransactionPtr> all = {node_.chain().Submit(1), node_.chain().Submit(2)};
  const ProbeReply reply =
      Post(port_, "/v1/transactions", kProtobuf, SubmitBody(all, 5'000), kProtobuf);
  ASSERT_EQ(reply.status, 200);
  v1::SubmitReply message;
  ASSERT_TRUE(message.ParseFromString(reply.body));
  ASSERT_EQ(message.outcomes_size(), 2);
  for (int i = 0; i < 2; ++i) {
    const v1::TransactionOutcome& outcome = message.outcomes(i);
    EXPECT_EQ(outcome.id(), all[i]->id().view());
    EXPECT_EQ(outcome.state(), v1::TRANSACTION_STATE_COMMITTED);
    EXPECT_TRUE(CheckReceipt(outcome.receipt(), all[i]->id()).result.AnyAccepted());
  }
}

TEST_F(TransactionRoutesTest, AnswersAJsonSubmissionOnceItCommits) {
  const auto transaction = node_.chain().Submit(1);
  std::thread committer([this] {
    while (node_.pending() == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    node_.CommitPending();
  });
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 8'000));
  committer.join();
  ASSERT_EQ(reply.status, 200) << reply.body;
  const json outcome = json::parse(reply.body)["outcomes"][0];
  EXPECT_EQ(outcome["state"], "committed");
  EXPECT_EQ(outcome["height"], 1);
  EXPECT_EQ(outcome["results"][0]["accepted"], true);
  CheckReceipt(Octets(outcome["receipt"]), transaction->id());
}

TEST_F(TransactionRoutesTest, AnswersPendingWith202WithoutWaiting) {
  const auto transaction = node_.chain().Submit(1);
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 0));
  EXPECT_EQ(reply.status, 202);
  const json body = json::parse(reply.body);
  EXPECT_EQ(body["schema"], "beian.outcomes.v1");
  EXPECT_EQ(body["outcomes"][0]["state"], "pending");
  EXPECT_EQ(body["outcomes"][0]["id"], transaction->id().hex());
}

TEST_F(TransactionRoutesTest, AnswersPendingAtTheDeadline) {
  const auto transaction = node_.chain().Submit(1);
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 50));
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(json::parse(reply.body)["outcomes"][0]["state"], "pending");
}

TEST_F(TransactionRoutesTest, KeepsNoBodyOfASubmissionThatWaits) {
  HttpRequest http;
  http.method = HttpRequest::Method::kPost;
  http.content_type = kProtobuf;
  http.body = SubmitBody({node_.chain().Submit(1)}, 60'000);
  const auto context = std::make_shared<api::Context>(node_);
  context->run = [](const std::function<void()>& task) { task(); };
  std::atomic<int> status = 0;
  const auto call = std::make_shared<api::Call>(
      api::Call{context, std::move(http), {}, {}, [&](const HttpResponse& response) {
                  status = response.status;
                }});
  api::SubmitTransactions(call);
  while (node_.waiting() == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(call->http.body.capacity(), std::string().capacity());
  node_.CommitPending();
  while (status == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(status, 200);
}

TEST_F(TransactionRoutesTest, NeverAnswersARejectedTransactionOk) {
  const auto good = node_.chain().Submit(1);
  Bytes forged = node_.chain().Submit(2)->wire();
  forged.back() = static_cast<char>(forged.back() ^ 1);
  const auto bad = Transaction::Parse(node_.genesis().chain_id, forged);
  ASSERT_TRUE(bad.has_value());
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody({good, *bad}, 0));
  EXPECT_EQ(reply.status, 422);
  const json outcomes = json::parse(reply.body)["outcomes"];
  EXPECT_EQ(outcomes[0]["state"], "pending");
  EXPECT_EQ(outcomes[1]["state"], "rejected");
  EXPECT_EQ(outcomes[1]["error_id"], "transaction.bad_signature");
}

TEST_F(TransactionRoutesTest, SaysWhenToRetryWhenThePoolIsFull) {
  std::vector<TransactionPtr> all;
  for (uint64_t salt = 1; salt <= 4; ++salt) {
    all.push_back(node_.chain().Submit(salt));
  }
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody(all, 0));
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.headers.at("retry-after"), "2");
  const json last = json::parse(reply.body)["outcomes"][3];
  EXPECT_EQ(last["error_id"], "mempool.full");
  EXPECT_EQ(last["retry_after_ms"], 1'500);
}

TEST_F(TransactionRoutesTest, AnswersTheSameSubmissionAgainFromTheStore) {
  const auto transaction = node_.chain().Submit(1);
  node_.Commit({transaction});
  const ProbeReply reply = Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 0));
  EXPECT_EQ(reply.status, 200);
  CheckReceipt(Octets(json::parse(reply.body)["outcomes"][0]["receipt"]), transaction->id());
}

TEST_F(TransactionRoutesTest, TellsWhatBecameOfATransaction) {
  const auto transaction = node_.chain().Submit(1);
  const std::string target = "/v1/transactions/" + transaction->id().hex();
  EXPECT_EQ(GetJson(target)["state"], "unknown");
  Post(port_, "/v1/transactions", kJson, JsonBody({transaction}, 0));
  EXPECT_EQ(GetJson(target)["state"], "pending");
  std::thread committer([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    node_.CommitPending();
  });
  const json waited = GetJson(target + "?wait_ms=8000");
  committer.join();
  EXPECT_EQ(waited["state"], "committed");
  CheckReceipt(Octets(waited["receipt"]), transaction->id());
  v1::TransactionOutcome outcome;
  ASSERT_TRUE(outcome.ParseFromString(Get(port_, target, kProtobuf).body));
  EXPECT_EQ(outcome.state(), v1::TRANSACTION_STATE_COMMITTED);
  CheckReceipt(outcome.receipt(), transaction->id());
}

TEST_F(TransactionRoutesTest, ShowsTheResultsOfEachActionOfACommittedTransaction) {
  const FilingId filing = node_.CommitFiling(1);
  const auto transaction = node_.chain().Sign({ApproveAction(filing), TakeUpAction(filing)},
                                              node_.chain().fixture().office("11"));
  node_.Commit({transaction});
  const json results = GetJson("/v1/transactions/" + transaction->id().hex())["results"];
  EXPECT_EQ(results[0]["accepted"], false);
  EXPECT_EQ(results[0]["error_id"], "filing.not_authorised");
  EXPECT_FALSE(results[0]["remedy"].get<std::string>().empty());
  EXPECT_EQ(results[1]["accepted"], true);
}

}  // namespace
}  // namespace beian
