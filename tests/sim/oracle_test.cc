#include "sim/oracle.h"

#include "tests/sim/checkers/histories.h"

namespace beian::sim {
namespace {

TEST(SignatureOracle, KnowsExactlyWhatItHasSigned) {
  SignatureOracle oracle(Set());
  const PublicKey& key = Set().at(ValidatorIndex(1)).consensus_key;
  const PublicKey& other = Set().at(ValidatorIndex(2)).consensus_key;
  const Signature signature = oracle.Sign(ValidatorIndex(1), "a");
  EXPECT_TRUE(oracle.Verify(key, "a", signature));
  EXPECT_FALSE(oracle.Verify(key, "b", signature));
  EXPECT_FALSE(oracle.Verify(other, "a", signature));
  Signature forged = signature;
  forged.octets[40] ^= 1;
  EXPECT_FALSE(oracle.Verify(key, "a", forged));
  EXPECT_EQ(oracle.Sign(ValidatorIndex(1), "a"), signature) << "deterministic";
  EXPECT_EQ(oracle.size(), 1u);
}

}  // namespace
}  // namespace beian::sim
