#include "sim/checkers/durability.h"

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DurabilityCheckerTest : public ::testing::Test {
 protected:
  static constexpr ValidatorIndex kNode{2};

  beian::Vote Own(const Statement& statement) { return {statement, kNode, {}}; }
  /// By the three others, who have voted so.
  Certificate Signed(const Statement& statement) {
    Certificate certificate{statement, {}};
    votes_.OnHeader(block_->header);
    for (const uint16_t signer : {0, 1, 3}) {
      votes_.OnVote(ValidatorIndex(signer), statement);
      certificate.signatures.emplace_back(ValidatorIndex(signer), Signature{});
    }
    return certificate;
  }
  void Append(const LogRecord& record) { checker_.OnAppend(kNode, record); }
  void AppendVote(const Statement& statement) { Append(VoteRecord{Own(statement)}); }
  void Sync() { checker_.OnSync(kNode); }
  void Answer() {
    for (const uint16_t peer : {0, 1, 3}) checker_.OnAnswer(kNode, ValidatorIndex(peer));
  }
  void Send(const Message& message) { checker_.OnSend(kNode, message); }

  Findings findings_;
  VoteChecker votes_{Set(), Root().id(), findings_};
  DurabilityChecker checker_{4, votes_, findings_};
  const BlockPtr block_ = Block::Make(Child(Root(), 1), {});
  const Certificate notarization_ = Signed(Notarize(1, 0, block_->id));
};

TEST_F(DurabilityCheckerTest, AcceptsWhatIsSyncedBeforeItLeaves) {
  Append(BlockRecord{block_});
  AppendVote(Notarize(1, 0, block_->id));
  Sync();
  Send(Own(Notarize(1, 0, block_->id)));
  Append(CertificateRecord{notarization_});
  AppendVote(Finalize(1, 0, block_->id));
  Sync();
  Send(Own(Finalize(1, 0, block_->id)));
  EXPECT_THAT(Broken(findings_), IsEmpty());
}

TEST_F(DurabilityCheckerTest, FindsAVoteThatLeavesBeforeItsSync) {
  AppendVote(Nullify(1));
  Send(Own(Nullify(1)));
  EXPECT_THAT(Broken(findings_), ElementsAre("I6"));
}

TEST_F(DurabilityCheckerTest, FindsAnUnsyncedVoteInsideACertificate) {
  AppendVote(Nullify(1));
  Send(Certificate{Nullify(1), {{kNode, {}}}});
  EXPECT_THAT(Broken(findings_), ElementsAre("I6"));
}

TEST_F(DurabilityCheckerTest, FindsAFinalizeWithoutASyncedNotarization) {
  AppendVote(Finalize(1, 0, block_->id));
  Sync();
  Append(CertificateRecord{notarization_});
  Send(Own(Finalize(1, 0, block_->id)));
  EXPECT_THAT(Broken(findings_), ElementsAre("I5"));
}

TEST_F(DurabilityCheckerTest, FindsANotarizeWithoutABody) {
  votes_.OnHeader(block_->header);
  AppendVote(Notarize(1, 0, block_->id));
  Sync();
  Send(Own(Notarize(1, 0, block_->id)));
  EXPECT_THAT(Broken(findings_), ElementsAre("I8"));
}

TEST_F(DurabilityCheckerTest, ForgetsWhatACrashTookAndKeepsWhatItLeft) {
  AppendVote(Nullify(1));
  AppendVote(Nullify(2));
  checker_.OnCrash(kNode, 1);
  Send(Own(Nullify(1)));
  EXPECT_THAT(Broken(findings_), IsEmpty());
  Send(Own(Nullify(2)));
  EXPECT_THAT(Broken(findings_), ElementsAre("I6"));
}

TEST_F(DurabilityCheckerTest, FindsAVoteOfAMuteValidatorAndOneBelowItsFloor) {
  checker_.OnLost(kNode);
  Append(ReentryRecord{Epoch(0)});
  AppendVote(Nullify(1));
  Sync();
  Send(Own(Nullify(1)));
  Send(ReentryAnswer{});
  EXPECT_THAT(Broken(findings_), ElementsAre("I6", "I6"));
  Answer();
  Append(FloorRecord{Epoch(0), View(5)});
  AppendVote(Nullify(5));
  AppendVote(Nullify(6));
  Sync();
  Send(Own(Nullify(6)));
  EXPECT_THAT(Broken(findings_), ElementsAre("I6", "I6"));
  Send(Own(Nullify(5)));
  EXPECT_THAT(Broken(findings_), ElementsAre("I6", "I6", "I6"));
}

TEST_F(DurabilityCheckerTest, FindsAVoteThatItsLogHoldsMadeAgain) {
  AppendVote(Nullify(1));
  Sync();
  EXPECT_THAT(Broken(findings_), IsEmpty());
  AppendVote(Nullify(1));
  Sync();
  EXPECT_THAT(Broken(findings_), ElementsAre("I2"));
}

TEST_F(DurabilityCheckerTest, AVoteThatNoLogHoldsAnyMoreMayBeMadeAgain) {
  AppendVote(Nullify(1));
  checker_.OnCrash(kNode, 0);
  AppendVote(Nullify(1));
  Sync();
  checker_.OnLost(kNode);
  AppendVote(Nullify(1));
  Sync();
  EXPECT_THAT(Broken(findings_), IsEmpty());
}

TEST_F(DurabilityCheckerTest, FindsAFloorBelowAViewThatItVotedInBeforeItsLogWasLost) {
  AppendVote(Nullify(7));
  Sync();
  checker_.OnLost(kNode);
  Answer();
  Append(FloorRecord{Epoch(0), View(7)});
  Sync();
  EXPECT_THAT(Broken(findings_), IsEmpty());
  checker_.OnLost(kNode);
  Answer();
  Append(FloorRecord{Epoch(0), View(6)});
  Sync();
  EXPECT_THAT(Broken(findings_), ElementsAre("I6"));
}

TEST_F(DurabilityCheckerTest, FindsAFloorThatTooFewAnswersSupport) {
  checker_.OnLost(kNode);
  Answer();
  checker_.OnCrash(kNode, 0);   // and with it what it was told
  checker_.OnAnswer(kNode, ValidatorIndex(0));
  checker_.OnAnswer(kNode, ValidatorIndex(0));
  checker_.OnAnswer(kNode, ValidatorIndex(1));
  Append(FloorRecord{Epoch(0), View(7)});
  Sync();
  EXPECT_THAT(Broken(findings_), ElementsAre("I6"));
}

TEST_F(DurabilityCheckerTest, FindsAProposalThatIsNotSynced) {
  Proposal proposal;
  proposal.header = block_->header;
  proposal.header.proposer = kNode;
  proposal.leader_vote = Own(Notarize(1, 0, block_->id));
  Append(BlockRecord{block_});
  Append(VoteRecord{proposal.leader_vote});
  Sync();
  Send(proposal);
  EXPECT_THAT(Broken(findings_), Contains("I6"));
}

TEST_F(DurabilityCheckerTest, RemembersWhatARestartMustKnow) {
  AppendVote(Nullify(7));
  Append(FinalRecord{{Finalize(4, 3, block_->id), {}}, Height(3)});
  EXPECT_EQ(checker_.VotedView(kNode), View(0));
  Sync();
  EXPECT_EQ(checker_.VotedView(kNode), View(7));
  EXPECT_EQ(checker_.FinalView(kNode), View(4));
}

}  // namespace
}  // namespace beian::sim
