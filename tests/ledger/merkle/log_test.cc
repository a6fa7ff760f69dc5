#include "ledger/merkle/log.h"

#include <gtest/gtest.h>

#include "tests/ledger/merkle/naive_log.h"

namespace beian {
namespace {

constexpr size_t kSizeMax = 130;

MerkleRoot RootOf(naive::Leaves leaves) {
  return DigestCast<MerkleRoot>(naive::Root(leaves));
}

/// The leaves that the tests of Certificate Transparency use.
std::vector<Sha256Digest> ReferenceLeaves() {
  std::vector<Sha256Digest> leaves;
  for (const char* hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"}) {
    leaves.push_back(LogLeafHash(FromHex(hex).value()));
  }
  return leaves;
}

TEST(LogHash, HasItsPrefixes) {
  EXPECT_EQ(LogLeafHash("data"), Sha256(Bytes("\0data", 5)));
  const Sha256Digest left = Sha256("l");
  const Sha256Digest right = Sha256("r");
  EXPECT_EQ(LogNodeHash(left, right), Sha256("\x01" + Bytes(left.view()) + Bytes(right.view())));
}

TEST(LogRootOf, HasTheVectorsOfCertificateTransparency) {
  const char* const kRoots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  const auto leaves = ReferenceLeaves();
  for (size_t size = 0; size <= leaves.size(); ++size) {
    const naive::Leaves some(leaves.data(), size);
    EXPECT_EQ(LogRootOf(some).hex(), kRoots[size]);
    EXPECT_EQ(LogRootOf(some), RootOf(some));
  }
}

TEST(LogFrontier, HasTheRootOfTheDefinitionAtEverySize) {
  const auto leaves = naive::MakeLeaves(600);
  LogFrontier frontier;
  for (size_t size = 0; size < leaves.size(); ++size) {
    EXPECT_EQ(frontier.size(), size);
    ASSERT_EQ(frontier.Root(), RootOf({leaves.data(), size}));
    frontier.Append(leaves[size]);
  }
}

TEST(LogFrontier, GoesOnFromItsEncoding) {
  const auto leaves = naive::MakeLeaves(40);
  LogFrontier frontier;
  for (size_t size = 0; size < leaves.size(); ++size) {
    const Bytes encoded = frontier.Encode();
    EXPECT_EQ(encoded.size(), 8 + 32 * static_cast<size_t>(std::popcount(size)));
    auto decoded = LogFrontier::Decode(encoded);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, frontier);
    frontier.Append(leaves[size]);
    decoded->Append(leaves[size]);
    EXPECT_EQ(*decoded, frontier);
  }
}

TEST(LogFrontier, HasAGoldenEncoding) {
  LogFrontier frontier;
  for (const Sha256Digest& leaf : naive::MakeLeaves(3)) frontier.Append(leaf);
  const auto leaves = naive::MakeLeaves(3);
  EXPECT_EQ(ToHex(frontier.Encode()),
            "0000000000000003" + LogNodeHash(leaves[0], leaves[1]).hex() + leaves[2].hex());
}

TEST(LogFrontier, RefusesAnEncodingOfTheWrongLength) {
  LogFrontier frontier;
  for (const Sha256Digest& leaf : naive::MakeLeaves(7)) frontier.Append(leaf);
  const Bytes encoded = frontier.Encode();
  for (size_t length = 0; length < encoded.size(); ++length) {
    EXPECT_FALSE(LogFrontier::Decode(BytesView(encoded).substr(0, length)));
  }
  EXPECT_FALSE(LogFrontier::Decode(encoded + '\0'));
  Bytes other_size = encoded;
  other_size[7] = 8;  // one peak, where three follow
  EXPECT_FALSE(LogFrontier::Decode(other_size));
}

TEST(VerifyLogInclusion, AcceptsTheProofOfTheDefinitionForEveryLeafOfEverySize) {
  const auto leaves = naive::MakeLeaves(kSizeMax);
  for (size_t size = 1; size <= kSizeMax; ++size) {
    const naive::Leaves some(leaves.data(), size);
    const MerkleRoot root = RootOf(some);
    for (size_t i = 0; i < size; ++i) {
      ASSERT_TRUE(VerifyLogInclusion(leaves[i], i, size, naive::Path(i, some), root))
          << i << " of " << size;
    }
  }
}

TEST(VerifyLogInclusion, RefusesAnotherLeafIndexOrRoot) {
  const auto leaves = naive::MakeLeaves(35);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const naive::Leaves some(leaves.data(), size);
    const MerkleRoot root = RootOf(some);
    for (size_t i = 0; i < size; ++i) {
      const LogPath path = naive::Path(i, some);
      EXPECT_FALSE(VerifyLogInclusion(Sha256("other"), i, size, path, root));
      EXPECT_FALSE(VerifyLogInclusion(leaves[i], i, size, path, MerkleRoot()));
      for (size_t other = 0; other < size + 3; ++other) {
        EXPECT_EQ(VerifyLogInclusion(leaves[i], other, size, path, root), other == i);
      }
      EXPECT_FALSE(VerifyLogInclusion(leaves[i], ~uint64_t{0}, size, path, root));
    }
  }
}

