#include "ledger/merkle/map_page.h"

#include <gtest/gtest.h>

#include "tests/ledger/merkle/naive_map.h"

namespace beian {
namespace {

using naive::Pages;
using naive::ValueOf;

MapKey KeyWith(std::string_view first_octets_hex) {
  Bytes octets = FromHex(first_octets_hex).value();
  octets.resize(32);
  return MapKey::FromBytes(octets);
}

const MapKey kA = KeyWith("51");
const MapKey kB = KeyWith("53ab");
const MapKey kC = KeyWith("e7cd");
const PagePath kRoot;
const PagePath kBelow5("\x05");

Pages ExamplePages() {
  Pages pages;
  pages.Update({{kA, ValueOf(1)}, {kB, ValueOf(2)}, {kC, ValueOf(3)}});
  return pages;
}

TEST(MapPage, IsLaidOutAsTheExampleInTheHeaderSays) {
  const Pages pages = ExamplePages();
  const auto h = MapNodeHash;
  const Sha256Digest zero;
  const Sha256Digest ab6 = h(MapLeafHash(kA, ValueOf(1)), MapLeafHash(kB, ValueOf(2)));
  const Sha256Digest ab4 = h(h(ab6, zero), zero);
  EXPECT_EQ(pages.stored.size(), 2u);
  EXPECT_EQ(ToHex(pages.stored.at(kRoot)), "00020400" + ab4.hex() + kC.hex() + ValueOf(3).hex());
  EXPECT_EQ(ToHex(pages.stored.at(kBelow5)),
            "50000000" + kA.hex() + ValueOf(1).hex() + kB.hex() + ValueOf(2).hex());
  EXPECT_EQ(pages.stored.at(kRoot).size(), 100u);
  EXPECT_EQ(pages.stored.at(kBelow5).size(), 132u);
  const Sha256Digest ab1 = h(zero, h(h(zero, ab4), zero));
  EXPECT_EQ(MapRootOf(pages).value().view(), h(ab1, MapLeafHash(kC, ValueOf(3))).view());
}

TEST(MapPage, EncodesWhatItDecodes) {
  const Pages pages = ExamplePages();
  for (const auto& [path, octets] : pages.stored) {
    const auto page = MapPage::Decode(path, octets);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->Encode(), octets);
  }
}

void ExpectBad(const PagePath& path, BytesView octets) {
  const auto page = MapPage::Decode(path, octets);
  ASSERT_FALSE(page) << ToHex(octets);
  EXPECT_EQ(page.error(), MapError::kBadPage);
}

TEST(MapPage, RefusesEveryOtherLength) {
  const Bytes octets = ExamplePages().stored.at(kRoot);
  for (size_t length = 0; length < octets.size(); ++length) {
    ExpectBad(kRoot, BytesView(octets).substr(0, length));
  }
  ExpectBad(kRoot, octets + '\0');
}

TEST(MapPage, RefusesASlotThatIsBothLeafAndPage) {
  const Bytes leaf = Bytes(kC.view()) + Bytes(32, 'v');
  ASSERT_TRUE(MapPage::Decode(kRoot, Bytes("\0\2\0\0", 4) + leaf));
  ExpectBad(kRoot, Bytes("\0\2\0\2", 4) + leaf + Bytes(32, 'p'));
  ExpectBad(kRoot, Bytes("\0\2\0\2", 4) + leaf);
}

TEST(MapPage, RefusesALeafThatBelongsElsewhere) {
  Bytes octets = ExamplePages().stored.at(kBelow5);
  ASSERT_TRUE(MapPage::Decode(kBelow5, octets));
  ExpectBad("\x06", octets);
  octets[0] = 0x30;  // the leaf of slot 1 as if in slot 2
  ExpectBad(kBelow5, octets);
}

TEST(MapPage, RefusesAPageWhereNoTwoLeavesMeet) {
  const Bytes one = Bytes("\x40\0\0\0", 4) + Bytes(kA.view()) + Bytes(32, 'v');
  ExpectBad(kBelow5, one);
  ExpectBad(kBelow5, Bytes(4, '\0'));
  ExpectBad(kRoot, Bytes(4, '\0'));
  // A deeper page alone is enough, because two leaves meet in it.
  EXPECT_TRUE(MapPage::Decode(kBelow5, Bytes("\0\0\x40\0", 4) + Bytes(32, 'p')));
}

TEST(MapPage, RefusesADeeperPageWithAnEmptyHash) {
  ExpectBad(kRoot, Bytes("\0\0\x40\0", 4) + Bytes(32, '\0'));
}

TEST(MapPage, RefusesAPageBelowTheLastBitOfTheKeys) {
  const MapKey key = naive::KeyOf("key");
  Pages pages;
  pages.Update({{key, ValueOf(1)}, {naive::Flip(key, 255), ValueOf(2)}});
  const auto& [path, octets] = *pages.stored.rbegin();
  ASSERT_EQ(path.size(), kPathMax);
  EXPECT_TRUE(MapPage::Decode(path, octets));
  ExpectBad(path, Bytes("\0\0\x40\0", 4) + Bytes(32, 'p'));
}

TEST(MapPage, RefusesEveryFlippedBitOfItsBitmaps) {
  for (const auto& [path, octets] : ExamplePages().stored) {
    for (size_t bit = 0; bit < 32; ++bit) {
      Bytes changed = octets;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 0x80 >> bit % 8);
      ExpectBad(path, changed);
    }
  }
}

}  // namespace
}  // namespace beian
