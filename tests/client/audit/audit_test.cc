#include "client/audit/audit.h"

#include <gtest/gtest.h>

#include <regex>

#include "client/sdk/files.h"
#include "tests/client/support/folder.h"
#include "tests/client/support/vector_source.h"
#include "tests/ledger/verify/small_ledger.h"

namespace beian::client {
namespace {

class Audits : public testing::Test {
 protected:
  Audits() {
    for (uint64_t salt = 0; salt < 6; ++salt) {
      ledger_.Extend(
          {MakeSubmit(ledger_.genesis(), MakeClientKey(salt), ledger_.tip().time + 60'000, salt)});
    }
  }
  AuditReport Run(const std::vector<StoredBlock>& blocks, AuditOptions options = {}) {
    VectorSource source(blocks);
    ChainWalk walk(ledger_.genesis(), options.level);
    options.threads = 2;
    return RunAudit(source, ledger_.genesis(), walk, options);
  }
  /// The same block whose certificate has one bad signature.
  StoredBlock WithBadSignature(const StoredBlock& block) const {
    FinalityProof proof = ledger_.Finalize(*Header::Decode(block.header));
    proof.finalization.signatures[0].second.octets[0] ^= 1;
    return {block.header, proof.Encode(4), block.entries};
  }
  SmallLedger ledger_;
  Folder folder_;
};

TEST_F(Audits, AGoodChainIsClean) {
  const AuditReport report = Run(ledger_.blocks());
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(report.blocks, 6u);
  EXPECT_EQ(report.transactions, 6u);
  EXPECT_EQ(report.tip, ledger_.tip());
  EXPECT_EQ(report.claimed_tip, 6u);
}

TEST_F(Audits, ASourceThatEndsBeforeItsOwnTipIsNotClean) {
  VectorSource source(ledger_.blocks());
  source.beyond = 1;
  ChainWalk walk(ledger_.genesis(), AuditLevel::kL3);
  const AuditReport report = RunAudit(source, ledger_.genesis(), walk, {});
  EXPECT_FALSE(report.clean());
  ASSERT_TRUE(report.failure.has_value());
  EXPECT_EQ(report.failure->id, "audit.source_ends");
}

TEST_F(Audits, TheSameChainGivesTheSameReport) {
  EXPECT_EQ(PrintJson(AuditJson(Run(ledger_.blocks()), ledger_.genesis()), 2),
            PrintJson(AuditJson(Run(ledger_.blocks()), ledger_.genesis()), 2));
}

TEST_F(Audits, TheFirstBadBlockIsNamedAndTheGoodOnesAreCounted) {
  std::vector<StoredBlock> blocks = ledger_.blocks();
  blocks[3] = WithBadSignature(blocks[3]);
  blocks[5] = WithBadSignature(blocks[5]);
  const AuditReport report = Run(blocks);
  EXPECT_FALSE(report.clean());
  ASSERT_TRUE(report.finding.has_value());
  EXPECT_EQ(report.finding->id, "audit.bad_validator_signature");
  EXPECT_EQ(report.finding->height, 4u);
  EXPECT_EQ(report.blocks, 3u);
  const Json json = AuditJson(report, ledger_.genesis());
  EXPECT_EQ(json["verdict"], "bad");
  EXPECT_EQ(json["findings"][0]["height"], 4);
}

TEST_F(Audits, AChainWithoutBlocksIsNotClean) {
  EXPECT_FALSE(Run({}).clean());
}

TEST_F(Audits, AFailureOfTheSourceIsNotClean) {
  VectorSource source(ledger_.blocks());
  source.failure = ClientError{"node.timeout", "", "", "", "", Exit::kUnreachable, 0};
  ChainWalk walk(ledger_.genesis(), AuditLevel::kL0);
  const AuditReport report = RunAudit(source, ledger_.genesis(), walk,
                                      {.level = AuditLevel::kL0, .progress_file = {}, .step = {}});
  EXPECT_FALSE(report.clean());
  EXPECT_EQ(report.failure->id, "node.timeout");
  EXPECT_EQ(AuditJson(report, ledger_.genesis())["verdict"], "incomplete");
}

TEST_F(Audits, AnInterruptedAuditIsNotClean) {
  AuditOptions options;
  options.step = [](uint64_t height, uint64_t) { return height < 2; };
  const AuditReport report = Run(ledger_.blocks(), options);
  EXPECT_TRUE(report.interrupted);
  EXPECT_FALSE(report.clean());
  EXPECT_EQ(report.blocks, 2u);
}

TEST_F(Audits, ASecondRunDoesNotCheckSignaturesAgainUpToWhereTheFirstGot) {
  AuditOptions options;
  options.progress_file = folder_ / "progress.json";
  const std::vector<StoredBlock> first(ledger_.blocks().begin(), ledger_.blocks().begin() + 4);
  ASSERT_TRUE(Run(first, options).clean());
  std::vector<StoredBlock> blocks = ledger_.blocks();
  blocks[1] = WithBadSignature(blocks[1]);
  EXPECT_TRUE(Run(blocks, options).clean()) << "block 4 commits to block 2";
  blocks = ledger_.blocks();
  std::filesystem::remove(options.progress_file);
  blocks[1] = WithBadSignature(blocks[1]);
  EXPECT_FALSE(Run(blocks, options).clean());
}

TEST_F(Audits, AProgressFileDoesNotVouchForARewrittenChain) {
  AuditOptions options;
  options.progress_file = folder_ / "progress.json";
  ASSERT_TRUE(Run(ledger_.blocks(), options).clean());
  SmallLedger other;
  for (uint64_t salt = 50; salt < 56; ++salt) {
    other.Extend(
        {MakeSubmit(other.genesis(), MakeClientKey(salt), other.tip().time + 60'000, salt)});
  }
  const AuditReport report = Run(other.blocks(), options);
  ASSERT_TRUE(report.finding.has_value());
  EXPECT_EQ(report.finding->id, "audit.progress_differs");
  for (const AuditCheck& check : AuditChecks(report)) {
    EXPECT_EQ(check.result, AuditCheck::Result::kNotDone) << check.what;
  }
}

TEST_F(Audits, AChainThatIsShorterThanBeforeIsNotClean) {
  AuditOptions options;
  options.progress_file = folder_ / "progress.json";
  ASSERT_TRUE(Run(ledger_.blocks(), options).clean());
  std::vector<StoredBlock> blocks = ledger_.blocks();
  blocks.pop_back();
  const AuditReport report = Run(blocks, options);
  ASSERT_TRUE(report.finding.has_value());
  EXPECT_EQ(report.finding->id, "audit.progress_differs");
}

TEST_F(Audits, AProgressFileOfAnotherLevelOrNonsenseIsIgnored) {
  AuditOptions options;
  options.progress_file = folder_ / "progress.json";
  options.level = AuditLevel::kL0;
  ASSERT_TRUE(Run(ledger_.blocks(), options).clean());
  options.level = AuditLevel::kL3;
  std::vector<StoredBlock> blocks = ledger_.blocks();
  blocks[1] = WithBadSignature(blocks[1]);
  EXPECT_FALSE(Run(blocks, options).clean());
  folder_.Write("progress.json", "{\"schema\": 3");
  EXPECT_FALSE(Run(blocks, options).clean());
}

TEST_F(Audits, EveryFindingOfTheWalkFailsOneCheck) {
  const std::string text =
      *ReadFile(BEIAN_SOURCE_DIR "/ledger/verify/chain_walk.cc", kTextFileBytesMax);
  const std::regex id(R"re("(audit\.[a-z_]+)")re");
  size_t ids = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), id), end; it != end; ++it, ++ids) {
    AuditReport report;
    report.finding = Finding{(*it)[1], 5, std::nullopt, "", "", ""};
    size_t failed = 0;
    for (const AuditCheck& check : AuditChecks(report)) {
      failed += check.result == AuditCheck::Result::kFailed ? 1 : 0;
    }
    EXPECT_EQ(failed, 1u) << (*it)[1];
  }
  EXPECT_GE(ids, 20u);
}

TEST(AuditLevels, HaveNamesChecksAndLimits) {
  EXPECT_EQ(ParseAuditLevel("L2"), AuditLevel::kL2);
  EXPECT_EQ(ParseAuditLevel("2"), AuditLevel::kL2);
  EXPECT_EQ(ParseAuditLevel("L4"), std::nullopt);
  EXPECT_EQ(AuditLevelName(AuditLevel::kL0), "L0");
  AuditReport headers;
  headers.level = AuditLevel::kL0;
  EXPECT_GT(AuditChecks(AuditReport()).size(), AuditChecks(headers).size());
  EXPECT_LT(AuditLimits(AuditLevel::kL3).size(), AuditLimits(AuditLevel::kL0).size());
}

}  // namespace
}  // namespace beian::client
