#include "node/api/proofs.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/node/api/test_node.h"

namespace beian {
namespace {

TEST(Proofs, HasNoneBeforeTheFirstBlock) {
  const TestNode node;
  const auto reader = node.Snapshot();
  EXPECT_FALSE(MakeRecordProof(*reader, LastSetKey()).has_value());
  EXPECT_FALSE(MakeStoredBlock(*reader, Height(0), 4).has_value());
  EXPECT_FALSE(MakeStoredBlock(*reader, Height(1), 4).has_value());
}

TEST(Proofs, ShowsEveryTransactionAsOfTheTip) {
  TestNode node;
  std::vector<TransactionPtr> all;
  for (uint64_t block = 0; block < 5; ++block) {
    std::vector<TransactionPtr> some;
    for (uint64_t i = 0; i <= block; ++i) {
      some.push_back(node.chain().Submit(100 * block + i));
    }
    all.insert(all.end(), some.begin(), some.end());
    node.Commit(some);
  }
  const auto reader = node.Snapshot();
  for (const TransactionPtr& transaction : all) {
    const auto place = reader->Find(transaction->id());
    ASSERT_TRUE(place.has_value());
    const auto receipt = MakeReceipt(*reader, *place);
    ASSERT_TRUE(receipt.has_value());
    EXPECT_EQ(receipt->header, reader->Tip());
    const auto verified = VerifyReceipt(*receipt, node.genesis(), transaction->id());
    ASSERT_TRUE(verified.has_value());
    EXPECT_EQ(verified->transaction->wire(), transaction->wire());
  }
}

TEST(Proofs, SpeaksAsOfItsSnapshot) {
  TestNode node;
  const FilingId first = node.CommitFiling(1);
  const auto before = node.Snapshot();
  const FilingId second = node.CommitFiling(2);
  const auto absent = MakeRecordProof(*before, FilingKey(second));
  ASSERT_TRUE(absent.has_value());
  EXPECT_EQ(VerifyRecordProof(*absent, FilingKey(second), node.genesis()), false);
  EXPECT_EQ(absent->header.height, Height(1));
  const auto present = MakeRecordProof(*node.Snapshot(), FilingKey(second));
  EXPECT_EQ(VerifyRecordProof(*present, FilingKey(second), node.genesis()), true);
  EXPECT_EQ(VerifyRecordProof(*present, FilingKey(first), node.genesis()).error(),
            VerifyError::kWrongObject);
}

TEST(Proofs, MakesBlocksThatReplay) {
  TestNode node;
  node.CommitApproval(node.CommitFiling(1));
  const auto reader = node.Snapshot();
  ChainWalk walk(node.genesis(), AuditLevel::kL3);
  for (uint64_t height = 1; height <= reader->Tip().height.value(); ++height) {
    const auto block = MakeStoredBlock(*reader, Height(height), 4);
    ASSERT_TRUE(block.has_value());
    EXPECT_TRUE(walk.Next(*block, false).has_value());
  }
}

}  // namespace
}  // namespace beian
