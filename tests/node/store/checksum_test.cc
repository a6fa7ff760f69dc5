#include "node/store/checksum.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

TEST(Checksum, IsCrc32c) {
  // RFC 3720, appendix B.4.
  EXPECT_EQ(Crc32c({Bytes(32, '\0')}), 0x8a9136aau);
  EXPECT_EQ(Crc32c({Bytes(32, '\xff')}), 0x62a8ab43u);
  EXPECT_EQ(Crc32c({"123456789"}), 0xe3069283u);
}

TEST(Checksum, OfPiecesIsThatOfTheirWhole) {
  EXPECT_EQ(Crc32c({"1234", "", "56789"}), Crc32c({"123456789"}));
  EXPECT_EQ(Crc32c({}), Crc32c({""}));
}

}  // namespace
}  // namespace beian
