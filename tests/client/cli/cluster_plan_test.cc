#include "client/cli/cluster_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "client/sdk/files.h"
#include "client/sdk/key_file.h"
#include "tests/client/support/folder.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

TEST(ClusterPlanTest, BeginsWithTheCacAndThreeProvincesAndHasRoomForAll) {
  const auto names = OfficeNames();
  ASSERT_EQ(names.size(), 32u);
  EXPECT_EQ(std::vector<std::string>(names.begin(), names.begin() + 4),
            (std::vector<std::string>{"cac", "beijing", "guangdong", "jiangsu"}));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 32u);
  EXPECT_THAT(names, testing::Contains("inner-mongolia"));
}

TEST(ClusterPlanTest, GivesEveryNodePortsOfItsOwn) {
  const ClusterPlan plan = MakePlan("/tmp/x", kClusterNodesMax, 7100, {});
  std::set<uint16_t> ports;
  for (const ClusterNode& node : plan.nodes) {
    ports.insert({node.peers_port, node.api_port, node.operations_port});
  }
  EXPECT_EQ(ports.size(), 3 * kClusterNodesMax);
}

TEST(ClusterPlanTest, IsUpWithAQuorumThatLeftTheRestAMoment) {
  EXPECT_EQ(QuorumOf(4), 3u);
  EXPECT_FALSE(IsUp(4, 2, true, kRestWaitMs));
  EXPECT_FALSE(IsUp(4, 3, true, kRestWaitMs - 1));
  EXPECT_FALSE(IsUp(4, 3, false, kRestWaitMs));
  EXPECT_TRUE(IsUp(4, 3, true, kRestWaitMs));
  EXPECT_TRUE(IsUp(4, 4, true, 0));
  EXPECT_TRUE(IsUp(1, 1, true, 0));
}

TEST(ClusterPlanTest, WritesAFolderThatIsReadBack) {
  const Folder folder;
  const ClusterPlan plan = MakePlan(folder / "c", 4, 7100, {});
  ASSERT_TRUE(WriteCluster(plan, 1'600'000'000'123).has_value());
  const auto loaded = LoadPlan(folder / "c");
  ASSERT_TRUE(loaded.has_value());
  ASSERT_EQ(loaded->nodes.size(), 4u);
  EXPECT_EQ(loaded->nodes[2].name, "guangdong");
  EXPECT_EQ(loaded->nodes[2].api_port, 7202);

  const std::string text = *ReadFile(folder / "c/genesis.toml", kTextFileBytesMax);
  const auto genesis = ParseGenesis("genesis.toml", text);
  ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
  EXPECT_EQ(genesis->validators.size(), 4u);
  EXPECT_EQ(genesis->time.value() % 1000, 0u);
  const auto cac = LoadKeyFile(folder / "c/keys/cac.pem");
  EXPECT_EQ(genesis->ActorOf(cac->public_key().id()).role, Actor::Role::kCac);
  const auto beijing = LoadKeyFile(folder / "c/keys/beijing.pem");
  EXPECT_EQ(genesis->ActorOf(beijing->public_key().id()).province, "11");
  const auto consensus = LoadKeyFile(folder / "c/nodes/jiangsu/consensus.pem");
  EXPECT_EQ(genesis->validators.at(ValidatorIndex(3)).consensus_key, consensus->public_key());
}

TEST(ClusterPlanTest, HostsReachEachOtherByTheirAddresses) {
  const Folder folder;
  const ClusterPlan plan = MakePlan(folder / "c", 2, 7100, {{"beijing", "10.0.0.2"}});
  ASSERT_TRUE(WriteCluster(plan, 1'600'000'000'000).has_value());
  const std::string config = *ReadFile(folder / "c/nodes/cac/beiand.toml", kTextFileBytesMax);
  EXPECT_THAT(config, HasSubstr("beijing = \"10.0.0.2:7100\""));
  EXPECT_THAT(config, HasSubstr("listen = \"0.0.0.0:7100\""));
  EXPECT_TRUE(std::filesystem::exists(folder / "c/nodes/cac/genesis.toml"));
}

TEST(ClusterPlanTest, WithoutAFolderThereIsNone) {
  const Folder folder;
  EXPECT_FALSE(ClusterExists(folder / "c"));
  EXPECT_EQ(LoadPlan(folder / "c").error().exit, Exit::kNotFound);
  folder.Write("cluster.json", "{");
  EXPECT_EQ(LoadPlan(folder.path()).error().id, "cluster.bad_file");
}

}  // namespace
}  // namespace beian::client
