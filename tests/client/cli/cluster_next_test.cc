#include "client/cli/cluster_next.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "client/sdk/files.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/folder.h"
#include "tests/client/support/shell_node.h"

namespace beian::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(ClusterNext, SubmitsTheExampleOfTheSourcesWhereTheyAre) {
  const Folder folder;
  ASSERT_TRUE(MakeFolder(folder / "deploy", 0755).has_value());
  ASSERT_TRUE(MakeFolder(folder / "build/bin", 0755).has_value());
  const std::string example = folder.Write("deploy/example-filing.toml", "");
  const std::filesystem::path folders[] = {folder / "none", folder / "build/bin"};
  const auto found = FindExample(folders);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(*found, example);
  const std::string text = FirstCommands(MakePlan(folder / "c", 4, 7100, {}), found);
  EXPECT_THAT(text, HasSubstr("export BEIAN_CONFIG=" + folder / "c/beian.toml" + "\n"));
  EXPECT_THAT(text, HasSubstr("beian filing submit " + example + " --key "));
  EXPECT_THAT(text, HasSubstr(" --disclosures ")) << "nothing private among the sources";
  EXPECT_THAT(text, Not(HasSubstr("template")));
}

TEST(ClusterNext, SaysThatAnEmptyFormIsToBeFilledIn) {
  const Folder folder;
  const std::filesystem::path folders[] = {folder.path()};
  EXPECT_EQ(FindExample(folders), std::nullopt);
  const std::string text = FirstCommands(MakePlan(folder / "c", 4, 7100, {}), std::nullopt);
  EXPECT_THAT(text, HasSubstr("beian filing template > filing.toml   # fill it in; then:\n"));
}

TEST(ClusterNext, EndsWhatIsSilentAndStartsWhatDoesNotRun) {
  const ClusterPlan plan = MakePlan("c", 4, 7100, {});
  const std::string up = "beian cluster up --dir " + plan.dir.string();
  EXPECT_THAT(RestartCommands(plan, 4, {}), IsEmpty());
  EXPECT_THAT(RestartCommands(plan, 3, {}), ElementsAre(up));
  const pid_t silent[] = {4711, 4712};
  EXPECT_THAT(RestartCommands(plan, 2, silent), ElementsAre("kill -KILL 4711 4712", up));
}

TEST(ClusterNext, SaysInOneLineHowAClusterThatIsKnownIsFound) {
  const Folder folder;
  EXPECT_EQ(UseCommand(MakePlan(folder / "c", 4, 7100, {})),
            "Next: export BEIAN_CONFIG=" + folder / "c/beian.toml" + "\n");
}

TEST(ClusterNext, NamesAFolderThatIsNotThere) {
  const Folder folder;
  ASSERT_TRUE(MakeFolder(folder / "c", 0755).has_value());
  ASSERT_TRUE(MakeFolder(folder / "c-2", 0755).has_value());
  EXPECT_EQ(OtherFolder(folder / "c/"), folder / "c-3");
}

TEST(ClusterNext, KnowsTheProcessOfANodeByItsApiAndTheConnectionFile) {
  const Folder folder;
  ASSERT_EQ(RunProgram({"cluster", "init", "--dir", folder / "c"}).exit, 0);
  const auto plan = LoadPlan(folder / "c");
  ASSERT_TRUE(plan.has_value());
  const ClusterNode& node = plan->nodes[1];
  const pid_t pid = StartShellNode(folder, "sleep 60; true", node.config().string());
  folder.Write("c/nodes/" + node.name + "/node.pid", std::to_string(pid) + "\n");
  const std::filesystem::path mine[] = {folder / "c/beian.toml"};
  const std::filesystem::path other[] = {folder / "beian.toml"};
  EXPECT_EQ(ProcessOf(mine, node.api_url()), pid);
  EXPECT_EQ(ProcessOf(mine, plan->nodes[0].api_url()), std::nullopt);
  EXPECT_EQ(ProcessOf(other, node.api_url()), std::nullopt);
  ::kill(-pid, SIGKILL);
}

}  // namespace
}  // namespace beian::client
