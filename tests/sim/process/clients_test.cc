#include "sim/process/clients.h"

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::IsEmpty;

const TimeMs kWall = Root().time + 10'000;

class ClientsTest : public ::testing::Test {
 protected:
  static Options OneFiling() {
    Options options;
    options.filings = 1;
    options.providers = 1;
    options.reviewed_per_mille = 1000;
    options.faulty_ms = 1;
    return options;
  }
  /// Acts until something is submitted.
  Submission Next(TimeMs wall = kWall) {
    for (;;) {
      now_ms_ += 100;
      CHECK(now_ms_ < 1'000'000);
      const auto submissions = clients_.Act(now_ms_, wall, {&store_, nullptr});
      if (!submissions.empty()) return submissions.front();
    }
  }
  /// A block at `time` with that transaction, executed for real.
  void Commit(const std::vector<TransactionPtr>& transactions, TimeMs time) {
    const Header parent = store_.Tip();
    Header header = Child(parent, parent.view.value() + 1);
    header.time = time;
    auto execution = Execute(FourValidators().genesis, store_, time, header.height, transactions);
    header.tx_count = static_cast<uint32_t>(transactions.size());
    SetRoots(*execution, header);
    CHECK(store_.Commit({Block::Make(header, transactions),
                         std::make_shared<Execution>(*execution), {}}).has_value());
  }

  Findings findings_;
  RegisterChecker checker_{findings_};
  MemoryStore store_{FourValidators().genesis};
  Clients clients_{FourValidators(), OneFiling(), Random(1), checker_, findings_};
  uint64_t now_ms_ = 0;
};

TEST_F(ClientsTest, BringAFilingFromItsSubmissionToItsCode) {
  for (uint64_t step = 1; step <= 4; ++step) {
    ASSERT_FALSE(clients_.AllDone());
    Commit({Next().transaction}, kWall + step);
  }
  clients_.Act(now_ms_ + 10'000, kWall, {&store_, nullptr});
  EXPECT_TRUE(clients_.AllDone());
  EXPECT_THAT(Broken(findings_), IsEmpty());
  size_t codes = 0;
  for (const auto& [key, value] : store_.records()) {
    const auto record = FilingRecord::Decode(value);
    codes += record && record->code ? 1 : 0;
  }
  EXPECT_EQ(codes, 2u) << "the filing under its id and under its code";
}

TEST_F(ClientsTest, SubmitTheSameTransactionAgainWhenNothingIsHeard) {
  const Submission first = Next();
  const uint64_t sent = now_ms_;
  EXPECT_EQ(Next().transaction, first.transaction);
  EXPECT_GE(now_ms_, sent + 5'000);
}

TEST_F(ClientsTest, TurnToAnotherValidatorSoonWhenRefused) {
  const Submission first = Next();
  const uint64_t sent = now_ms_;
  clients_.OnResult(first.token, {MempoolVerdict::kPoolFull}, now_ms_);
  EXPECT_EQ(Next().transaction, first.transaction);
  EXPECT_LT(now_ms_, sent + 3'000);
}

TEST_F(ClientsTest, SignAnewOnlyWhenAFinalBlockIsLaterThanTheExpiry) {
  const Submission first = Next();
  Commit({}, first.transaction->expiry());
  EXPECT_EQ(Next().transaction, first.transaction);
  Commit({}, first.transaction->expiry() + 1);
  EXPECT_NE(Next().transaction->id(), first.transaction->id());
  Commit({first.transaction}, first.transaction->expiry());
  EXPECT_THAT(Broken(findings_), IsEmpty());
}

}  // namespace
}  // namespace beian::sim
