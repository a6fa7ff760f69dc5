#include <algorithm>
#include <map>
#include <ranges>

#include "tests/sim/byzantine/stage.h"

namespace beian::sim {
namespace {

TEST(SelectiveSender, LeavesSomeOutAndNotAlwaysTheSame) {
  Stage stage;
  const auto puppet = MakeSelectiveSender();
  stage.Live(*puppet, 400);
  std::map<ValidatorIndex, size_t> heard;   // of what an honest one tells all
  for (const auto& [to, status] : stage.Only<Status>()) ++heard[to];
  ASSERT_EQ(heard.size(), 3u) << "each was told something";
  const auto [least, most] = std::ranges::minmax(std::views::values(heard));
  EXPECT_LT(least, most);
}

}  // namespace
}  // namespace beian::sim
