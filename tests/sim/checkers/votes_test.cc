#include "sim/checkers/votes.h"

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class VoteCheckerTest : public ::testing::Test {
 protected:
  void Vote(uint16_t signer, const Statement& statement) {
    checker_.OnVote(ValidatorIndex(signer), statement);
  }
  BlockId Known(const Header& header) {
    checker_.OnHeader(header);
    return header.id();
  }

  Findings findings_;
  VoteChecker checker_{Set(), Root().id(), findings_};
  const Header one_ = Child(Root(), 1);
  const BlockId a_ = Known(one_);
  const BlockId b_ = Known(Child(Root(), 1, 3'000));   // another block of view 1
};

TEST_F(VoteCheckerTest, AcceptsEveryPermittedLife) {
  Vote(0, Notarize(1, 0, a_));
  Vote(0, Finalize(1, 0, a_));
  Vote(1, Notarize(1, 0, a_));
  Vote(1, Nullify(1));
  Vote(2, Nullify(1));
  Vote(3, Finalize(1, 0, a_));
  Vote(3, Finalize(1, 0, a_));   // repeated
  EXPECT_THAT(Broken(findings_), IsEmpty());
  EXPECT_EQ(checker_.votes(), 6u);
}

TEST_F(VoteCheckerTest, FindsTwoDifferentNotarizeOfOneValidator) {
  Vote(0, Notarize(1, 0, a_));
  Vote(0, Notarize(1, 0, b_));
  EXPECT_THAT(Broken(findings_), ElementsAre("I2"));
}

TEST_F(VoteCheckerTest, FindsFinalizeTogetherWithNullifyInEitherOrder) {
  Vote(0, Nullify(1));
  Vote(0, Finalize(1, 0, a_));
  Vote(1, Finalize(1, 0, a_));
  Vote(1, Nullify(1));
  EXPECT_THAT(Broken(findings_), ElementsAre("I2", "I2"));
}

TEST_F(VoteCheckerTest, FindsNotarizeAfterNullify) {
  Vote(0, Nullify(1));
  Vote(0, Notarize(1, 0, a_));
  EXPECT_THAT(Broken(findings_), ElementsAre("I2"));
}

TEST_F(VoteCheckerTest, FindsTwoNotarizationsThatCouldBeAssembled) {
  for (uint16_t i : {0, 1, 2}) Vote(i, Notarize(1, 0, a_));
  for (uint16_t i : {1, 2}) Vote(i, Notarize(1, 0, b_));
  EXPECT_THAT(Broken(findings_), Each("I2"));
  Vote(3, Notarize(1, 0, b_));
  EXPECT_EQ(Broken(findings_).back(), "I1");
}

TEST_F(VoteCheckerTest, FindsANullificationWithAFinalization) {
  for (uint16_t i : {0, 1, 2}) Vote(i, Nullify(1));
  for (uint16_t i : {1, 2, 3}) Vote(i, Finalize(1, 0, a_));
  EXPECT_EQ(Broken(findings_).back(), "I1");
}

TEST_F(VoteCheckerTest, ANotarizationMayStandBesideANullification) {
  for (uint16_t i : {0, 1, 2}) Vote(i, Notarize(1, 0, a_));
  for (uint16_t i : {0, 1, 2}) Vote(i, Nullify(1));
  EXPECT_THAT(Broken(findings_), IsEmpty());
}

TEST_F(VoteCheckerTest, FindsAParentThatIsNotNotarized) {
  const BlockId child = Known(Child(one_, 2));
  for (uint16_t i : {0, 1}) Vote(i, Notarize(1, 0, a_));
  Vote(3, Notarize(2, 1, child));
  EXPECT_THAT(Broken(findings_), ElementsAre("I4"));
}

TEST_F(VoteCheckerTest, FindsASkippedViewThatIsNotNullified) {
  const BlockId late = Known(Child(Root(), 3));
  for (uint16_t i : {0, 1, 2}) Vote(i, Nullify(1));
  for (uint16_t i : {0, 1}) Vote(i, Nullify(2));
  Vote(3, Notarize(3, 0, late));
  EXPECT_THAT(Broken(findings_), ElementsAre("I4"));
}

TEST_F(VoteCheckerTest, FindsAVoteForABlockThatNobodyMade) {
  Vote(0, Notarize(1, 0, Child(Root(), 1, 9'000).id()));
  EXPECT_THAT(Broken(findings_), ElementsAre("I4"));
}

TEST_F(VoteCheckerTest, FindsACertificateThatTooFewHaveSigned) {
  const auto signed_by = [](std::initializer_list<uint16_t> signers) {
    Certificate certificate{Nullify(1), {}};
    for (const uint16_t i : signers) {
      certificate.signatures.emplace_back(ValidatorIndex(i), Signature{});
    }
    return certificate;
  };
  for (uint16_t i : {0, 1, 2}) Vote(i, Nullify(1));
  checker_.OnCertificate(ValidatorIndex(3), signed_by({0, 1, 2}));
  EXPECT_THAT(Broken(findings_), IsEmpty());
  checker_.OnCertificate(ValidatorIndex(3), signed_by({0, 1}));
  checker_.OnCertificate(ValidatorIndex(3), signed_by({0, 1, 1}));
  checker_.OnCertificate(ValidatorIndex(3), signed_by({0, 1, 3}));   // who has not voted
  EXPECT_THAT(Broken(findings_), ElementsAre("I4", "I4", "I4"));
}

TEST(OwnVotesIn, LooksIntoCertificatesToo) {
  const Certificate held{Nullify(3), {{ValidatorIndex(1), {}}, {ValidatorIndex(2), {}}}};
  EXPECT_THAT(OwnVotesIn(held, ValidatorIndex(1)), ElementsAre(Nullify(3)));
  EXPECT_THAT(OwnVotesIn(held, ValidatorIndex(0)), IsEmpty());
  EXPECT_THAT(OwnVotesIn(Vote{Nullify(3), ValidatorIndex(0), {}}, ValidatorIndex(0)),
              Not(IsEmpty()));
}

}  // namespace
}  // namespace beian::sim
