#include <gtest/gtest.h>

#include "tests/ledger/merkle/naive_map.h"

namespace beian {
namespace {

using naive::Flip;
using naive::KeyOf;
using naive::MapLeaves;
using naive::ValueOf;

struct Shown {
  MapKey key;
  MapLookup lookup;
};

struct Scene {
  MapLeaves leaves;
  MerkleRoot root;
  std::vector<Shown> shown;  ///< present and absent ones
};

Scene MakeScene(uint64_t seed, size_t count) {
  Scene scene;
  naive::Pages pages;
  const auto keys = naive::HardKeys(seed, count);
  for (size_t i = 0; i < keys.size(); ++i) scene.leaves[keys[i]] = ValueOf(i);
  scene.root = pages.Update(scene.leaves);
  std::mt19937_64 random(seed);
  for (const MapKey& key : keys) {
    for (const MapKey& asked : {key, Flip(key, random() % 256), KeyOf(std::to_string(random()))}) {
      scene.shown.push_back({asked, ProveMapKey(pages, asked).value()});
    }
  }
  return scene;
}

/// True when the proof shows anything at all about the key.
bool ShowsAnything(const MapProof& proof, const MapKey& key, const Scene& scene) {
  if (VerifyMapAbsence(proof, key, scene.root)) return true;
  for (const auto& [leaf, value] : scene.leaves) {
    if (VerifyMapPresence(proof, key, value, scene.root)) return true;
  }
  return false;
}

TEST(MapProof, IsReadBackFromItsEncoding) {
  const Scene scene = MakeScene(1, 40);
  for (const auto& [key, lookup] : scene.shown) {
    const auto decoded = MapProof::Decode(lookup.proof.Encode());
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, lookup.proof);
  }
}

TEST(MapProof, HasAGoldenEncoding) {
  MapProof proof;
  EXPECT_EQ(ToHex(proof.Encode()), std::string(64, '0') + "0000" + "00");
  proof.siblings = {ValueOf(1), {}, ValueOf(2)};
  EXPECT_EQ(ToHex(proof.Encode()),
            "a0" + std::string(62, '0') + "0003" + ValueOf(1).hex() + ValueOf(2).hex() + "00");
  proof.other = {KeyOf("other"), ValueOf(3)};
  EXPECT_EQ(ToHex(proof.Encode()), "a0" + std::string(62, '0') + "0003" + ValueOf(1).hex() +
                                       ValueOf(2).hex() + "01" + KeyOf("other").hex() +
                                       ValueOf(3).hex());
}

TEST(MapProof, RefusesEveryEncodingButItsOwn) {
  MapProof proof;
  proof.siblings = {ValueOf(1), {}, ValueOf(2)};
  proof.other = {KeyOf("other"), ValueOf(3)};
  const Bytes encoded = proof.Encode();
  for (size_t length = 0; length < encoded.size(); ++length) {
    EXPECT_FALSE(MapProof::Decode(BytesView(encoded).substr(0, length))) << length;
  }
  EXPECT_FALSE(MapProof::Decode(encoded + '\0'));
  const auto with = [&](size_t place, char octet) {
    Bytes changed = encoded;
    changed[place] = octet;
    return MapProof::Decode(changed);
  };
  EXPECT_TRUE(with(0, '\xc0'));   // another proof
  EXPECT_FALSE(with(0, '\x90'));  // a bit beyond the number of siblings
  EXPECT_FALSE(with(0, '\x80'));  // fewer siblings than follow
  EXPECT_FALSE(with(31, '\x01'));
  EXPECT_FALSE(with(33, '\x02'));       // the number of siblings below the last bit
  EXPECT_FALSE(with(32, '\x01'));       // 259 siblings
  EXPECT_FALSE(with(34 + 64, '\x00'));  // a flag that denies what follows
  EXPECT_FALSE(with(34 + 64, '\x02'));  // no such flag
  Bytes zero = encoded;
  zero.replace(34, 32, Bytes(32, '\0'));  // an empty sibling where one is promised
  EXPECT_FALSE(MapProof::Decode(zero));
}

TEST(MapProof, TakesTheFullDepthAndNoMore) {
  MapProof proof;
  proof.siblings.assign(256, ValueOf(1));
  EXPECT_EQ(MapProof::Decode(proof.Encode()), proof);
  Bytes encoded = Bytes(32, '\xff') + Bytes("\x01\x01", 2);
  for (int i = 0; i < 257; ++i) encoded.append(ValueOf(1).view());
  EXPECT_FALSE(MapProof::Decode(encoded + '\0'));
}

TEST(VerifyMapPresence, RefusesAnotherValueKeyOrRoot) {
  const Scene scene = MakeScene(2, 20);
  for (const auto& [key, lookup] : scene.shown) {
    if (!lookup.value_hash) continue;
    ASSERT_TRUE(VerifyMapPresence(lookup.proof, key, *lookup.value_hash, scene.root));
    EXPECT_FALSE(VerifyMapPresence(lookup.proof, key, ValueOf(999), scene.root));
    EXPECT_FALSE(VerifyMapPresence(lookup.proof, key, *lookup.value_hash, MerkleRoot()));
    for (size_t bit = 0; bit < 256; ++bit) {
      EXPECT_FALSE(VerifyMapPresence(lookup.proof, Flip(key, bit), *lookup.value_hash, scene.root));
    }
  }
}

TEST(MapProof, ShowsNothingOnceAnythingInItIsChanged) {
  const Scene scene = MakeScene(3, 12);
  for (const auto& [key, lookup] : scene.shown) {
    const MapProof& proof = lookup.proof;
    for (size_t i = 0; i < proof.siblings.size(); ++i) {
      MapProof changed = proof;
      changed.siblings[i].octets[i % 32] ^= 1;
      EXPECT_FALSE(ShowsAnything(changed, key, scene));
      changed = proof;
      changed.siblings.erase(changed.siblings.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(ShowsAnything(changed, key, scene));
    }
    MapProof longer = proof;
    longer.siblings.push_back({});
    EXPECT_FALSE(ShowsAnything(longer, key, scene));
    longer.siblings.back() = ValueOf(1);
    EXPECT_FALSE(ShowsAnything(longer, key, scene));
    if (!proof.other) continue;
    MapProof changed = proof;
    changed.other->value_hash.octets[0] ^= 1;
    EXPECT_FALSE(ShowsAnything(changed, key, scene));
    changed = proof;
    changed.other->key = Flip(changed.other->key, 255);
    EXPECT_FALSE(ShowsAnything(changed, key, scene));
    changed = proof;
    changed.other.reset();
    EXPECT_FALSE(ShowsAnything(changed, key, scene));
  }
}

TEST(VerifyMapAbsence, NeverHoldsForAKeyThatIsPresent) {
  const Scene scene = MakeScene(4, 40);
  for (const auto& [key, value] : scene.leaves) {
    const MapProof presence = naive::Prove(scene.leaves, key).proof;
    MapProof proof = presence;
    EXPECT_FALSE(VerifyMapAbsence(proof, key, scene.root));
    proof.other = {key, value};
    EXPECT_FALSE(VerifyMapAbsence(proof, key, scene.root)) << "the other leaf has the same key";
    for (const auto& [asked, lookup] : scene.shown) {
      EXPECT_FALSE(VerifyMapAbsence(lookup.proof, key, scene.root));
    }
  }
}

TEST(VerifyMapAbsence, RefusesAnotherLeafThatIsNotOnTheWay) {
  // The true path of a present leaf, shown for keys that part from it above its place.
  const Scene scene = MakeScene(5, 40);
  for (const auto& [key, value] : scene.leaves) {
    MapProof proof = naive::Prove(scene.leaves, key).proof;
    const size_t depth = proof.siblings.size();
    proof.other = {key, value};
    for (size_t bit = 0; bit < 256; ++bit) {
      EXPECT_EQ(VerifyMapAbsence(proof, Flip(key, bit), scene.root), bit >= depth) << bit;
    }
  }
}

TEST(VerifyMapPresence, RefusesAProofWithAnotherLeaf) {
  const Scene scene = MakeScene(6, 20);
  for (const auto& [key, lookup] : scene.shown) {
    if (!lookup.value_hash) continue;
    MapProof proof = lookup.proof;
    proof.other = {Flip(key, 255), ValueOf(1)};
    EXPECT_FALSE(VerifyMapPresence(proof, key, *lookup.value_hash, scene.root));
    EXPECT_FALSE(VerifyMapAbsence(proof, key, scene.root));
  }
}

/// The root that `proof` leads to, when nothing but the climb is checked.
MerkleRoot ClimbFrom(Sha256Digest node, const MapKey& key, const MapProof& proof) {
  for (size_t i = proof.siblings.size(); i > 0; --i) {
    const Sha256Digest& sibling = proof.siblings[i - 1];
    node = naive::Bit(key, (i - 1) % 256) ? MapNodeHash(sibling, node) : MapNodeHash(node, sibling);
  }
  return DigestCast<MerkleRoot>(node);
}

TEST(MapProof, ShowsNothingBelowTheLastBit) {
  MapProof proof;
  const MapKey key = KeyOf("key");
  proof.siblings.assign(256, ValueOf(1));
  const Sha256Digest leaf = MapLeafHash(key, ValueOf(2));
  EXPECT_TRUE(VerifyMapPresence(proof, key, ValueOf(2), ClimbFrom(leaf, key, proof)));
  EXPECT_TRUE(VerifyMapAbsence(proof, key, ClimbFrom({}, key, proof)));
  proof.siblings.push_back(ValueOf(1));
  EXPECT_FALSE(VerifyMapPresence(proof, key, ValueOf(2), ClimbFrom(leaf, key, proof)));
  EXPECT_FALSE(VerifyMapAbsence(proof, key, ClimbFrom({}, key, proof)));
}

TEST(MapProof, ShowsNothingWhenItEndsInAnEmptySibling) {
  // No map has such a root: a leaf beside nothing would stand one level higher.
  const MapKey key = KeyOf("key");
  const MapKey other = Flip(key, 200);
  MapProof proof;
  proof.siblings = {ValueOf(1), {}};
  const Sha256Digest leaf = MapLeafHash(key, ValueOf(2));
  EXPECT_FALSE(VerifyMapPresence(proof, key, ValueOf(2), ClimbFrom(leaf, key, proof)));
  EXPECT_FALSE(VerifyMapAbsence(proof, key, ClimbFrom({}, key, proof)));
  proof.other = {key, ValueOf(2)};
  EXPECT_FALSE(VerifyMapAbsence(proof, other, ClimbFrom(leaf, other, proof)));
}

TEST(VerifyMapAbsence, RefusesALeafInTheWrongPlaceEvenUnderARootThatHoldsIt) {
  const MapKey key = KeyOf("key");
  MapProof proof;
  proof.siblings = {ValueOf(1), ValueOf(2), ValueOf(3)};
  for (size_t bit = 0; bit < 6; ++bit) {
    proof.other = {Flip(key, bit), ValueOf(4)};
    const Sha256Digest leaf = MapLeafHash(proof.other->key, proof.other->value_hash);
    EXPECT_EQ(VerifyMapAbsence(proof, key, ClimbFrom(leaf, key, proof)), bit >= 3) << bit;
  }
}

TEST(VerifyMapAbsence, HoldsForEveryKeyOfTheEmptyMapOnly) {
  EXPECT_TRUE(VerifyMapAbsence({}, KeyOf("any"), MerkleRoot()));
  EXPECT_FALSE(VerifyMapAbsence({}, KeyOf("any"), MakeScene(7, 3).root));
}

}  // namespace
}  // namespace beian
