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

}  // namespace
}  // namespace beian::sim
