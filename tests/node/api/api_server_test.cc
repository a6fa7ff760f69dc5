#include "node/api/api_server.h"

#include <chrono>
#include <optional>
#include <thread>

#include "ledger/crypto/hash.h"
#include "node/api/openapi.h"
#include "tests/node/api/api_fixture.h"

namespace beian {
namespace {

using nlohmann::json;
using ApiServerTest = ApiFixture;

TEST_F(ApiServerTest, ServesGenesisStatusAndItsDescription) {
  const ProbeReply genesis = Get(port_, "/v1/genesis");
  EXPECT_EQ(genesis.body, node_.genesis_file());
  EXPECT_EQ(Sha256(genesis.body).hex(), node_.genesis().chain_id.hex());
  const json status = GetJson("/v1/status");
  EXPECT_EQ(status["schema"], "beian.status.v1");
  EXPECT_EQ(status["state"], "ready");
  EXPECT_EQ(status["chain"]["id"], node_.genesis().chain_id.hex());
  EXPECT_EQ(status["validators"], 4);
  EXPECT_EQ(status["quorum"], 3);
  EXPECT_EQ(status["peers"][0]["name"], "validator-1");
  EXPECT_EQ(Get(port_, "/v1/openapi.yaml").body, OpenApiYaml());
}

TEST_F(ApiServerTest, DropsWhatTheNodeTellsItAfterItsEnd) {
  const auto transaction = node_.chain().Submit(1);
  std::optional<ApiServer> server(std::in_place, ApiConfig{}, node_);
  ASSERT_TRUE(server->Start().has_value());
  Probe probe(server->port());
  const std::string body = JsonBody({transaction}, 5'000);
  probe.Send("POST /v1/transactions HTTP/1.1\r\nHost: n\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
  while (node_.pending() == 0 || node_.waiting() == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  server.reset();
  EXPECT_TRUE(probe.ClosedByServer());
  node_.CommitPending();
}

}  // namespace
}  // namespace beian
