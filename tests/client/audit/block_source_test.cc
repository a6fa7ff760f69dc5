#include "client/audit/block_source.h"

#include <gtest/gtest.h>

#include "beian/v1/api.pb.h"
#include "ledger/verify/export_file.h"
#include "tests/client/support/export_of.h"
#include "tests/client/support/fake_node.h"
#include "tests/client/support/folder.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

size_t CountBlocks(BlockSource& source) {
  size_t blocks = 0;
  while (true) {
    const auto next = source.Next();
    EXPECT_TRUE(next.has_value());
    if (!next || !*next) return blocks;
    ++blocks;
  }
}

class ExportFiles : public testing::Test {
 protected:
  ExportFiles() {
    for (int i = 0; i < 3; ++i) ledger_.Extend({});
  }
  std::expected<ExportFile, ClientError> Open(std::string_view octets) const {
    return ExportFile::Open(folder_.Write("e.bin", octets), ledger_.genesis().chain_id);
  }
  SmallLedger ledger_;
  Folder folder_;
};

TEST_F(ExportFiles, GiveTheBlocksInOrder) {
  const Bytes octets = ExportOf(ledger_);
  auto file = Open(octets);
  ASSERT_TRUE(file.has_value());
  for (const StoredBlock& block : ledger_.blocks()) {
    const auto next = file->Next();
    ASSERT_TRUE(next && *next);
    EXPECT_EQ((*next)->header, block.header);
  }
  EXPECT_EQ(*file->Next(), std::nullopt);
  EXPECT_EQ(file->offset(), octets.size());
}

TEST_F(ExportFiles, ThatEndInsideABlockAreDamaged) {
  const Bytes octets = ExportOf(ledger_);
  for (const size_t cut : {1u, 5u, 200u}) {
    auto file = Open(octets.substr(0, octets.size() - cut));
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->Next() && file->Next());
    const uint64_t offset = file->offset();
    const auto next = file->Next();
    ASSERT_FALSE(next.has_value()) << cut;
    EXPECT_EQ(next.error().id, "export.damaged");
    EXPECT_EQ(next.error().exit, Exit::kUnchecked);
    EXPECT_EQ(file->offset(), offset) << "still the end of the last whole block";
  }
}

TEST_F(ExportFiles, WithALengthBeyondReasonAreDamaged) {
  auto file = Open(EncodeExportHead(ledger_.genesis().chain_id) + "\xFF\xFF\xFF\xFFxxxx");
  EXPECT_EQ(file->Next().error().id, "export.damaged");
}

TEST_F(ExportFiles, OfAnotherChainOrKindAreRefused) {
  EXPECT_EQ(Open("no export").error().id, "export.damaged");
  EXPECT_EQ(Open(EncodeExportHead(ChainId{})).error().id, "export.wrong_chain");
  EXPECT_EQ(ExportFile::Open(folder_ / "none", ChainId{}).error().exit, Exit::kNotFound);
}

TEST(NodeSourceTest, GoesToTheTipOfTheFirstAnswer) {
  FakeNode node;
  for (int i = 0; i < 4; ++i) node.ledger().Extend({});
  Client client(node.genesis(), {node.url()});
  NodeSource source(client, 0);
  EXPECT_EQ(CountBlocks(source), 5u);
  EXPECT_EQ(source.tip(), 5u);
  EXPECT_EQ(source.name(), node.url());
}

TEST(NodeSourceTest, StopsWhereItIsTold) {
  FakeNode node;
  for (int i = 0; i < 4; ++i) node.ledger().Extend({});
  Client client(node.genesis(), {node.url()});
  NodeSource source(client, 2);
  EXPECT_EQ(CountBlocks(source), 2u);
  EXPECT_EQ(source.Next()->has_value(), false) << "and stays there";
}

TEST(NodeSourceTest, GoesNoFurtherThanToldWhateverTheNodeSends) {
  FakeNode node;
  for (int i = 0; i < 4; ++i) node.ledger().Extend({});
  node.before = [&](const TestRequest&) {
    v1::BlocksReply reply;
    reply.set_tip(node.ledger().blocks().size());
    for (const StoredBlock& block : node.ledger().blocks()) {
      reply.add_blocks(EncodeStoredBlock(block));
    }
    return TestReply{200, "application/x-protobuf", reply.SerializeAsString(), false};
  };
  Client client(node.genesis(), {node.url()});
  NodeSource source(client, 2);
  EXPECT_EQ(CountBlocks(source), 2u);
}

TEST(NodeSourceTest, ANodeThatIsGoneIsAnError) {
  FakeNode node;
  node.before = [](const TestRequest&) { return TestReply{200, "", "", true}; };
  Client client(node.genesis(), {node.url()});
  NodeSource source(client, 0);
  EXPECT_EQ(source.Next().error().exit, Exit::kUnreachable);
}

}  // namespace
}  // namespace beian::client
