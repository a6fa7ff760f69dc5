#include "client/audit/block_pipeline.h"

#include <gtest/gtest.h>

#include "tests/client/support/vector_source.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

class Pipelines : public testing::Test {
 protected:
  Pipelines() {
    for (int i = 0; i < 40; ++i) ledger_.Extend({});
  }
  SmallLedger ledger_;
};

TEST_F(Pipelines, GiveBlocksInOrderHoweverManyThreadsWork) {
  for (const size_t threads : {1u, 4u}) {
    VectorSource source(ledger_.blocks());
    BlockPipeline pipeline(source, ledger_.genesis(), AuditLevel::kL2, threads, 0);
    for (uint64_t height = 1; height <= 40; ++height) {
      const auto next = pipeline.Next();
      ASSERT_TRUE(next && *next && **next);
      EXPECT_EQ((**next)->header.height.value(), height);
    }
    const auto end = pipeline.Next();
    ASSERT_TRUE(end.has_value());
    EXPECT_FALSE(end->has_value());
  }
}

TEST_F(Pipelines, GiveAFindingInItsPlace) {
  std::vector<StoredBlock> blocks = ledger_.blocks();
  blocks[7].proof = blocks[6].proof;
  VectorSource source(blocks);
  BlockPipeline pipeline(source, ledger_.genesis(), AuditLevel::kL0, 3, 0);
  for (int i = 0; i < 7; ++i) EXPECT_TRUE((*pipeline.Next())->has_value());
  EXPECT_EQ((*pipeline.Next())->error().id, "audit.bad_finality");
}

TEST_F(Pipelines, GiveTheSourcesFailureAfterItsBlocks) {
  VectorSource source(ledger_.blocks());
  source.failure = ClientError{"x", "", "", "", "", Exit::kUnreachable, 0};
  BlockPipeline pipeline(source, ledger_.genesis(), AuditLevel::kL0, 2, 0);
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(pipeline.Next().has_value());
  EXPECT_EQ(pipeline.Next().error().id, "x");
}

TEST_F(Pipelines, CanBeLeftInTheMiddle) {
  VectorSource source(ledger_.blocks());
  BlockPipeline pipeline(source, ledger_.genesis(), AuditLevel::kL0, 2, 0);
  EXPECT_TRUE(pipeline.Next().has_value());
}

TEST_F(Pipelines, TakeVouchedBlocksAsChecked) {
  std::vector<StoredBlock> blocks = ledger_.blocks();
  FinalityProof proof = ledger_.Finalize(*Header::Decode(blocks[2].header));
  proof.finalization.signatures[0].second.octets[0] ^= 1;
  blocks[2].proof = proof.Encode(4);
  for (const uint64_t vouched : {2u, 3u}) {
    VectorSource source(blocks);
    BlockPipeline pipeline(source, ledger_.genesis(), AuditLevel::kL0, 2, vouched);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE((*pipeline.Next())->has_value());
    EXPECT_EQ((*pipeline.Next())->has_value(), vouched == 3);
  }
}

}  // namespace
}  // namespace beian::client
