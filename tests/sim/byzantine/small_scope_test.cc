#include <set>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(SmallScope, SaysThingsThatAreOffByOneAndSignsThem) {
  Stage stage;
  const auto puppet = MakeSmallScope();
  stage.Live(*puppet, 600);
  std::set<View> views;
  for (const auto& [to, vote] : stage.Only<beian::Vote>()) {
    EXPECT_TRUE(stage.Verifies(vote));
    views.insert(vote.statement.view);
  }
  EXPECT_GT(views.size(), 1u) << "nothing but view 1 has come";
  std::set<View> stand;
  for (const auto& [to, status] : stage.Only<Status>()) stand.insert(status.view);
  EXPECT_GT(stand.size(), 1u);
}

TEST(SmallScope, PassesOnCertificatesWithASignatureTooFew) {
  Stage stage;
  const auto puppet = MakeSmallScope();
  puppet->Act(stage.scene());
  for (uint64_t view = 1; view <= 40; ++view) {
    Certificate certificate{Nullify(view), {}};
    for (const ValidatorIndex signer : stage.honest) {
      certificate.signatures.emplace_back(signer, Signature{});
    }
    puppet->OnMessage(stage.scene(), ValidatorIndex(0), certificate);
  }
  bool too_few = false;
  for (const auto& [to, certificate] : stage.Only<Certificate>()) {
    too_few = too_few || certificate.signatures.size() < Set().quorum();
  }
  EXPECT_TRUE(too_few);
}

}  // namespace
}  // namespace beian::sim
