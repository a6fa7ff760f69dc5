#include "sim/command/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/json/json.h"

namespace beian::sim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Printed {
  int exit_code = 0;
  std::string text;
};
Printed RunAndPrint(const RunArguments& arguments) {
  ::testing::internal::CaptureStdout();
  const int exit_code = RunSeeds(arguments);
  return {exit_code, ::testing::internal::GetCapturedStdout()};
}

RunArguments Failing() {
  RunArguments arguments;
  arguments.first = 7;
  arguments.end = 8;
  arguments.bug.canary = Canary::kSendBeforeSync;
  return arguments;
}

TEST(RunSeeds, TellsAFailureWithItsDiagram) {
  const Printed printed = RunAndPrint(Failing());
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(printed.text, HasSubstr("FAILED seed 7"));
  EXPECT_THAT(printed.text, HasSubstr("node 0  node 1  node 2  node 3"));
  EXPECT_THAT(printed.text, HasSubstr("seeds 1 failed 1"));
}

TEST(RunSeeds, ShortensAFailureAndShowsHowToRunTheShortOne) {
  RunArguments arguments = Failing();
  arguments.minimise = true;
  const Printed printed = RunAndPrint(arguments);
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(printed.text, HasSubstr("seed 7 was shortened in "));
  EXPECT_THAT(printed.text, HasSubstr("  I6: "));
  EXPECT_THAT(printed.text, HasSubstr("--set filings=1 "));
  EXPECT_THAT(printed.text, HasSubstr("node 0  node 1  node 2  node 3"));
}

TEST(RunSeeds, ShortensAlsoWhatOnlyASecondRunShows) {
  RunArguments arguments = Failing();
  arguments.bug.canary = Canary::kCoin;
  arguments.minimise = true;
  arguments.check_determinism = 1;
  arguments.settings = {"filings=8", "dishonest=0", "faulty_ms=1000"};
  const Printed printed = RunAndPrint(arguments);
  EXPECT_THAT(printed.text, HasSubstr("  I13: "));
  EXPECT_THAT(printed.text, HasSubstr(" --check-determinism 1 --trace"));
  EXPECT_THAT(printed.text, HasSubstr("--set filings=1 "));
}

TEST(RunSeeds, PrintsNothingButJsonWhenAsked) {
  RunArguments arguments = Failing();
  arguments.json = true;
  arguments.minimise = true;
  const Printed printed = RunAndPrint(arguments);
  const Json json = ParseJson(printed.text);
  ASSERT_TRUE(json.is_object()) << printed.text;
  EXPECT_EQ(json["failed"], 1);
  EXPECT_THAT(json["failures"][0]["command"].get<std::string>(), HasSubstr("--set filings=1"));
}

TEST(RunSeeds, StopsAtTheFirstFailureWhenAsked) {
  RunArguments arguments = Failing();
  arguments.end = 20;
  arguments.stop_at_first = true;
  EXPECT_THAT(RunAndPrint(arguments).text, HasSubstr("seeds 1 failed 1"));
}

TEST(RunSeeds, PrintsEveryEventWhenAsked) {
  RunArguments arguments;
  arguments.first = 1;
  arguments.end = 2;
  arguments.trace = true;
  arguments.settings = {"faulty_ms=500", "filings=1"};
  EXPECT_THAT(RunAndPrint(arguments).text, HasSubstr(" START with 1 records, height 0\n"));
  arguments.trace = false;
  EXPECT_THAT(RunAndPrint(arguments).text, Not(HasSubstr(" START ")));
}

TEST(RunSeeds, RefusesSettingsThatContradictEachOther) {
  RunArguments arguments;
  arguments.settings = {"delay_min_ms=9", "delay_max_ms=8"};
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(RunSeeds(arguments), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("contradict"));
}

}  // namespace
}  // namespace beian::sim
