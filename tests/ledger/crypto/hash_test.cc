#include "ledger/crypto/hash.h"

#include <gtest/gtest.h>

namespace beian {
namespace {

TEST(Sha256, HasTheVectorsOfFips180) {
  EXPECT_EQ(Sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256(Bytes(1'000'000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, ReadsPiecesAsOneText) {
  const Bytes text(200, 'p');
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    const BytesView view = text;
    EXPECT_EQ(Sha256({view.substr(0, cut), "", view.substr(cut)}), Sha256(text));
  }
  EXPECT_EQ(Sha256({}), Sha256(""));
}

TEST(RandomBytes, GivesAsManyAsAskedAndNeverTheSame) {
  EXPECT_EQ(RandomBytes(0), "");
  EXPECT_EQ(RandomBytes(33).size(), 33u);
  EXPECT_NE(RandomBytes(32), RandomBytes(32));
}

}  // namespace
}  // namespace beian
