#include "sim/byzantine/book.h"

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(Book, KnowsTheStateAfterBlocksThatAreNotCommitted) {
  Stage stage;
  const BlockPtr one = stage.NotarizedOne();
  const auto after = stage.book.After(one->id);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->header, one->header);
  EXPECT_EQ(after->overlays.size(), 1u);
  EXPECT_TRUE(stage.book.After(Root().id()));
  EXPECT_FALSE(stage.book.After(BlockId{{9}})) << "nobody made that block";
}

TEST(Book, ForgetsStatesBelowWhatIsCommitted) {
  Stage stage;
  const BlockPtr one = stage.NotarizedOne();
  const auto state = stage.book.After(Root().id());
  const auto execution = Execute(FourValidators().genesis, *state->view, one->header.time,
                                 one->header.height, one->transactions);
  stage.book.OnFirstCommit({one, std::make_shared<Execution>(*execution), {}});
  EXPECT_EQ(stage.book.Tip(), one->header);
  EXPECT_FALSE(stage.book.After(Root().id()));
  EXPECT_TRUE(stage.book.After(one->id)->overlays.empty());
  EXPECT_EQ(stage.book.Find(one->id), one);
}

}  // namespace
}  // namespace beian::sim
