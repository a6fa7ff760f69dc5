#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "beian/v1/api.pb.h"
#include "client/sdk/files.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/export_of.h"
#include "tests/client/support/fake_node.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

using testing::HasSubstr;

TEST(ChainCommand, ShowsNodesHeadAndBlocks) {
  Desk desk;
  desk.File();
  const auto status = desk.Json({"chain", "status"});
  EXPECT_EQ(status["nodes"][0]["state"], "ready");
  EXPECT_EQ(status["nodes"][0]["committed_height"], 2);
  EXPECT_EQ(desk.Json({"chain", "head"})["header"]["height"], 2);
  const auto block = desk.Json({"chain", "block", "2"});
  EXPECT_EQ(block["transactions"][0]["actions"][0], "submit");
  const std::string shown = desk.Run({"chain", "block", "2", "-o", "json"}).out;
  EXPECT_EQ(shown.find("\"results\""), std::string::npos) << "only a receipt shows them";
  EXPECT_EQ(desk.Run({"chain", "block", "3"}).exit, 3);
  EXPECT_EQ(desk.Run({"chain", "block", "two"}).exit, 2);
}

TEST(ChainCommand, SaysWhichNodesCannotBeReached) {
  Desk desk;
  const Ran ran = desk.Run({"chain", "status", "--node", "http://127.0.0.1:1"});
  EXPECT_EQ(ran.exit, 5);
  EXPECT_THAT(ran.out, HasSubstr("unreachable"));
}

TEST(ChainCommand, ShowsNoZerosForWhatANodeDoesNotSay) {
  Desk desk;
  FakeNode poor;
  poor.before = [](const TestRequest&) { return TestReply{200, "application/json", "{}", false}; };
  const std::vector<std::string> nodes = {"chain", "status", "--node", desk.node().url(),
                                          "--node", poor.url()};
  const Ran ran = desk.Run(nodes);
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr(poor.url() + "/v1/status"));
  EXPECT_THAT(ran.out, HasSubstr("lacks `schema`"));
  const Answer row = desk.Json(nodes)["nodes"][1];
  EXPECT_EQ(row["error_id"], "node.bad_reply") << row;
  EXPECT_FALSE(row["committed_height"] == 0) << row;
  EXPECT_EQ(desk.Run({"chain", "status", "--node", poor.url()}).exit, 5);
}

TEST(ChainCommand, ExportsAndGoesOnWhereAFileEnds) {
  Desk desk;
  desk.File(1);
  const std::string file = desk.path("e.bin");
  EXPECT_EQ(desk.Json({"chain", "export", file})["new_blocks"], 2);
  desk.File(2);
  const Bytes whole = *ReadFile(file, 1 << 20);
  desk.folder().Write("e.bin", whole.substr(0, whole.size() - 1));  // torn
  const auto again = desk.Json({"chain", "export", file});
  EXPECT_EQ(again["blocks"], 3);
  EXPECT_EQ(again["new_blocks"], 2);
  EXPECT_EQ(desk.Run({"audit", "run", "--export", file}).exit, 0);
  desk.folder().Write("other", "something else");
  const Ran other = desk.Run({"chain", "export", desk.path("other")});
  EXPECT_EQ(other.exit, 1);
  EXPECT_THAT(other.error, HasSubstr("export.other_file"));
  EXPECT_EQ(*ReadFile(desk.path("other"), 1 << 20), "something else");
  EXPECT_THAT(desk.Run({"chain", "export", desk.folder().path()}).error,
              HasSubstr("export.not_a_file"));
}

TEST(ChainCommand, AnExportFromANodeThatEndsBeforeItsOwnTipIsAnError) {
  Desk desk;
  desk.File();
  const std::vector<StoredBlock> blocks = desk.node().ledger().blocks();
  desk.node().before = [&blocks](const TestRequest& request) {
    v1::BlocksReply reply;
    reply.set_tip(blocks.size() + 1);
    if (request.target.find("first=1&") != std::string::npos) {
      for (const StoredBlock& block : blocks) reply.add_blocks(EncodeStoredBlock(block));
    }
    return TestReply{200, "application/x-protobuf", reply.SerializeAsString(), false};
  };
  const Ran ran = desk.Run({"chain", "export", desk.path("e.bin")});
  EXPECT_EQ(ran.exit, 5) << ran.out;
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.error, HasSubstr("no block after 2, and says that it has 3"));
}

TEST(ChainCommand, AppendsNothingToAnExportWithABadBlock) {
  Desk desk;
  desk.File(1);
  desk.File(2);
  std::vector<StoredBlock> blocks = desk.node().ledger().blocks();
  blocks[1].entries[0].back() ^= 1;
  blocks.pop_back();
  const Bytes damaged = ExportOf(desk.node().genesis().chain_id, blocks);
  const std::string file = desk.folder().Write("e.bin", damaged);
  const Ran ran = desk.Run({"chain", "export", file});
  EXPECT_EQ(ran.exit, 10) << ran.out;
  EXPECT_THAT(ran.error, HasSubstr("export.bad_block"));
  EXPECT_THAT(ran.error, HasSubstr("Block 2 "));
  EXPECT_EQ(*ReadFile(file, 1 << 20), damaged);
}

}  // namespace
}  // namespace beian::client
