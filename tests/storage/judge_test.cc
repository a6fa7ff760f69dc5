#include "tests/storage/judge.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "node/store/rocks_schema.h"
#include "tests/storage/children.h"
#include "tests/storage/ground.h"

namespace beian::storage {
namespace {

/// The judge would find what must not be.
class JudgeTest : public testing::Test {
 protected:
  /// Of a copy of `base`, in a child.
  Outcome OutcomeOf(const std::string& base, const std::vector<Bytes>& answers,
                    const Promised& promised) {
    CopyDirectory(base, copy());
    const auto end = RunChild(ground_.folder(), [&] {
      return static_cast<int>(Judge(copy(), ground_.truth(), answers, promised).outcome);
    });
    return end.exit_code < 0 ? end.verdict.outcome : static_cast<Outcome>(end.exit_code);
  }
  std::string copy() const { return ground_.folder() + "/copy"; }

  const Ground ground_;
  const Promised all_{ground_.truth().records().size(), ground_.truth().height(), false, false};
  const uint64_t begun_records_ = ground_.truth().RecordsAt(Ground::kBegunBlocks);
};

TEST_F(JudgeTest, FindsUndamagedDataIntact) {
  EXPECT_EQ(OutcomeOf(ground_.killed(), ground_.answers(), all_), Outcome::kIntact);
  EXPECT_EQ(OutcomeOf(ground_.ended(), ground_.answers(), all_), Outcome::kIntact);
}

TEST_F(JudgeTest, MissesAPromisedVote) {
  const Promised blocks_only{begun_records_, Ground::kBegunBlocks, false, false};
  EXPECT_EQ(OutcomeOf(ground_.begun(), ground_.answers(), blocks_only), Outcome::kIntact);
  Promised one_more = blocks_only;
  ++one_more.records;
  EXPECT_EQ(OutcomeOf(ground_.begun(), ground_.answers(), one_more), Outcome::kLost);
}

TEST_F(JudgeTest, MissesAPromisedBlock) {
  const Promised promised{begun_records_, Ground::kBegunBlocks + 1, false, false};
  EXPECT_EQ(OutcomeOf(ground_.begun(), ground_.answers(), promised), Outcome::kLost);
}

TEST_F(JudgeTest, MissesAnAnswer) {
  auto answers = ground_.answers();
  answers.back().back() = static_cast<char>(answers.back().back() ^ 1);
  EXPECT_EQ(OutcomeOf(ground_.killed(), answers, all_), Outcome::kLost);
}

TEST_F(JudgeTest, CondemnsALogThatVotesThoughItWasLost) {
  Promised promised = all_;
  promised.log_named = true;
  EXPECT_EQ(OutcomeOf(ground_.killed(), ground_.answers(), promised), Outcome::kLost);
  EXPECT_EQ(OutcomeOf(ground_.hurt(), ground_.answers(), promised), Outcome::kMute);
}

TEST(Children, HaveTheVerdictOfTheirDeath) {
  const TempDirectory folder;
  const auto verdicts = RunCases(
      folder.path(), {0, 1, 2, 3, 4}, 2, [](size_t number, const std::string&) -> Verdict {
        if (number == 1) std::abort();
        if (number == 2) rocks::StoreFailure("a row is damaged");
        if (number == 3) ::_exit(0);
        return {Outcome::kIntact, "as it was"};
      });
  EXPECT_EQ(verdicts[0].outcome, Outcome::kIntact);
  EXPECT_EQ(verdicts[0].detail, "as it was");
  EXPECT_EQ(verdicts[1].outcome, Outcome::kCrashed);
  EXPECT_EQ(verdicts[2].outcome, Outcome::kEnded);
  EXPECT_EQ(verdicts[3].outcome, Outcome::kCrashed) << "no verdict is no good one";
  EXPECT_EQ(verdicts[4].outcome, Outcome::kIntact) << "the case after a death is tried";
}

}  // namespace
}  // namespace beian::storage
