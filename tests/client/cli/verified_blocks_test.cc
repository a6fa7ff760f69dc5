#include "client/cli/verified_blocks.h"

#include <gtest/gtest.h>

#include "beian/v1/api.pb.h"
#include "tests/client/support/fake_node.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

class VerifiedBlocks : public testing::Test {
 protected:
  VerifiedBlocks() {
    for (uint64_t salt = 1; salt <= 2; ++salt) {
      node_.ledger().Extend(
          {MakeSubmit(node_.genesis(), MakeClientKey(salt), FakeNode::Now() + 60'000, salt)},
          std::max(FakeNode::Now(), node_.ledger().tip().time + 1));
    }
  }
  /// The node answers with these blocks, whatever is asked.
  void Answer(std::vector<StoredBlock> blocks) {
    v1::BlocksReply reply;
    reply.set_tip(3);
    for (const StoredBlock& block : blocks) reply.add_blocks(EncodeStoredBlock(block));
    node_.before = [body = reply.SerializeAsString()](const TestRequest&) {
      return TestReply{200, "application/x-protobuf", body, false};
    };
  }
  std::string ErrorOf(uint64_t first, uint64_t last) {
    Client client(node_.genesis(), {node_.url()});
    const auto blocks = FetchBlocks(client, Height(first), Height(last), AuditLevel::kL1);
    return blocks ? "" : blocks.error().id;
  }
  FakeNode node_;
};

TEST_F(VerifiedBlocks, AreThoseOfTheHeightsAskedFor) {
  Client client(node_.genesis(), {node_.url()});
  const auto blocks = FetchBlocks(client, Height(2), Height(3), AuditLevel::kL2);
  ASSERT_TRUE(blocks.has_value()) << blocks.error().message;
  ASSERT_EQ(blocks->size(), 2u);
  EXPECT_EQ(blocks->at(1).header.height, Height(3));
  EXPECT_EQ(ErrorOf(9, 9), "block.unknown");
}

TEST_F(VerifiedBlocks, HoldTheTransactionsOfTheirHeadersAndNoOthers) {
  auto blocks = node_.ledger().blocks();
  std::swap(blocks[1].entries, blocks[2].entries);
  Answer({blocks[1]});
  EXPECT_EQ(ErrorOf(2, 2), "audit.bad_transaction_root");
}

TEST_F(VerifiedBlocks, FollowOneAnother) {
  const auto& blocks = node_.ledger().blocks();
  Answer({blocks[1], blocks[1]});
  EXPECT_EQ(ErrorOf(2, 3), "audit.bad_height");
  Answer({blocks[2]});
  EXPECT_EQ(ErrorOf(2, 2), "audit.bad_height");
}

}  // namespace
}  // namespace beian::client
