#include "client/cli/orphans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "client/cli/process.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/shell_node.h"

namespace beian::client {
namespace {

constexpr const char* kStands = "kill -STOP $$; :";

/// A shell that is called beiand and has the command line of a node of `folder`/c.
class Orphans : public testing::Test {
 protected:
  ~Orphans() override { ::kill(-pid_, SIGKILL); }

  const Folder folder_;
  const std::string dir_ = folder_ / "c";
  const pid_t pid_ = StartShellNode(folder_, kStands, dir_ + "/nodes/cac/beiand.toml");
};

TEST_F(Orphans, AreNoOtherProgramsWithSuchACommandLine) {
  const pid_t editor = *StartDetached(
      {"/bin/sh", "-c", kStands, "--config", dir_ + "/nodes/beijing/beiand.toml"},
      folder_ / "log");
  EXPECT_EQ(NodeConfigOf(editor), std::nullopt);
  EXPECT_EQ(OrphansOf(dir_), std::vector<pid_t>{pid_});
  ::kill(-editor, SIGKILL);
}

TEST_F(Orphans, AreKnownByTheirOwnFolderWhenTheirPathIsRelative) {
  std::filesystem::create_directory(folder_ / "live");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_ / "live");
  const pid_t node = StartShellNode(folder_, kStands, "nodes/cac/beiand.toml", "-2");
  std::filesystem::current_path(before);
  EXPECT_EQ(NodeConfigOf(node), folder_ / "live/nodes/cac/beiand.toml");
  EXPECT_EQ(GoneClusterOf(node), folder_ / "live");
  ::kill(-node, SIGKILL);
}

TEST_F(Orphans, AreTheNodesOfAFolderThatIsGone) {
  EXPECT_EQ(OrphansOf(dir_), std::vector<pid_t>{pid_});
  EXPECT_EQ(GoneClusterOf(pid_), dir_);
  EXPECT_TRUE(OrphansOf(folder_ / "other").empty());
  std::filesystem::create_directory(dir_);
  folder_.Write("c/cluster.json", "{}");
  EXPECT_TRUE(OrphansOf(dir_).empty()) << "there is a cluster";
  EXPECT_EQ(GoneClusterOf(pid_), std::nullopt);
}

TEST_F(Orphans, AreNamedByEveryCommandAboutTheirCluster) {
  for (const char* verb : {"status", "down", "logs"}) {
    const Ran ran = RunProgram({"cluster", verb, "--dir", dir_, "--lang", "en"});
    EXPECT_EQ(ran.exit, 3) << verb;
    EXPECT_THAT(ran.error, testing::HasSubstr("cluster.folder_gone"));
    EXPECT_THAT(ran.error, testing::HasSubstr("next: kill " + std::to_string(pid_) + "\n"));
  }
  const Ran config = RunProgram({"cluster", "down", "--config", dir_ + "/beian.toml"});
  EXPECT_THAT(config.error, testing::HasSubstr("cluster.folder_gone"));
  const Ran up = RunProgram({"cluster", "up", "--dir", dir_, "--beiand", "/bin/true"});
  EXPECT_THAT(up.error, testing::HasSubstr("cluster.folder_gone"));
  EXPECT_FALSE(std::filesystem::exists(dir_));
}

}  // namespace
}  // namespace beian::client
