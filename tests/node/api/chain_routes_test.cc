#include "ledger/verify/chain_walk.h"
#include "tests/node/api/api_fixture.h"

namespace beian {
namespace {

using nlohmann::json;
using ChainRoutesTest = ApiFixture;

TEST_F(ChainRoutesTest, ShowsBlocksByHeightAndTheLatest) {
  node_.CommitFiling(1);
  const FilingId filing = node_.CommitFiling(2);
  const json block = GetJson("/v1/blocks/2");
  EXPECT_EQ(block["header"]["id"], node_.chain().tip().id().hex());
  EXPECT_EQ(GetJson("/v1/blocks/latest"), block);
  ASSERT_EQ(block["transactions"].size(), 1u);
  EXPECT_EQ(block["transactions"][0]["id"], node_.Record(filing).content_transaction.hex());
  EXPECT_EQ(block["transactions"][0]["log_index"], 1);
  const auto header = Header::Decode(Octets(block["header_octets"]));
  const auto proof = DecodeFinalityProof(Octets(block["finality_proof"]), 4);
  ASSERT_TRUE(header && proof);
  EXPECT_TRUE(VerifyFinality(*header, *proof, node_.genesis()).has_value());
  EXPECT_EQ(GetJson("/v1/blocks/3", 404)["id"], "block.unknown");
  EXPECT_EQ(GetJson("/v1/blocks/0", 404)["id"], "block.unknown");
}

TEST_F(ChainRoutesTest, ExportsBlocksThatAnAuditorReplays) {
  node_.CommitApproval(node_.CommitFiling(1));
  node_.CommitFiling(2);
  ChainWalk walk(node_.genesis(), AuditLevel::kL3);
  uint64_t first = 1;
  while (true) {
    const ProbeReply reply =
        Get(port_, "/v1/export?count=2&first=" + std::to_string(first), kProtobuf);
    v1::BlocksReply blocks;
    ASSERT_TRUE(blocks.ParseFromString(reply.body));
    EXPECT_EQ(blocks.tip(), 4u);
    for (const std::string& octets : blocks.blocks()) {
      const auto block = DecodeStoredBlock(octets);
      ASSERT_TRUE(block.has_value());
      const auto next = walk.Next(*block, false);
      ASSERT_TRUE(next.has_value()) << next.error().message;
      ++first;
    }
    if (blocks.blocks_size() == 0) {
      break;
    }
  }
  EXPECT_EQ(walk.tip(), node_.chain().tip());
  const ProbeReply reply = Get(port_, "/v1/export?first=4", kJson);
  EXPECT_EQ(json::parse(reply.body)["blocks"].size(), 1u);
}

}  // namespace
}  // namespace beian
