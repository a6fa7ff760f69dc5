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

TEST(AuditCommand, AProgressFileBeyondTheLastHeightIsNoFinding) {
  Desk desk;
  desk.File(1);
  desk.File(2);
  const std::string progress = desk.path("progress.json");
  const auto to = [&](const std::string& height) {
    return desk.Run({"audit", "run", "--progress-file", progress, "--to", height});
  };
  EXPECT_EQ(to("3").exit, 0);
  const Ran lower = to("2");
  EXPECT_EQ(lower.exit, 2) << lower.out;
  EXPECT_THAT(lower.error, HasSubstr("usage.progress_beyond"));
  EXPECT_THAT(lower.error, HasSubstr("already at height 3"));
  EXPECT_EQ(to("3").exit, 0);
}

TEST(AuditCommand, KeepsAFileThatIsNoProgressFile) {
  Desk desk;
  desk.File();
  const std::string file = desk.folder().Write("README.md", "# About\n");
  const Ran ran = desk.Run({"audit", "run", "--progress-file", file});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.error, HasSubstr("file.other_kind"));
  EXPECT_EQ(*ReadFile(file, 100), "# About\n");
}

TEST(AuditCommand, ChecksUpToTheLastHeightAskedForWhateverTheSource) {
  Desk desk;
  desk.File(1);
  desk.File(2);
  const std::string file = desk.folder().Write("e.bin", ExportOf(desk.node().ledger()));
  for (const std::vector<std::string>& source :
       {std::vector<std::string>{"audit", "run"}, {"audit", "run", "--export", file}}) {
    std::vector<std::string> to = source;
    to.insert(to.end(), {"--to", "2"});
    EXPECT_EQ(desk.Json(to)["blocks"], 2);
    EXPECT_EQ(desk.Run(to).exit, 0);
    to.back() = "99999";
    const Ran beyond = desk.Run(to);
    EXPECT_EQ(beyond.exit, 11) << beyond.out;
    EXPECT_THAT(beyond.out, StartsWith("INCOMPLETE"));
    EXPECT_THAT(beyond.out, HasSubstr("audit.source_ends"));
  }
  EXPECT_EQ(desk.Run({"audit", "run", "--export", file, "--data-dir", desk.path("x")}).exit, 2);
}

TEST(AuditCommand, SaysNothingOfActionsThatItDoesNotCount) {
  Desk desk;
  desk.File();
  EXPECT_THAT(desk.Run({"audit", "run", "--level", "L1"}).out, HasSubstr("Actions"));
  EXPECT_THAT(desk.Run({"audit", "run", "--level", "L0"}).out, Not(HasSubstr("Actions")));
  EXPECT_EQ(desk.Json({"audit", "run", "--level", "L0"})["actions"], Answer::Parse("null"));
  EXPECT_EQ(desk.Json({"audit", "run"})["actions"], 1);
}

TEST(AuditCommand, AGenesisOfAnotherChainIsNoEvidenceAgainstThisOne) {
  Desk desk;
  const std::string code = desk.Approve(desk.File());
  const std::string file = desk.folder().Write("e.bin", ExportOf(desk.node().ledger()));
  const std::string certificate = desk.path("c.json"), proof = desk.path("p.json");
  const std::string id = desk.Json({"filing", "get", code})["filing"]["content_transaction"];
  ASSERT_EQ(desk.Run({"code", "certificate", code, certificate}).exit, 0);
  ASSERT_EQ(desk.Run({"proof", "get", id, proof}).exit, 0);
  std::string genesis = desk.node().fixture().text;
  genesis.replace(genesis.find("name = \""), 8, "name = \"another-");
  const std::string other = desk.folder().Write("other.toml", genesis);
  for (const std::vector<std::string>& command : {std::vector<std::string>{"audit", "run"},
                                                  {"audit", "run", "--export", file},
                                                  {"chain", "import", file},
                                                  {"code", "verify", code},
                                                  {"chain", "block", "1"},
                                                  {"code", "verify", "--offline", certificate},
                                                  {"proof", "check", proof}}) {
    std::vector<std::string> run = command;
    run.insert(run.end(), {"--genesis", other});
    const Ran ran = desk.Run(run);
    EXPECT_EQ(ran.exit, 11) << command[0] << " " << command[1] << ran.out << ran.error;
    EXPECT_THAT(ran.error, HasSubstr("wrong_chain")) << command[0] << " " << command[1];
    EXPECT_THAT(ran.error, HasSubstr("genesis")) << command[0] << " " << command[1];
  }
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
