#include "node/api/operations_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/node/api/http_probe.h"
#include "tests/node/api/test_node.h"

namespace beian {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class OperationsServerTest : public testing::Test {
 protected:
  OperationsServerTest()
      : metrics_(node_.genesis()),
        server_({HttpConfig{}, [this] { return loop_age_ms_.load(); }}, node_, metrics_) {
    EXPECT_TRUE(server_.Start().has_value());
  }
  ProbeReply Ask(const std::string& target) { return Get(server_.port(), target); }

  std::atomic<uint64_t> loop_age_ms_ = 5;
  TestNode node_;
  Metrics metrics_;
  OperationsServer server_;
};

TEST_F(OperationsServerTest, IsAliveWhateverTheQuorumDoes) {
  for (const char* state : {"ready", "no_quorum", "reentry", "catching_up", "observer"}) {
    node_.status.state = state;
    EXPECT_EQ(Ask("/livez").status, 200) << state;
  }
  loop_age_ms_ = kLoopStuckMs + 1;
  const ProbeReply reply = Ask("/livez");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(json::parse(reply.body)["id"], "node.stuck");
}

TEST_F(OperationsServerTest, IsReadyOnlyInStateReadyAndSaysWhyNot) {
  EXPECT_EQ(Ask("/readyz").status, 200);
  node_.status.state = "no_quorum";
  const ProbeReply reply = Ask("/readyz");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(json::parse(reply.body)["id"], "node.not_ready");
  EXPECT_THAT(reply.body, HasSubstr("state is no_quorum"));
  EXPECT_THAT(reply.body, HasSubstr("1 peers connected"));
}

TEST_F(OperationsServerTest, AnObserverVotesNotAndIsNotReady) {
  node_.status.state = "observer";
  EXPECT_EQ(Ask("/readyz").status, 503);
}

TEST_F(OperationsServerTest, TellsItsVersion) {
  const json body = json::parse(Ask("/version").body);
  EXPECT_EQ(body["schema"], "beian.version.v1");
  EXPECT_THAT(body["compiler"].get<std::string>(), testing::ContainsRegex("[0-9]+\\.[0-9]+"));
  EXPECT_FALSE(body["commit"].get<std::string>().empty());
  EXPECT_FALSE(body["version"].get<std::string>().empty());
}

TEST_F(OperationsServerTest, ServesMetricsOfTheMoment) {
  node_.status.replica.committed_height = Height(41);
  metrics_.CountVerified(3, 1);
  const ProbeReply reply = Ask("/metrics");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.headers.at("content-type"), HasSubstr("version=0.0.4"));
  EXPECT_THAT(reply.body, HasSubstr("beian_committed_height 41\n"));
  EXPECT_THAT(reply.body, HasSubstr("beian_peers_connected 1\n"));
  EXPECT_THAT(reply.body, HasSubstr("beian_client_signatures_verified_total{result=\"good\"} 3\n"));
}

TEST_F(OperationsServerTest, RefusesOtherPathsAndMethods) {
  EXPECT_EQ(Ask("/").status, 404);
  EXPECT_EQ(Ask("/v1/status").status, 404);
  EXPECT_EQ(Post(server_.port(), "/livez", "", "").status, 405);
}

}  // namespace
}  // namespace beian
