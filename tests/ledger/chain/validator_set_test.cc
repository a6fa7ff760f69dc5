#include "ledger/chain/validator_set.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "ledger/crypto/hash.h"

namespace beian {
namespace {

Validator MakeValidator(size_t i) {
  const auto key = [&](char use) {
    return PublicKey{KeyScheme::kEd25519, Bytes(Sha256(std::to_string(i) + use).view())};
  };
  return {"validator-" + std::to_string(i), key('c'), key('t')};
}

std::vector<Validator> MakeValidators(size_t n) {
  std::vector<Validator> members;
  for (size_t i = 0; i < n; ++i) members.push_back(MakeValidator(i));
  return members;
}

TEST(ValidatorSet, HasQuorumsThatShareAnHonestMemberAndNeedNoFaultyOne) {
  for (size_t n = 1; n <= 64; ++n) {
    const ValidatorSet set(MakeValidators(n));
    const size_t f = set.faulty_max();
    const size_t q = set.quorum();
    EXPECT_LT(3 * f, n) << n;
    EXPECT_GE(3 * (f + 1), n) << n;  // f is the largest that is tolerable
    EXPECT_GE(2 * q, n + f + 1) << n;
    EXPECT_LE(q, n - f) << n;
  }
}

TEST(ValidatorSet, HasTheQuorumsOfTheDesign) {
  const struct {
    size_t n, q;
  } cases[] = {{1, 1}, {2, 2}, {3, 3}, {4, 3}, {5, 4}, {6, 5}, {7, 5}, {35, 24}};
  for (const auto& c : cases) EXPECT_EQ(ValidatorSet(MakeValidators(c.n)).quorum(), c.q) << c.n;
}

TEST(ValidatorSet, HashesGoldenOctets) {
  const ValidatorSet set(
      {{"cac", {KeyScheme::kEd25519, Bytes(32, '\x01')}, {KeyScheme::kEd25519, Bytes(32, '\x02')}},
       {"beijing",
        {KeyScheme::kEd25519, Bytes(32, '\x03')},
        {KeyScheme::kEd25519, Bytes(32, '\x04')}}});
  EXPECT_EQ(set.hash().hex(), "1a9238a677ca5a5b5baecb2430cc1eaff4c75870aea2776f04e81b6be35955dc");
}

TEST(ValidatorSet, HashesEveryFieldAndTheOrder) {
  std::set<SetHash> hashes;
  hashes.insert(ValidatorSet(MakeValidators(3)).hash());
  auto members = MakeValidators(3);
  std::swap(members[0], members[1]);
  hashes.insert(ValidatorSet(members).hash());
  members = MakeValidators(3);
  members[1].name += "x";
  hashes.insert(ValidatorSet(members).hash());
  members = MakeValidators(3);
  members[1].consensus_key.octets[5] ^= 1;
  hashes.insert(ValidatorSet(members).hash());
  members = MakeValidators(3);
  members[1].tls_key.octets[5] ^= 1;
  hashes.insert(ValidatorSet(members).hash());
  members = MakeValidators(3);
  std::swap(members[1].consensus_key, members[1].tls_key);
  hashes.insert(ValidatorSet(members).hash());
  hashes.insert(ValidatorSet(MakeValidators(4)).hash());
  EXPECT_EQ(hashes.size(), 7u);
}

TEST(ValidatorSet, ContainsItsIndicesOnly) {
  const ValidatorSet set(MakeValidators(4));
  EXPECT_TRUE(set.Contains(ValidatorIndex(3)));
  EXPECT_FALSE(set.Contains(ValidatorIndex(4)));
  EXPECT_FALSE(ValidatorSet().Contains(ValidatorIndex(0)));
  EXPECT_EQ(set.at(ValidatorIndex(2)).name, "validator-2");
}

}  // namespace
}  // namespace beian
