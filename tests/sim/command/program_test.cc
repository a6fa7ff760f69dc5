// The program as its users run it: exit codes and the line that shows a failure again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

namespace {

using ::testing::HasSubstr;

struct Ran {
  int exit_code = -1;
  std::string output;
};

Ran Capture(const std::string& command) {
  Ran ran;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer;
  while (const size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    ran.output.append(buffer.data(), count);
  }
  ran.exit_code = WEXITSTATUS(pclose(pipe));
  return ran;
}
Ran RunProgram(const std::string& arguments) {
  return Capture(std::string(BEIAN_SIM_PROGRAM) + " " + arguments);
}

TEST(BeianSim, RunsSeedsAndCountsThem) {
  const Ran ran = RunProgram("run --seeds 0:3 --verbose");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("seeds 3 failed 0"));
  EXPECT_THAT(ran.output, HasSubstr("seed 2 events"));
  EXPECT_THAT(ran.output, HasSubstr("seeds/core-hour"));
  EXPECT_THAT(ran.output, HasSubstr("| torn_write"));
}

TEST(BeianSim, PrintsTheNumbersAsJson) {
  const Ran ran = RunProgram("run --nodes 1 --seeds 0:2 -o json --verbose");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.output.front(), '{');
  EXPECT_THAT(ran.output, HasSubstr("\"seeds\": 2"));
}

TEST(BeianSim, RunsAsManyAsThirtyTwoValidators) {
  const Ran ran = RunProgram("run --nodes 32 --seeds 1:2 --set faulty_ms=1000 --set filings=2");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
}

TEST(BeianSim, ShowsHowToSeeAFailureAgain) {
  const Ran ran = RunProgram("run --nodes 4 --seeds 7:8 --canary send_before_sync");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.output, HasSubstr("FAILED seed 7"));
  EXPECT_THAT(ran.output, HasSubstr("I6:"));
  EXPECT_THAT(ran.output, HasSubstr("options: seed=7 nodes=4"));
  EXPECT_THAT(ran.output,
              HasSubstr("beian-sim run --nodes 4 --seeds 7:8 --canary send_before_sync --trace"));
}

TEST(BeianSim, RunsACampaign) {
  const std::string dir = "/tmp/beian-sim-campaign-" + std::to_string(::getpid());
  const Ran ran = RunProgram("campaign --dir " + dir +
                             " --budget 1m --jobs 2 --nodes 1,4 --seeds 5:7 --once");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("seeds 4 failed 0"));
  EXPECT_THAT(ran.output, HasSubstr(dir + "/report.md"));
  std::filesystem::remove_all(dir);
}

TEST(BeianSim, SaysHowToBuildTheProgramThatCanariesNeed) {
  const std::filesystem::path folder = testing::TempDir() + "beian-sim-alone";
  std::filesystem::create_directories(folder);
  const auto overwrite = std::filesystem::copy_options::overwrite_existing;
  std::filesystem::copy_file(BEIAN_SIM_PROGRAM, folder / "beian-sim", overwrite);
  const Ran ran = Capture((folder / "beian-sim").string() + " canaries");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.output, HasSubstr((folder / "beian-sim-canaries").string()));
  EXPECT_THAT(ran.output, HasSubstr("--target beian-sim-canaries"));
  std::filesystem::remove_all(folder);
}

TEST(BeianSim, RefusesWhatItDoesNotKnow) {
  EXPECT_NE(RunProgram("run --nodes 33").exit_code, 0);
  EXPECT_NE(RunProgram("run --canary ostrich").exit_code, 0);
  EXPECT_NE(RunProgram("canaries --output xml").exit_code, 0);
  EXPECT_NE(RunProgram("run --seeds seven").exit_code, 0);
  EXPECT_NE(RunProgram("run --seeds 3:x").exit_code, 0);
  EXPECT_NE(RunProgram("run --seeds 3:4 --set luck=1").exit_code, 0);
  EXPECT_NE(RunProgram("run --seeds 3:4 --set delay_min_ms=9 --set delay_max_ms=8").exit_code, 0);
  EXPECT_NE(RunProgram("campaign --seeds 3:4").exit_code, 0) << "no folder";
  EXPECT_NE(RunProgram("campaign --dir /dev/null/x --seeds 3:4").exit_code, 0);
  EXPECT_NE(RunProgram("campaign --dir /tmp/x --budget soon").exit_code, 0);
  EXPECT_NE(RunProgram("").exit_code, 0);
}

}  // namespace
