#include "node/runtime/commit_waiters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/support/test_chain.h"

namespace beian {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using State = SubmitOutcome::State;

constexpr uint64_t kLong = 60'000;

/// Waiters of a node whose commits a test makes.
class CommitWaitersTest : public testing::Test {
 protected:
  CommitWaitersTest()
      : waiters_(io_, [this](const TransactionId& id) {
          return SubmitOutcome{committed_.contains(id) ? State::kCommitted : State::kPending, "",
                               "", 0};
        }) {}
  /// What its waiter was told so far stands in `answers_[name]`.
  void Wait(int name, std::vector<TransactionPtr> transactions, uint64_t timeout_ms) {
    std::vector<TransactionId> ids;
    for (const TransactionPtr& transaction : transactions) ids.push_back(transaction->id());
    waiters_.Add(std::move(ids), timeout_ms, [this, name](std::vector<SubmitOutcome> outcomes) {
      for (const SubmitOutcome& outcome : outcomes) answers_[name].push_back(outcome.state);
    });
  }
  void Commit(const std::vector<TransactionPtr>& transactions) {
    for (const TransactionPtr& transaction : transactions) committed_.insert(transaction->id());
    waiters_.OnCommitted(transactions);
  }

  TestChain chain_;
  const TransactionPtr first_ = chain_.Submit(1);
  const TransactionPtr second_ = chain_.Submit(2);
  asio::io_context io_;
  std::set<TransactionId> committed_;
  std::map<int, std::vector<State>> answers_;
  CommitWaiters waiters_;
};

TEST_F(CommitWaitersTest, AnswersWhenTheLastOfThemIsCommitted) {
  Wait(1, {first_, second_}, kLong);
  Commit({first_});
  EXPECT_THAT(answers_, IsEmpty());
  Commit({second_});
  EXPECT_THAT(answers_[1], ElementsAre(State::kCommitted, State::kCommitted));
  EXPECT_EQ(waiters_.size(), 0u);
}

TEST_F(CommitWaitersTest, AnswersAtTheDeadlineWithWhatIsKnown) {
  Wait(1, {first_, second_}, 1);
  Commit({first_});
  io_.run();
  EXPECT_THAT(answers_[1], ElementsAre(State::kCommitted, State::kPending));
}

TEST_F(CommitWaitersTest, AnswersTheOldestToMakeRoomForTheNext) {
  for (size_t i = 0; i < kWaitersMax; ++i) Wait(static_cast<int>(i), {first_}, kLong);
  EXPECT_THAT(answers_, IsEmpty());
  Wait(-1, {first_, second_}, kLong);
  EXPECT_THAT(answers_, ElementsAre(testing::Pair(0, ElementsAre(State::kPending))));
  Wait(-2, {second_}, kLong);
  EXPECT_THAT(answers_[1], ElementsAre(State::kPending));
  EXPECT_EQ(waiters_.size(), kWaitersMax);
  Commit({first_, second_});
  EXPECT_EQ(answers_.size(), kWaitersMax + 2);
  EXPECT_THAT(answers_[0], ElementsAre(State::kPending)) << "answered once";
  EXPECT_THAT(answers_[-1], ElementsAre(State::kCommitted, State::kCommitted));
}

TEST_F(CommitWaitersTest, ForgetsWhatAnAnsweredOneWaitedFor) {
  Wait(1, {first_, second_}, 1);
  io_.run();
  EXPECT_EQ(waiters_.awaited(), 0u) << "its deadline came";
  for (size_t i = 0; i <= kWaitersMax; ++i) Wait(2, {first_, second_}, kLong);
  EXPECT_EQ(waiters_.awaited(), 2 * kWaitersMax) << "the oldest made room";
  Commit({first_, second_});
  EXPECT_EQ(waiters_.awaited(), 0u);
}

TEST_F(CommitWaitersTest, TakesNoPlaceWhenThereIsNothingToWaitFor) {
  for (size_t i = 0; i < kWaitersMax; ++i) Wait(static_cast<int>(i), {first_}, kLong);
  committed_.insert(second_->id());
  Wait(-1, {second_}, kLong);
  Wait(-2, {first_}, 0);
  EXPECT_EQ(answers_.size(), 2u);
  EXPECT_THAT(answers_[-1], ElementsAre(State::kCommitted));
  EXPECT_THAT(answers_[-2], ElementsAre(State::kPending));
}

}  // namespace
}  // namespace beian
