#include "sim/byzantine/puppet.h"

#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Puppet, EveryStrategyHasANameAndAMaker) {
  std::set<std::string> names;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastStrategy); ++i) {
    names.insert(StrategyName(static_cast<Strategy>(i)));
    EXPECT_NE(MakePuppet(static_cast<Strategy>(i)), nullptr);
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(kLastStrategy) + 1);
}

TEST(Puppet, TheMuteOneSaysNothing) {
  Stage stage;
  const auto puppet = MakePuppet(Strategy::kMute);
  stage.EnterOwnView();
  puppet->Act(stage.scene());
  puppet->OnMessage(stage.scene(), ValidatorIndex(0), GetBody{stage.NotarizedOne()->id});
  EXPECT_TRUE(stage.sent.empty());
}

TEST(Puppet, ServesWhatItIsAskedForUnlessItsStrategySaysOtherwise) {
  Stage stage;
  const BlockPtr block = stage.NotarizedOne();
  const auto puppet = MakePuppet(Strategy::kEquivocator);
  puppet->OnMessage(stage.scene(), ValidatorIndex(1), GetBody{block->id});
  puppet->OnMessage(stage.scene(), ValidatorIndex(1), GetCertificates{View(1), View(4)});
  EXPECT_EQ(stage.Only<Body>().size(), 1u);
  EXPECT_EQ(stage.Only<Certificate>().size(), 1u);
}

TEST(VoteAlong, SignsWhateverSomebodyHasSigned) {
  Stage stage;
  const Statement notarize = Notarize(1, 0, stage.NotarizedOne()->id);
  stage.votes.OnVote(ValidatorIndex(0), Nullify(1));
  VoteAlong(stage.scene());
  std::set<Statement> signed_too;
  for (const auto& [to, vote] : stage.Only<beian::Vote>()) {
    EXPECT_TRUE(stage.Verifies(vote));
    signed_too.insert(vote.statement);
  }
  EXPECT_EQ(signed_too, (std::set<Statement>{notarize, Nullify(1)}));
}

TEST(OwnView, IsNearTheHonestOnesAndItsOwn) {
  Stage stage;
  const View own = stage.EnterOwnView(6);
  EXPECT_EQ(OwnView(stage.scene()), own);
  stage.top = own + 2;
  EXPECT_EQ(OwnView(stage.scene()), std::nullopt);
}

}  // namespace
}  // namespace beian::sim
