#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/support/desk.h"
#include "tests/client/support/export_of.h"
#include "tests/client/support/fake_node.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

TEST(StatsCommand, CountsFromTheReplayedChain) {
  Desk desk;
  desk.Approve(desk.File(1));
  desk.File(2);
  desk.Run({"set", "publish", "--number", "1", "--all", "--key", "cac"});
  const auto provinces = desk.Json({"stats", "provinces"});
  ASSERT_EQ(provinces["provinces"].size(), 1u);
  EXPECT_EQ(provinces["provinces"][0]["with_code"], 1) << "a filing is not counted again by code";
  EXPECT_EQ(provinces["provinces"][0]["pending"], 1);
  EXPECT_EQ(provinces["basis"]["level"], "L3");
  const auto sets = desk.Json({"stats", "sets"});
  EXPECT_EQ(sets["sets"][0]["filings"], 1);
  EXPECT_EQ(sets["sets"][0]["provinces"]["北京市"], 1);
}

TEST(StatsCommand, NamesEachColumnForWhatItCounts) {
  Desk desk;
  desk.Approve(desk.File(1));
  desk.File(2);
  desk.Run({"set", "publish", "--number", "1", "--all", "--key", "cac"});
  const std::string counted = desk.Run({"stats", "provinces"}).out;
  EXPECT_THAT(counted, testing::HasSubstr("In sets  Pending  Not passed  All filings\n"));
  EXPECT_THAT(counted, testing::ContainsRegex(" 1 +1 +0 +2\n"));
  const std::string compared =
      desk.Run({"stats", "provinces", "--published", BEIAN_SOURCE_DIR "/data"}).out;
  EXPECT_THAT(compared, testing::ContainsRegex("Name +In sets +Share"));
}

TEST(StatsCommand, GivesNoNumbersOfABadChain) {
  Desk desk;
  desk.File();
  std::vector<StoredBlock> blocks = desk.node().ledger().blocks();
  blocks[1].entries[0].back() ^= 1;
  const std::string file =
      desk.folder().Write("e.bin", ExportOf(desk.node().genesis().chain_id, blocks));
  const Ran ran = desk.Run({"stats", "provinces", "--export", file});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_EQ(ran.out, "");
}

TEST(StatsCommand, ComparesWithWhatWasPublished) {
  Desk desk;
  desk.File();
  const Ran ran = desk.Run({"stats", "sets", "--published", BEIAN_SOURCE_DIR "/data"});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, testing::HasSubstr("DIFFERENT"));
}

}  // namespace
}  // namespace beian::client