TEST(VerifyLogInclusion, RefusesSizesThatGiveAnotherShape) {
  const auto leaves = naive::MakeLeaves(16);
  const MerkleRoot root = RootOf(leaves);
  for (size_t i = 0; i < 16; ++i) {
    const LogPath path = naive::Path(i, leaves);
    EXPECT_FALSE(VerifyLogInclusion(leaves[i], i, 0, path, root));
    EXPECT_FALSE(VerifyLogInclusion(leaves[i], i, 8, path, root));
    EXPECT_FALSE(VerifyLogInclusion(leaves[i], i, 17, path, root));
    EXPECT_FALSE(VerifyLogInclusion(leaves[i], i, ~uint64_t{0}, path, root));
  }
}

/// Every way to change one hash, drop one, double one, add one, or swap two neighbours.
std::vector<LogPath> Mutations(const LogPath& path) {
  std::vector<LogPath> mutations;
  for (size_t i = 0; i < path.size(); ++i) {
    LogPath changed = path;
    changed[i].octets[i % 32] ^= 1;
    mutations.push_back(changed);
    changed = path;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    mutations.push_back(changed);
    changed = path;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), path[i]);
    mutations.push_back(changed);
    if (i == 0) continue;
    changed = path;
    std::swap(changed[i - 1], changed[i]);
    mutations.push_back(changed);
  }
  mutations.push_back(naive::With(path, Sha256Digest()));
  mutations.push_back(naive::With(path, Sha256("more")));
  mutations.push_back(LogPath(65, Sha256("long")));
  return mutations;
}

TEST(VerifyLogInclusion, RefusesEveryChangedPath) {
  const auto leaves = naive::MakeLeaves(35);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const naive::Leaves some(leaves.data(), size);
    for (size_t i = 0; i < size; ++i) {
      for (const LogPath& path : Mutations(naive::Path(i, some))) {
        ASSERT_FALSE(VerifyLogInclusion(leaves[i], i, size, path, RootOf(some)));
      }
    }
  }
}

TEST(VerifyLogConsistency, AcceptsTheProofOfTheDefinitionForEveryPairOfSizes) {
  const auto leaves = naive::MakeLeaves(kSizeMax);
  std::vector<MerkleRoot> roots;
  for (size_t size = 0; size <= kSizeMax; ++size) roots.push_back(RootOf({leaves.data(), size}));
  for (size_t size = 1; size <= kSizeMax; ++size) {
    for (size_t old = 1; old <= size; ++old) {
      const LogPath path = naive::Consistency(old, {leaves.data(), size});
      ASSERT_TRUE(VerifyLogConsistency(old, roots[old], size, roots[size], path))
          << old << " in " << size;
    }
  }
}

TEST(VerifyLogConsistency, TakesTheEmptyLogForThePastOfEveryLog) {
  const MerkleRoot empty = RootOf({});
  const MerkleRoot root = DigestCast<MerkleRoot>(Sha256("any"));
  EXPECT_TRUE(VerifyLogConsistency(0, empty, 0, empty, {}));
  EXPECT_TRUE(VerifyLogConsistency(0, empty, 9, root, {}));
  EXPECT_FALSE(VerifyLogConsistency(0, empty, 9, root, {Sha256("hash")}));
  EXPECT_FALSE(VerifyLogConsistency(0, root, 9, root, {}));
  EXPECT_FALSE(VerifyLogConsistency(0, empty, 0, root, {}));
}

