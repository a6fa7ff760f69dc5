#include "sim/command/campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "ledger/json/json.h"
#include "sim/command/apart.h"

namespace beian::sim {
namespace {

using ::testing::HasSubstr;

class CampaignFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(dir_);
    arguments_.dir = dir_;
    arguments_.nodes = {1, 4};
    arguments_.end = 4;
    arguments_.jobs = 2;
    arguments_.settings = {"faulty_ms=1000", "filings=3"};
    ::testing::internal::CaptureStdout();
  }
  void TearDown() override {
    ::testing::internal::GetCapturedStdout();
    std::filesystem::remove_all(dir_);
  }

  std::string Text(const std::string& name) const {
    std::ifstream in(dir_ / name);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  Json Report() const { return ParseJson(Text("report.json")); }
  /// The finished seeds that stand in the journal, each with the size of its cluster.
  std::vector<std::pair<uint64_t, uint64_t>> Lines() const {
    std::istringstream in(Text("seeds.ndjson"));
    std::vector<std::pair<uint64_t, uint64_t>> seeds;
    std::string line;
    std::getline(in, line);   // the heading
    while (std::getline(in, line)) {
      const Json json = ParseJson(line);
      if (json.is_object()) seeds.emplace_back(json["seed"], json["nodes"]);
    }
    return seeds;
  }
  void AwaitLines(size_t count) const {
    for (int i = 0; i < 3'000 && Lines().size() < count; ++i) ::usleep(10'000);
    ASSERT_GE(Lines().size(), count);
  }

  const std::filesystem::path dir_ =
      std::filesystem::temp_directory_path() / ("campaign-" + std::to_string(::getpid()));
  CampaignArguments arguments_;
};

TEST_F(CampaignFolder, RunsEverySeedWithEverySizeAndReports) {
  EXPECT_EQ(RunCampaign(arguments_), 0);
  EXPECT_EQ(Lines().size(), 8u);
  const Json report = Report();
  EXPECT_EQ(report["seeds"], 8);
  EXPECT_EQ(report["failed"], 0);
  EXPECT_EQ(report["by_nodes"]["4"]["seeds"], 4);
  EXPECT_GT(report["seeds_per_core_hour"].get<double>(), 0);
  EXPECT_THAT(Text("report.md"), HasSubstr("seeds 8 failed 0"));
  EXPECT_THAT(Text("report.md"), HasSubstr("| torn_write"));
}

TEST_F(CampaignFolder, KilledAndContinuedCountsEverySeedOnce) {
  arguments_.end = 30;
  for (size_t lines : {2, 9, 25}) {
    Apart running([&] {
      RunCampaign(arguments_);
      return std::string();
    });
    AwaitLines(lines);
    running.Kill();
    EXPECT_EQ(running.Wait().signal, SIGKILL);
  }
  EXPECT_LT(Lines().size(), 60u) << "it was not finished when it was killed";
  EXPECT_EQ(RunCampaign(arguments_), 0);
  const auto lines = Lines();
  EXPECT_EQ(lines.size(), 60u);
  EXPECT_EQ(std::set(lines.begin(), lines.end()).size(), 60u);
  EXPECT_EQ(Report()["seeds"], 60);
}

TEST_F(CampaignFolder, FinishedAndStartedAgainHasNothingToDo) {
  EXPECT_EQ(RunCampaign(arguments_), 0);
  const std::string before = Text("seeds.ndjson");
  EXPECT_EQ(RunCampaign(arguments_), 0);
  EXPECT_EQ(Text("seeds.ndjson"), before);
}

TEST_F(CampaignFolder, StopsCleanlyWhenItIsInterrupted) {
  arguments_.end = UINT64_MAX;
  const pid_t child = ::fork();
  if (child == 0) std::_Exit(RunCampaign(arguments_));
  AwaitLines(3);
  ::kill(child, SIGINT);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "nothing has failed";
  EXPECT_EQ(Report()["seeds"], Lines().size());
}

TEST_F(CampaignFolder, EndsWhenItsBudgetIsSpent) {
  arguments_.end = UINT64_MAX;
  arguments_.budget_s = 0;
  EXPECT_EQ(RunCampaign(arguments_), 0);
  EXPECT_EQ(Report()["seeds"], 0);
}

TEST_F(CampaignFolder, AFailureIsTheExitCodeAlsoWhenItIsAnOldOne) {
  arguments_.bug.canary = Canary::kSendBeforeSync;
  arguments_.nodes = {4};
  arguments_.end = 1;
  EXPECT_EQ(RunCampaign(arguments_), 1);
  EXPECT_EQ(RunCampaign(arguments_), 1);
  EXPECT_EQ(Report()["failures"].size(), 1u);
  EXPECT_THAT(Text("report.md"), HasSubstr("`beian-sim run --nodes 4 --seeds 0:1 --canary "
                                           "send_before_sync --set "));
  EXPECT_THAT(Text("failures/4-0.txt"), HasSubstr("node 0  node 1  node 2  node 3"));
}

TEST_F(CampaignFolder, FindsTheSeedThatDoesNotRunTheSameWayTwice) {
  arguments_.bug.canary = Canary::kCoin;
  arguments_.nodes = {4};
  arguments_.end = 1;
  EXPECT_EQ(RunCampaign(arguments_), 1);
  EXPECT_EQ(Report()["failures"][0]["invariant"], "I13");
}

TEST_F(CampaignFolder, OtherSettingsAreAnotherCampaign) {
  EXPECT_EQ(RunCampaign(arguments_), 0);
  arguments_.settings.push_back("filings=4");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(RunCampaign(arguments_), 2);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("take another --dir"));
}

}  // namespace
}  // namespace beian::sim
