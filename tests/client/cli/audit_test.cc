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
  EXPECT_THAT(ran.out, StartsWith("BAD at block 3 (blocks 1 to 2 are good): "));
  EXPECT_THAT(ran.out, HasSubstr("audit.bad_height"));
  EXPECT_THAT(ran.out, HasSubstr("beian audit run --level L3 --export " + file + " --to 3\n"));
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

/// A node that has the first `count` of these blocks.
void Serve(FakeNode& node, std::vector<StoredBlock> blocks, size_t count) {
  blocks.resize(count);
  node.before = [blocks = std::move(blocks)](const TestRequest& request) {
    const size_t at = request.target.find("first=");
    if (at == std::string::npos) return TestReply{0, "", "", false};
    v1::BlocksReply reply;
    reply.set_tip(blocks.size());
    for (size_t h = std::stoul(request.target.substr(at + 6)); h <= blocks.size(); ++h) {
      reply.add_blocks(EncodeStoredBlock(blocks[h - 1]));
    }
    return TestReply{200, "application/x-protobuf", reply.SerializeAsString(), false};
  };
}

TEST(AuditCommand, ComparesANodeThatIsAheadAtTheHeightThatBothHave) {
  Desk desk;
  desk.File(1);
  desk.File(2);
  FakeNode behind;
  Serve(behind, desk.node().ledger().blocks(), 2);
  const Answer json =
      desk.Json({"audit", "run", "--node", behind.url(), "--node", desk.node().url()});
  EXPECT_EQ(json["verdict"], "clean") << json;
  EXPECT_EQ(json["blocks"], 2);
  EXPECT_EQ(json["nodes_compared"][0]["node"], desk.node().url());
  EXPECT_EQ(json["nodes_compared"][0]["compared_height"], 2);
  EXPECT_EQ(json["nodes_compared"][0]["state"], "agrees");
}

TEST(AuditCommand, FindsTheForkOfANodeThatIsAhead) {
  Desk desk;
  desk.File();
  FakeNode other;  // the same genesis, another history, a block less
  const Answer json =
      desk.Json({"audit", "run", "--node", other.url(), "--node", desk.node().url()});
  EXPECT_EQ(json["findings"][0]["id"], "audit.fork") << json;
  EXPECT_EQ(json["findings"][0]["height"], 1);
}

/// A chain of three blocks as an export, in which a signature under block 1 does not verify.
std::string ExportWithABadSignature(Desk& desk) {
  std::vector<StoredBlock> blocks = desk.node().ledger().blocks();
  FinalityProof proof = desk.node().ledger().Finalize(*Header::Decode(blocks[0].header));
  proof.finalization.signatures[0].second.octets[0] ^= 1;
  blocks[0].proof = proof.Encode(desk.node().genesis().validators.size());
  return desk.folder().Write("bad.bin", ExportOf(desk.node().genesis().chain_id, blocks));
}

TEST(AuditCommand, GoesOnWithAProgressFileAndDoesNotCheckAgainWhatItVouchesFor) {
  Desk desk;
  desk.File(1);
  const std::string progress = desk.path("progress.json");
  EXPECT_EQ(desk.Run({"audit", "run", "--progress-file", progress}).exit, 0);
  EXPECT_EQ(Answer::Parse(*ReadFile(progress, 1 << 20))["height"], 2);
  desk.File(2);
  const std::vector<std::string> anew = {"audit", "run", "--export", ExportWithABadSignature(desk)};
  EXPECT_EQ(desk.Run(anew).exit, 10);
  std::vector<std::string> on = anew;
  on.insert(on.end(), {"--progress-file", progress});
  const Ran ran = desk.Run(on);
  EXPECT_EQ(ran.exit, 0) << ran.out;
  EXPECT_EQ(Answer::Parse(*ReadFile(progress, 1 << 20))["height"], 3);
}

TEST(AuditCommand, SaysOfEachCheckWhetherItPassedFailedOrWasNotDoneAndUpToWhichBlock) {
  Desk desk;
  desk.File();
  const Ran clean = desk.Run({"audit", "run", "--level", "L1"});
  EXPECT_THAT(clean.out, HasSubstr("passed    to block 2  every transaction hashed again"));
  EXPECT_THAT(clean.out, Not(HasSubstr("failed")));
  std::vector<StoredBlock> blocks = desk.node().ledger().blocks();
  blocks[1].entries[0].back() ^= 1;  // its results: the log's root is another
  const Bytes octets = ExportOf(desk.node().genesis().chain_id, blocks);
  const Ran bad =
      desk.Run({"audit", "run", "--export", desk.folder().Write("bad.bin", octets)});
  EXPECT_EQ(bad.exit, 10);
  EXPECT_THAT(bad.out, HasSubstr("failed    at block 2  every transaction hashed again"));
  EXPECT_THAT(bad.out, HasSubstr("passed    to block 1  headers linked"));
  EXPECT_THAT(bad.out, HasSubstr("passed    to block 1  every action executed"));
  const Ran forged =
      desk.Run({"audit", "run", "--export", ExportWithABadSignature(desk)});
  EXPECT_THAT(forged.out, StartsWith("BAD at block 1: "));
  EXPECT_THAT(forged.out, HasSubstr("failed    at block 1  the finalization of every block"));
  EXPECT_THAT(forged.out, HasSubstr("not done              headers linked"));
  EXPECT_THAT(forged.out, Not(HasSubstr("passed")));
}

TEST(AuditCommand, AnUnfinishedAuditSaysHowFarEachCheckGot) {
  Desk desk;
  desk.File();
  const Bytes whole = ExportOf(desk.node().ledger());
  const std::string file = desk.folder().Write("e.bin", whole.substr(0, whole.size() - 3));
  const Ran ran = desk.Run({"audit", "run", "--export", file});
  EXPECT_THAT(ran.out, HasSubstr("passed    to block 1  headers linked"));
  EXPECT_THAT(ran.out, HasSubstr("passed    to block 1  every action executed"));
  const std::string json = desk.Run({"audit", "run", "--export", file, "-o", "json"}).out;
  EXPECT_EQ(Answer::Parse(json)["checks"][0]["result"], "passed");
  EXPECT_EQ(Answer::Parse(json)["checks"][0]["height"], 1);
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
  const std::string larger = desk.folder().Write("larger.toml", MakeGenesis(7).text);
  for (const std::vector<std::string>& command : {std::vector<std::string>{"audit", "run"},
                                                  {"audit", "run", "--export", file},
                                                  {"chain", "import", file},
                                                  {"code", "verify", code},
                                                  {"chain", "block", "1"},
                                                  {"code", "verify", "--offline", certificate},
                                                  {"proof", "check", proof}}) {
    for (const std::string& file_of_genesis : {other, larger}) {
      std::vector<std::string> run = command;
      run.insert(run.end(), {"--genesis", file_of_genesis});
      const Ran ran = desk.Run(run);
      EXPECT_EQ(ran.exit, 11) << command[0] << " " << command[1] << ran.out << ran.error;
      EXPECT_THAT(ran.error, HasSubstr("wrong_chain")) << command[0] << " " << command[1];
      EXPECT_THAT(ran.error, HasSubstr("genesis")) << command[0] << " " << command[1];
    }
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
