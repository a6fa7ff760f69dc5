#include "sim/byzantine/scene.h"

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

bool Verifies(const Stage& stage, const Certificate& certificate) {
  return VerifyCertificate(certificate, FourValidators().genesis.chain_id, Set(),
                           [&](const PublicKey& key, BytesView octets, const Signature& signature) {
                             return stage.oracle.Verify(key, octets, signature);
                           })
      .has_value();
}

TEST(Scene, AssemblesOnlyWhatEnoughHaveSigned) {
  Stage stage;
  const Scene scene = stage.scene();
  EXPECT_FALSE(scene.Nullification(View(1)));
  stage.votes.OnVote(ValidatorIndex(0), Nullify(1));
  EXPECT_FALSE(scene.Nullification(View(1))) << "one and itself are two";
  stage.Certify(Nullify(1));
  ASSERT_TRUE(scene.Nullification(View(1)));
  EXPECT_TRUE(Verifies(stage, *scene.Nullification(View(1))));
}

TEST(Scene, BuildsBlocksThatExecuteToTheirOwnRoots) {
  Stage stage;
  stage.transactions = {Stage::SomeTransaction(1)};
  const BlockPtr one = stage.NotarizedOne();
  const Scene scene = stage.scene();
  EXPECT_EQ(scene.ParentBelow(View(4)), View(1));
  const Scene::Draft draft{View(2), View(1), 0, scene.Youngest(9)};
  const BlockPtr two = scene.Build(draft);
  ASSERT_NE(two, nullptr);
  const auto parent = stage.book.After(one->id);
  EXPECT_TRUE(ExecuteBlock(FourValidators().genesis, one->header, *parent->view, *two,
                           Stage::kSelf));
  const Proposal proposal = scene.Propose(draft, two);
  EXPECT_TRUE(stage.Verifies(proposal.leader_vote));
  ASSERT_EQ(proposal.justification.size(), 1u);
  EXPECT_EQ(proposal.justification.front().statement, Notarize(1, 0, one->id));
}

TEST(Scene, JustifiesAGapAsFarAsThereIsEvidence) {
  Stage stage;
  stage.Certify(Nullify(1));
  stage.Certify(Nullify(3));
  EXPECT_EQ(stage.scene().Justify(View(0), View(4)).size(), 2u);
}

}  // namespace
}  // namespace beian::sim
