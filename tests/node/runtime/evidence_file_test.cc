#include "node/runtime/evidence_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"

namespace beian {
namespace {

class EvidenceFileTest : public ::testing::Test {
 protected:
  EvidenceFileTest() { std::filesystem::remove(file_); }
  ~EvidenceFileTest() override { std::filesystem::remove(file_); }

  static Evidence OfView(uint64_t view) {
    const Vote nullify{{VoteKind::kNullify, Epoch(0), View(view), View(0), BlockId{}},
                       ValidatorIndex(2), {}};
    Vote finalize = nullify;
    finalize.statement.kind = VoteKind::kFinalize;
    return {nullify, finalize};
  }
  std::vector<std::string> Lines() const {
    std::ifstream in(file_);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  const std::filesystem::path file_ =
      std::filesystem::path(::testing::TempDir()) / "evidence_file_test.log";
};

TEST_F(EvidenceFileTest, HoldsALineOfHexForEachThatDecodesToIt) {
  AppendEvidence(file_, OfView(7));
  AppendEvidence(file_, OfView(9));
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(Evidence::Decode(*FromHex(lines[0])), OfView(7));
  EXPECT_EQ(Evidence::Decode(*FromHex(lines[1])), OfView(9));
}

TEST_F(EvidenceFileTest, GrowsNoFurtherThanItsBound) {
  std::ofstream(file_) << std::string(kEvidenceFileBytesMax - 10, 'x');
  AppendEvidence(file_, OfView(7));
  EXPECT_EQ(std::filesystem::file_size(file_), kEvidenceFileBytesMax - 10);
}

}  // namespace
}  // namespace beian
