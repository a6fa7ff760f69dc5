#include <gtest/gtest.h>

#include "beian/v1/api.pb.h"
#include "client/sdk/client.h"
#include "tests/client/support/fake_node.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

using State = SubmitResult::State;

class Submitting : public testing::Test {
 protected:
  TransactionPtr Make(uint64_t salt) {
    return MakeSubmit(node_.genesis(), MakeClientKey(salt), FakeNode::Now() + 60'000, salt);
  }
  std::expected<std::vector<SubmitResult>, ClientError> Submit(
      std::vector<TransactionPtr> transactions, uint64_t timeout_ms = 20'000) {
    Client client(node_.genesis(), nodes_);
    return client.Submit(transactions, {.wait = true, .timeout_ms = timeout_ms});
  }
  FakeNode node_;
  std::vector<std::string> nodes_{node_.url()};
};

/// Says of every transaction what `state` says.
TestReply Claim(const TestRequest& request, const TransactionId& id, v1::TransactionState state) {
  v1::TransactionOutcome outcome;
  outcome.set_id(Bytes(id.view()));
  outcome.set_state(state);
  v1::SubmitReply reply;
  *reply.add_outcomes() = outcome;
  const bool asked = request.target.starts_with("/v1/transactions/");
  return {200, "application/x-protobuf",
          asked ? outcome.SerializeAsString() : reply.SerializeAsString(), false};
}

TEST_F(Submitting, IsCommittedOnlyWithAReceiptThatVerifies) {
  const TransactionPtr transaction = Make(1);
  const auto results = Submit({transaction});
  ASSERT_TRUE(results.has_value()) << results.error().message;
  EXPECT_EQ(results->at(0).state, State::kCommitted);
  ASSERT_TRUE(results->at(0).receipt.has_value());
  EXPECT_EQ(results->at(0).receipt->transaction->id(), transaction->id());
  const auto receipt = DecodeReceipt(results->at(0).receipt_octets, 4);
  EXPECT_TRUE(VerifyReceipt(*receipt, node_.genesis(), transaction->id()).has_value());
}

TEST_F(Submitting, DoesNotBelieveAForgedReceipt) {
  node_.lie = [](Bytes& octets) { octets[octets.size() - 5] ^= 1; };
  const auto results = Submit({Make(1)}, 300);
  ASSERT_TRUE(results.has_value());
  EXPECT_EQ(results->at(0).state, State::kPending);
  EXPECT_FALSE(results->at(0).receipt.has_value());
}

TEST_F(Submitting, TriesAnotherNodeAfterALiar) {
  FakeNode liar;
  liar.lie = [](Bytes& octets) { octets[octets.size() - 5] ^= 1; };
  nodes_ = {liar.url(), node_.url()};
  const auto results = Submit({Make(1)});
  ASSERT_TRUE(results.has_value());
  EXPECT_EQ(results->at(0).state, State::kCommitted);
}

TEST_F(Submitting, ANodeOfAnotherChainTakesNothingWhichIsSaid) {
  Genesis other = node_.genesis();
  other.chain_id.octets[0] ^= 1;
  Client client(other, nodes_);
  const TransactionPtr transaction =
      MakeSubmit(other, MakeClientKey(1), FakeNode::Now() + 60'000, 1);
  const auto results = client.Submit(std::vector{transaction}, {.wait = true, .timeout_ms = 300});
  ASSERT_FALSE(results.has_value());
  EXPECT_EQ(results.error().id, "verify.wrong_chain");
  EXPECT_EQ(results.error().exit, Exit::kUnchecked);
  EXPECT_FALSE(client.may_have_sent());
}

TEST_F(Submitting, SendsTheSameOctetsAgainAfterARefusalThatPasses) {
  size_t refusals = 2;
  node_.before = [&](const TestRequest&) {
    if (refusals == 0) return TestReply{0, "", "", false};
    --refusals;
    return TestReply{429, "application/json",
                     R"({"schema":"beian.error.v1","id":"node.busy","retry_after_ms":10})", false};
  };
  const auto results = Submit({Make(1)});
  ASSERT_TRUE(results.has_value());
  EXPECT_EQ(results->at(0).state, State::kCommitted);
  EXPECT_EQ(node_.submissions, 1u);
}

TEST_F(Submitting, ASecondSubmissionChangesNothing) {
  const TransactionPtr transaction = Make(1);
  ASSERT_TRUE(Submit({transaction}).has_value());
  const Header tip = node_.ledger().tip();
  const auto results = Submit({transaction});
  EXPECT_EQ(results->at(0).state, State::kCommitted);
  EXPECT_EQ(node_.ledger().tip(), tip);
}

TEST_F(Submitting, IsPendingWhenTheTimeIsOver) {
  node_.commits = false;
  const auto results = Submit({Make(1)}, 300);
  ASSERT_TRUE(results.has_value());
  EXPECT_EQ(results->at(0).state, State::kPending);
}

TEST_F(Submitting, WithoutWaitingReturnsAtOnce) {
  node_.commits = false;
  Client client(node_.genesis(), nodes_);
  const std::vector<TransactionPtr> one = {Make(1)};
  const auto results = client.Submit(one, {.wait = false, .timeout_ms = 60'000});
  ASSERT_TRUE(results.has_value());
  EXPECT_EQ(results->at(0).state, State::kPending);
  EXPECT_EQ(node_.submissions, 1u);
}

TEST_F(Submitting, ARefusalForGoodIsFinal) {
  node_.before = [](const TestRequest&) {
    return TestReply{400, "application/json",
                     R"({"schema":"beian.error.v1","id":"transaction.bad_nonce"})", false};
  };
  const auto results = Submit({Make(1)});
  ASSERT_FALSE(results.has_value());
  EXPECT_EQ(results.error().id, "transaction.bad_nonce");
}

TEST_F(Submitting, WhatOneNodeRefusesAnotherMayTake) {
  const TransactionPtr transaction = Make(1);
  FakeNode liar;
  liar.before = [&](const TestRequest& request) {
    return Claim(request, transaction->id(), v1::TRANSACTION_STATE_REJECTED);
  };
  nodes_ = {liar.url(), node_.url()};
  for (const bool wait : {true, false}) {
    Client client(node_.genesis(), nodes_);
    const std::vector<TransactionPtr> one = {transaction};
    const auto results = client.Submit(one, {.wait = wait, .timeout_ms = 20'000});
    ASSERT_TRUE(results.has_value());
    EXPECT_EQ(results->at(0).state, State::kCommitted);
    EXPECT_EQ(results->at(0).error_id, "");
  }
  nodes_ = {liar.url(), liar.url()};
  const auto refused = Submit({transaction});
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->at(0).state, State::kRejected);
  EXPECT_EQ(refused->at(0).node, liar.url());
}

TEST_F(Submitting, ReportsARejectionOfOneAmongOthers) {
  const TransactionPtr good = Make(1);
  const TransactionPtr bad = Make(2);
  node_.before = [&](const TestRequest&) {
    v1::SubmitReply reply;
    auto& outcome = *reply.add_outcomes();
    outcome.set_id(Bytes(bad->id().view()));
    outcome.set_state(v1::TRANSACTION_STATE_REJECTED);
    outcome.set_error_id("mempool.all_actions_fail");
    auto& expired = *reply.add_outcomes();
    expired.set_id(Bytes(good->id().view()));
    expired.set_state(v1::TRANSACTION_STATE_EXPIRED);
    return TestReply{422, "application/x-protobuf", reply.SerializeAsString(), false};
  };
  const auto results = Submit({good, bad});
  ASSERT_TRUE(results.has_value());
  EXPECT_EQ(results->at(0).state, State::kExpired);
  EXPECT_EQ(results->at(1).state, State::kRejected);
  EXPECT_EQ(results->at(1).error_id, "mempool.all_actions_fail");
}

TEST_F(Submitting, ManyGoInSeveralRequests) {
  std::vector<TransactionPtr> many;
  for (uint64_t salt = 0; salt < kSubmitChunkTransactions + 3; ++salt) many.push_back(Make(salt));
  const auto results = Submit(many);
  ASSERT_TRUE(results.has_value());
  for (size_t i = 0; i < many.size(); ++i) {
    EXPECT_EQ(results->at(i).id, many[i]->id());
    EXPECT_EQ(results->at(i).state, State::kCommitted);
  }
  EXPECT_EQ(node_.submissions, 2u);
}

TEST_F(Submitting, OneNodesWordDoesNotHideAnothersReceipt) {
  const TransactionPtr transaction = Make(1);
  ASSERT_TRUE(Submit({transaction}).has_value());
  for (const auto state : {v1::TRANSACTION_STATE_EXPIRED, v1::TRANSACTION_STATE_PENDING,
                           v1::TRANSACTION_STATE_REJECTED}) {
    FakeNode liar;
    liar.before = [&](const TestRequest& request) {
      return Claim(request, transaction->id(), state);
    };
    Client client(node_.genesis(), {liar.url(), node_.url()});
    EXPECT_EQ(client.GetTransaction(transaction->id(), 200)->state, State::kCommitted) << state;
  }
  FakeNode liar;
  liar.before = [&](const TestRequest& request) {
    return Claim(request, transaction->id(), v1::TRANSACTION_STATE_EXPIRED);
  };
  nodes_ = {liar.url(), node_.url()};
  EXPECT_EQ(Submit({transaction})->at(0).state, State::kCommitted);
  nodes_ = {liar.url()};
  EXPECT_EQ(Submit({transaction})->at(0).state, State::kExpired);
}

TEST_F(Submitting, AnAnswerThatDoesNotDecodeIsABadOne) {
  node_.before = [](const TestRequest&) {
    return TestReply{200, "application/x-protobuf", "\xff\xff", false};
  };
  Client client(node_.genesis(), nodes_);
  EXPECT_EQ(client.GetTransaction(Make(1)->id(), 0).error().id, "node.bad_reply");
}

TEST_F(Submitting, NobodyThereIsAnError) {
  node_.before = [](const TestRequest&) { return TestReply{200, "", "", true}; };
  const auto results = Submit({Make(1)}, 300);
  ASSERT_FALSE(results.has_value());
  EXPECT_EQ(results.error().exit, Exit::kUnreachable);
}

TEST_F(Submitting, AskingForATransactionVerifiesItsReceipt) {
  const TransactionPtr transaction = Make(1);
  Client client(node_.genesis(), nodes_);
  EXPECT_EQ(client.GetTransaction(transaction->id(), 0)->state, State::kUnknown);
  ASSERT_TRUE(Submit({transaction}).has_value());
  EXPECT_EQ(client.GetTransaction(transaction->id(), 0)->state, State::kCommitted);
  node_.lie = [](Bytes& octets) { octets[70] ^= 1; };
  EXPECT_EQ(client.GetTransaction(transaction->id(), 0).error().exit, Exit::kUnchecked);
}

}  // namespace
}  // namespace beian::client
