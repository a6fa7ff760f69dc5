#include "node/api/api_server.h"

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

}  // namespace
}  // namespace beian
