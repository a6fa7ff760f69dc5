#include "sim/command/canaries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/json/json.h"

namespace beian::sim {
namespace {

using ::testing::HasSubstr;

struct Ran {
  int exit_code = -1;
  std::string output;
};
/// The harness's own canaries: this program has no bugs planted.
Ran RunOf(const CanariesArguments& arguments) {
  testing::internal::CaptureStdout();
  Ran ran;
  ran.exit_code = RunCanaries(arguments);
  ran.output = testing::internal::GetCapturedStdout();
  return ran;
}

TEST(Canaries, ARowNamesWhatIsBrokenAndWhoFoundItAfterHowManySeeds) {
  const Ran ran = RunOf({{0, 4}, "send_before_sync", false});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.output, HasSubstr("found  send_before_sync"));
  EXPECT_THAT(ran.output, HasSubstr("   1 seeds  I6 "));
  EXPECT_THAT(ran.output, HasSubstr("the driver sends first and writes afterwards"));
}

TEST(Canaries, OneThatIsNotFoundFailsTheRun) {
  const Ran ran = RunOf({{1, 2}, "never_heals", false});
  const Ran missed = RunOf({{2, 3}, "forgotten_floor", false});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(missed.exit_code, 1);
  EXPECT_THAT(missed.output, HasSubstr("MISSED forgotten_floor"));
}

TEST(Canaries, TheControlIsAsItShouldBeWhenNothingIsFound) {
  const Ran ran = RunOf({{0, 2}, "none", false});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.output, HasSubstr("quiet  none"));
}

TEST(Canaries, AsJsonEachCarriesTheCommandThatShowsItAgain) {
  const Ran ran = RunOf({{0, 4}, "send_before_sync", true});
  const Json table = ParseJson(ran.output);
  ASSERT_TRUE(table.is_object()) << ran.output;
  EXPECT_EQ(table["bad"], 0);
  const Json& row = table["canaries"].at(0);
  EXPECT_EQ(row["name"], "send_before_sync");
  EXPECT_EQ(row["in"], "harness");
  EXPECT_EQ(row["found"], true);
  EXPECT_EQ(row["checker"], "I6");
  EXPECT_EQ(row["replay"], "beian-sim run --nodes 4 --seeds 0:1 --canary send_before_sync --trace");
}

TEST(Canaries, RefuseANameThatNoneHas) {
  EXPECT_ANY_THROW(RunCanaries({{0, 1}, "ostrich", false}));
  EXPECT_ANY_THROW(RunCanaries({{1, 1}, "", false}));
}

}  // namespace
}  // namespace beian::sim
