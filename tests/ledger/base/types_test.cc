#include "ledger/base/types.h"

#include <gtest/gtest.h>

#include <concepts>
#include <limits>
#include <sstream>

namespace beian {
namespace {

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();

// Meanings do not mix: none of these may compile.
static_assert(!std::equality_comparable_with<BlockId, TransactionId>);
static_assert(!std::equality_comparable_with<Height, View>);
static_assert(!std::convertible_to<uint64_t, Height>);
static_assert(!std::convertible_to<Height, uint64_t>);
static_assert(!std::convertible_to<BlockId, TransactionId>);
static_assert(!std::convertible_to<uint16_t, ValidatorIndex>);

TEST(Digest, ComparesAsOctetsAndPrintsAsHex) {
  const BlockId low = BlockId::FromBytes(Bytes(31, '\0') + "\x7f");
  const BlockId high = BlockId::FromBytes("\x80" + Bytes(31, '\0'));
  EXPECT_LT(low, high);
  EXPECT_EQ(low.hex(), std::string(62, '0') + "7f");
  std::ostringstream out;
  out << low;
  EXPECT_EQ(out.str(), low.hex());
  EXPECT_EQ(BlockId::FromBytes(low.view()), low);
}

TEST(Digest, IsZeroUntilItIsSet) {
  EXPECT_TRUE(BlockId().IsZero());
  EXPECT_FALSE(BlockId::FromBytes(Bytes(31, '\0') + "\x01").IsZero());
}

TEST(Digest, IsCastOctetForOctet) {
  const BlockId id = BlockId::FromBytes(Bytes(32, 'x'));
  EXPECT_EQ(DigestCast<MerkleRoot>(id).view(), id.view());
}

TEST(DigestDeathTest, ChecksTheLength) {
  EXPECT_DEATH(BlockId::FromBytes(Bytes(31, 'x')), "CHECK failed");
  EXPECT_DEATH(BlockId::FromBytes(Bytes(33, 'x')), "CHECK failed");
}

TEST(Number, CountsUpAndDown) {
  EXPECT_EQ(Height(7).Next(), Height(8));
  EXPECT_EQ(Height(7).Previous(), Height(6));
  EXPECT_EQ(Height(7) + 3, Height(10));
  EXPECT_EQ(Height(7) - 3, Height(4));
  EXPECT_EQ(Height(7) - Height(3), 4u);
  EXPECT_LT(Height(3), Height(7));
}

TEST(NumberDeathTest, ChecksAgainstOverflow) {
  EXPECT_DEATH(Height(kMax).Next(), "CHECK failed");
  EXPECT_DEATH(Height(0).Previous(), "CHECK failed");
  EXPECT_DEATH(Height(kMax - 1) + 2, "CHECK failed");
  EXPECT_DEATH(Height(1) - 2, "CHECK failed");
  EXPECT_DEATH(Height(1) - Height(2), "CHECK failed");
}

}  // namespace
}  // namespace beian