TEST(VerifyLogConsistency, RefusesOtherRootsAndSizes) {
  const auto leaves = naive::MakeLeaves(35);
  const MerkleRoot other = DigestCast<MerkleRoot>(Sha256("other"));
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const MerkleRoot root = RootOf({leaves.data(), size});
    for (size_t old = 1; old <= size; ++old) {
      const MerkleRoot old_root = RootOf({leaves.data(), old});
      const LogPath path = naive::Consistency(old, {leaves.data(), size});
      EXPECT_FALSE(VerifyLogConsistency(old, other, size, root, path));
      EXPECT_FALSE(VerifyLogConsistency(old, old_root, size, other, path));
      EXPECT_FALSE(VerifyLogConsistency(size + 1, old_root, size, root, path));
      // The sizes of the proof's own pair are the only ones whose roots it joins.
      for (size_t wrong = 1; wrong <= size; ++wrong) {
        if (wrong == old) continue;
        EXPECT_FALSE(VerifyLogConsistency(wrong, RootOf({leaves.data(), wrong}), size, root, path));
      }
    }
  }
}

TEST(VerifyLogConsistency, RefusesARewrittenPast) {
  const auto leaves = naive::MakeLeaves(20);
  auto rewritten = leaves;
  rewritten[3] = Sha256("rewritten");
  for (size_t old = 4; old < leaves.size(); ++old) {
    const MerkleRoot seen = RootOf({leaves.data(), old});
    EXPECT_FALSE(VerifyLogConsistency(old, seen, leaves.size(), RootOf(rewritten),
                                      naive::Consistency(old, rewritten)));
    EXPECT_FALSE(VerifyLogConsistency(old, seen, leaves.size(), RootOf(rewritten),
                                      naive::Consistency(old, leaves)));
  }
}

TEST(VerifyLogConsistency, RefusesSizesThatGiveAnotherShape) {
  const auto leaves = naive::MakeLeaves(35);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const MerkleRoot root = RootOf({leaves.data(), size});
    for (size_t old = 1; old <= size; ++old) {
      const MerkleRoot old_root = RootOf({leaves.data(), old});
      const LogPath path = naive::Consistency(old, {leaves.data(), size});
      EXPECT_FALSE(VerifyLogConsistency(old, old_root, 2 * std::bit_ceil(size), root, path));
      EXPECT_FALSE(VerifyLogConsistency(old, old_root, ~uint64_t{0}, root, path));
    }
  }
}

TEST(VerifyLogProofs, RefuseAPathThatGoesOnAboveTheRoot) {
  // The roots are made to fit, so that only the length of the path is wrong.
  const auto leaves = naive::MakeLeaves(20);
  const Sha256Digest more = Sha256("more");
  const auto above = [&](const Sha256Digest& hash) {
    return DigestCast<MerkleRoot>(LogNodeHash(more, hash));
  };
  const MerkleRoot root = above(naive::Root(leaves));
  for (size_t i = 0; i < leaves.size(); ++i) {
    const LogPath path = naive::With(naive::Path(i, leaves), more);
    EXPECT_FALSE(VerifyLogInclusion(leaves[i], i, leaves.size(), path, root));
  }
  for (size_t old = 1; old < leaves.size(); ++old) {
    const MerkleRoot old_root = above(naive::Root({leaves.data(), old}));
    const LogPath path = naive::With(naive::Consistency(old, leaves), more);
    EXPECT_FALSE(VerifyLogConsistency(old, old_root, leaves.size(), root, path));
  }
}

TEST(VerifyLogConsistency, RefusesEveryChangedPath) {
  const auto leaves = naive::MakeLeaves(35);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const MerkleRoot root = RootOf({leaves.data(), size});
    for (size_t old = 1; old <= size; ++old) {
      const MerkleRoot old_root = RootOf({leaves.data(), old});
      const LogPath path = naive::Consistency(old, {leaves.data(), size});
      for (const LogPath& changed : Mutations(path)) {
        ASSERT_FALSE(VerifyLogConsistency(old, old_root, size, root, changed));
      }
    }
  }
}

}  // namespace
}  // namespace beian
