#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/sdk/files.h"
#include "tests/client/support/desk.h"

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
  EXPECT_EQ(desk.Run({"chain", "block", "3"}).exit, 3);
  EXPECT_EQ(desk.Run({"chain", "block", "two"}).exit, 2);
}

TEST(ChainCommand, SaysWhichNodesCannotBeReached) {
  Desk desk;
  const Ran ran = desk.Run({"chain", "status", "--node", "http://127.0.0.1:1"});
  EXPECT_EQ(ran.exit, 5);
  EXPECT_THAT(ran.out, HasSubstr("unreachable"));
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
  EXPECT_EQ(desk.Run({"chain", "export", desk.path("other")}).exit, 11);
}

}  // namespace
}  // namespace beian::client
