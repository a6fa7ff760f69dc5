#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/sdk/files.h"
#include "tests/client/support/desk.h"
#include "tests/client/support/export_of.h"
#include "tests/client/support/fake_node.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(AuditCommand, IsCleanOnlyWhenEverythingWasChecked) {
  Desk desk;
  desk.Approve(desk.File());
  for (const char* level : {"L0", "L1", "L2", "L3"}) {
    const Ran ran = desk.Run({"audit", "run", "--level", level});
    EXPECT_EQ(ran.exit, 0) << ran.out << ran.error;
    EXPECT_THAT(ran.out, StartsWith("CLEAN"));
  }
  EXPECT_EQ(desk.Run({"audit", "run", "--level", "L9"}).exit, 2);
  EXPECT_EQ(desk.Json({"audit", "run"})["transactions"], 4);
}

TEST(AuditCommand, NamesTheFirstBadBlockWithBothValues) {
  Desk desk;
  desk.Approve(desk.File());
  std::vector<StoredBlock> blocks = desk.node().ledger().blocks();
  std::swap(blocks[2], blocks[3]);
  const std::string file =
      desk.folder().Write("e.bin", ExportOf(desk.node().genesis().chain_id, blocks));
  const Ran ran = desk.Run({"audit", "run", "--export", file});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_THAT(ran.out, StartsWith("BAD"));
  EXPECT_THAT(ran.out, HasSubstr("audit.bad_height"));
  EXPECT_THAT(ran.out, HasSubstr("beian chain block 3"));
  const auto json = desk.Json({"audit", "run", "--export", file});
  EXPECT_EQ(json["findings"][0]["expected"], "3");
  EXPECT_EQ(json["findings"][0]["found"], "4");
}

TEST(AuditCommand, ADamagedSourceIsNotChecked) {
  Desk desk;
  desk.File();
  const Bytes whole = ExportOf(desk.node().ledger());
  const std::string file = desk.folder().Write("e.bin", whole.substr(0, whole.size() - 3));
  const Ran ran = desk.Run({"audit", "run", "--export", file});
  EXPECT_EQ(ran.exit, 11);
  EXPECT_THAT(ran.out, HasSubstr("export.damaged"));
  EXPECT_EQ(desk.Run({"audit", "run", "--data-dir", desk.path("none")}).exit, 3);
}

TEST(AuditCommand, ComparesTheNodes) {
  Desk desk;
  desk.File();
  FakeNode other;  // the same genesis, another history
  desk.File(2);
  const Ran ran = desk.Run({"audit", "run", "--node", desk.node().url(), "--node", other.url()});
  EXPECT_EQ(ran.exit, 10);
  EXPECT_THAT(ran.out, HasSubstr("audit.fork"));
  const Ran same =
      desk.Run({"audit", "run", "--node", desk.node().url(), "--node", desk.node().url() + "/"});
  EXPECT_EQ(same.exit, 0) << same.out;
}

TEST(AuditCommand, GoesOnWithAProgressFile) {
  Desk desk;
  desk.File();
  const std::string progress = desk.path("progress.json");
  EXPECT_EQ(desk.Run({"audit", "run", "--progress-file", progress}).exit, 0);
  const Answer saved = Answer::Parse(*ReadFile(progress, 1 << 20));
  EXPECT_EQ(saved["height"], 2);
  EXPECT_EQ(desk.Run({"audit", "run", "--progress-file", progress}).exit, 0);
}

TEST(AuditCommand, WithoutAnyNodeSaysHowToReadAStoppedOne) {
  Desk desk;
  const Ran ran = desk.Run({"audit", "run", "--node", "http://127.0.0.1:1"});
  EXPECT_EQ(ran.exit, 11);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.error, HasSubstr("next: beian audit run --data-dir DIR"));
}

}  // namespace
}  // namespace beian::client
