#include "sim/checkers/chains.h"

#include "sim/oracle.h"
#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ChainCheckerTest : public ::testing::Test {
 protected:
  FinalityProof Proof(const Header& header, uint64_t signers = 3) {
    const Statement statement = Finalize(header.view.value(), 0, header.id());
    FinalityProof proof{{}, {statement, {}}};
    const Bytes octets = statement.SignedBytes(FourValidators().genesis.chain_id, Set().hash());
    for (uint16_t i = 0; i < signers; ++i) {
      proof.finalization.signatures.emplace_back(ValidatorIndex(i),
                                                 oracle_.Sign(ValidatorIndex(i), octets));
    }
    return proof;
  }
  void Take(ValidatorIndex node, const CommitBlock& commit) {
    checker_.OnCommit(node, commit, latest_);
  }
  CommitBlock Commit(const Header& header) {
    auto execution = std::make_shared<Execution>();
    execution->map_root = header.map_root;
    execution->log_root = header.log_root;
    return {Block::Make(header, {}), execution, Proof(header)};
  }

  Findings findings_;
  SignatureOracle oracle_{Set()};
  ChainChecker checker_{FourValidators().genesis,
                        [this](const PublicKey& key, BytesView octets, const Signature& signature) {
                          return oracle_.Verify(key, octets, signature);
                        },
                        findings_};
  const Header one_ = Child(Root(), 1);
  const Header two_ = Child(one_, 2);
  const TimeMs latest_ = two_.time + 60'000;
  const ValidatorIndex a_{0}, b_{1};
};

TEST_F(ChainCheckerTest, AcceptsBeginningsOfOneChain) {
  Take(a_, Commit(one_));
  Take(a_, Commit(two_));
  Take(b_, Commit(one_));
  EXPECT_THAT(Broken(findings_), IsEmpty());
  EXPECT_EQ(checker_.height(), Height(2));
}

TEST_F(ChainCheckerTest, FindsAFork) {
  Take(a_, Commit(one_));
  Take(b_, Commit(Child(Root(), 2)));
  EXPECT_THAT(Broken(findings_), ElementsAre("I3"));
}

TEST_F(ChainCheckerTest, FindsAHeightLeftOutOrCommittedTwice) {
  Take(a_, Commit(two_));
  EXPECT_THAT(Broken(findings_), ElementsAre("I3"));
  Take(b_, Commit(one_));
  Take(b_, Commit(one_));
  EXPECT_THAT(Broken(findings_), ElementsAre("I3", "I3"));
}

TEST_F(ChainCheckerTest, ARestartGoesOnWhereItsStoreEnds) {
  Take(a_, Commit(one_));
  checker_.OnStart(a_, Height(0));
  Take(a_, Commit(one_));
  EXPECT_THAT(Broken(findings_), IsEmpty());
}

TEST_F(ChainCheckerTest, FindsAnotherState) {
  CommitBlock commit = Commit(one_);
  auto execution = std::make_shared<Execution>(*commit.execution);
  execution->map_root.octets[0] ^= 1;
  commit.execution = execution;
  Take(a_, commit);
  EXPECT_THAT(Broken(findings_), ElementsAre("I3"));
}

TEST_F(ChainCheckerTest, FindsAProofOfTooFewOrOfAnotherBlock) {
  CommitBlock few = Commit(one_);
  few.proof = Proof(one_, 2);
  Take(a_, few);
  CommitBlock other = Commit(one_);
  other.proof = Proof(two_);
  Take(b_, other);
  EXPECT_THAT(Broken(findings_), ElementsAre("I3", "I3"));
}

TEST_F(ChainCheckerTest, AcceptsTheFinalityOfADescendantAndFindsAGap) {
  CommitBlock commit = Commit(one_);
  commit.proof = Proof(two_);
  commit.proof.descendants = {two_};
  Take(a_, commit);
  EXPECT_THAT(Broken(findings_), IsEmpty());
  commit.proof.descendants = {Child(two_, 3)};
  Take(b_, commit);
  EXPECT_THAT(Broken(findings_), ElementsAre("I3"));
}

TEST_F(ChainCheckerTest, FindsABlockOfATimeThatHasNotCome) {
  checker_.OnCommit(a_, Commit(one_), one_.time);
  EXPECT_THAT(Broken(findings_), IsEmpty());
  checker_.OnCommit(a_, Commit(two_), TimeMs(two_.time.value() - 1));
  EXPECT_THAT(Broken(findings_), ElementsAre("I3"));
}

TEST_F(ChainCheckerTest, FindsAnEmptyBlockInAHurry) {
  Take(a_, Commit(Child(Root(), 1, 999)));
  EXPECT_THAT(Broken(findings_), ElementsAre("I3"));
}

}  // namespace
}  // namespace beian::sim
