#include "sim/run.h"

#include <set>

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

std::string Story(const Outcome& outcome, const Options& options) {
  std::string story = options.Describe();
  for (const Finding& finding : outcome.findings) {
    story += "\n" + finding.invariant + ": " + finding.what;
  }
  return story;
}

/// Invariants that a canary broke in the first so many seeds.
std::set<std::string> FoundBy(Canary canary, uint64_t seeds) {
  std::set<std::string> broken;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Options options = DrawOptions(seed, 4);
    options.dishonest = 0;
    options.canary = canary;
    for (const Finding& finding : RunSeed(FourValidators(), {options}).findings) {
      broken.insert(finding.invariant);
    }
  }
  return broken;
}

using ::testing::Contains;
using ::testing::Not;
using ::testing::IsEmpty;

TEST(RunSeed, FourValidatorsKeepEveryPromiseUnderFaults) {
  uint64_t codes = 0;
  uint64_t reentries = 0;
  for (uint64_t seed = 0; seed < 16; ++seed) {
    const Options options = DrawOptions(seed, 4);
    const Outcome outcome = RunSeed(FourValidators(), {options});
    EXPECT_TRUE(outcome.findings.empty()) << Story(outcome, options);
    EXPECT_GE(outcome.filings, options.filings) << "every filing reached the register";
    codes += outcome.codes;
    reentries += outcome.statistics.reentries;
  }
  EXPECT_GT(codes, 0u);
  EXPECT_GT(reentries, 0u);
}

TEST(RunSeed, OtherSizesKeepThemToo) {
  for (size_t nodes : {1, 2, 3, 5, 7}) {
    const Chain chain = MakeChain(nodes);
    for (uint64_t seed = 0; seed < 3; ++seed) {
      const Options options = DrawOptions(seed, nodes);
      const Outcome outcome = RunSeed(chain, {options});
      EXPECT_TRUE(outcome.findings.empty()) << Story(outcome, options);
    }
  }
}

TEST(RunSeed, KeepsEveryPromiseWithADishonestValidatorOfEveryKind) {
  uint64_t evidence = 0;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastStrategy); ++i) {
    for (uint64_t seed = 100; seed < 104; ++seed) {
      Options options = DrawOptions(seed, 4);
      options.dishonest = 1;
      options.strategy = static_cast<Strategy>(i);
      options.filings = 12;
      const Outcome outcome = RunSeed(FourValidators(), {options});
      EXPECT_TRUE(outcome.findings.empty()) << Story(outcome, options);
      evidence += outcome.statistics.evidence;
    }
  }
  EXPECT_GT(evidence, 0u) << "and the guilty are named";
}

TEST(RunTwice, TheSameSeedTakesTheSameWay) {
  for (uint64_t seed : {1, 2, 3}) {
    EXPECT_THAT(RunTwice(FourValidators(), {DrawOptions(seed, 4)}).findings, IsEmpty());
  }
}

TEST(RunTwice, FindsASecondRunThatGoesAnotherWay) {
  Options options = DrawOptions(1, 4);
  options.canary = Canary::kCoin;
  const Outcome outcome = RunTwice(FourValidators(), {options});
  ASSERT_EQ(outcome.findings.size(), 1u);
  EXPECT_EQ(outcome.findings.front().invariant, "I13");
}

TEST(RunSeed, TracesEveryStep) {
  size_t lines = 0;
  const Options options = DrawOptions(1, 4);
  const Outcome outcome =
      RunSeed(FourValidators(), {options, false, [&](const Traced&) { ++lines; }});
  EXPECT_GT(lines, outcome.statistics.events);
}

TEST(Canaries, ADiskThatPretendsToSyncLeadsToASecondVote) {
  EXPECT_THAT(FoundBy(Canary::kSyncLies, 40), Contains("I2"));
}

TEST(Canaries, SendingBeforeSyncingIsFound) {
  EXPECT_THAT(FoundBy(Canary::kSendBeforeSync, 5), Contains("I6"));
}

TEST(Canaries, ALogWithoutVotesIsFound) {
  EXPECT_THAT(FoundBy(Canary::kForgetVotes, 5), Contains("I6"));
}

TEST(Canaries, ALogWithoutCertificatesIsFound) {
  EXPECT_THAT(FoundBy(Canary::kForgetCertificates, 5), Contains("I5"));
}

TEST(Canaries, ALostLogThatIsTakenForANewOneIsFound) {
  EXPECT_THAT(FoundBy(Canary::kNoReentry, 40), Not(IsEmpty()));
}

TEST(Canaries, AFloorThatIsNotOnTheDiskIsFound) {
  EXPECT_THAT(FoundBy(Canary::kForgottenFloor, 30), Contains("I6"));
}

TEST(Canaries, ACommitThatIsLeftOutIsFound) {
  EXPECT_THAT(FoundBy(Canary::kSkipCommit, 5), Contains("I3"));
}

TEST(Canaries, ARottenRecordIsFound) {
  EXPECT_THAT(FoundBy(Canary::kRottenRecord, 10), Not(IsEmpty()));
}

TEST(Canaries, AForgedSignatureIsFound) {
  EXPECT_THAT(FoundBy(Canary::kForgedSignature, 5), Contains("unforgeable"));
}

TEST(Canaries, AReplicaThatIsCutOffForGoodIsFound) {
  EXPECT_THAT(FoundBy(Canary::kNeverHeals, 2), Contains("I14"));
}

TEST(Canaries, AClusterThatDoesNotFallSilentIsFound) {
  EXPECT_THAT(FoundBy(Canary::kChatter, 2), Contains("I12"));
}

}  // namespace
}  // namespace beian::sim
