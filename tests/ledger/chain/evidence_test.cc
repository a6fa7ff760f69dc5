#include "ledger/chain/evidence.h"

#include <gtest/gtest.h>

#include "tests/support/filled_digest.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

class EvidenceTest : public ::testing::Test {
 protected:
  Vote Sign(size_t signer, const Statement& statement) const {
    const Bytes octets = statement.SignedBytes(genesis.chain_id, genesis.validators.hash());
    return {statement, ValidatorIndex(static_cast<uint16_t>(signer)),
            fixture.consensus_keys[signer].Sign(octets)};
  }
  static Statement Say(VoteKind kind, uint64_t view, uint8_t block = 0, uint64_t parent = 0) {
    if (kind == VoteKind::kNullify) return {kind, Epoch(0), View(view), View(0), BlockId{}};
    return {kind, Epoch(0), View(view), View(parent), FilledDigest<BlockId>(block)};
  }
  std::optional<EvidenceError> Judge(const Evidence& evidence) const {
    const auto proof =
        VerifyEvidence(evidence, genesis.chain_id, genesis.validators, VerifySignature);
    return proof ? std::nullopt : std::optional(proof.error());
  }
  const GenesisFixture fixture = MakeGenesis(4);
  const Genesis& genesis = fixture.genesis;
  const Statement notarize = Say(VoteKind::kNotarize, 7, 1);
  const Statement nullify = Say(VoteKind::kNullify, 7);
  const Statement finalize = Say(VoteKind::kFinalize, 7, 1);
};

TEST_F(EvidenceTest, ConvictsWhoSignsWhatNoHonestValidatorSigns) {
  const Statement other_parent = Say(VoteKind::kNotarize, 7, 1, 5);
  for (const auto& [one, other] :
       {std::pair(notarize, Say(VoteKind::kNotarize, 7, 2)), std::pair(notarize, other_parent),
        std::pair(finalize, Say(VoteKind::kFinalize, 7, 2)), std::pair(nullify, finalize),
        std::pair(finalize, nullify)}) {
    EXPECT_EQ(Judge({Sign(2, one), Sign(2, other)}), std::nullopt);
  }
}

TEST_F(EvidenceTest, ConvictsNobodyOfWhatIsHonest) {
  for (const auto& [one, other] :
       {std::pair(notarize, nullify), std::pair(notarize, finalize), std::pair(notarize, notarize),
        std::pair(nullify, nullify)}) {
    EXPECT_EQ(Judge({Sign(2, one), Sign(2, other)}), EvidenceError::kHonest);
  }
  const Statement next_view = Say(VoteKind::kNotarize, 8, 2);
  EXPECT_EQ(Judge({Sign(2, notarize), Sign(2, next_view)}), EvidenceError::kViews);
  Statement next_epoch = Say(VoteKind::kNotarize, 7, 2);
  next_epoch.epoch = Epoch(1);
  EXPECT_EQ(Judge({Sign(2, notarize), Sign(2, next_epoch)}), EvidenceError::kViews);
}

TEST_F(EvidenceTest, CountsNothingButTheSignaturesOfTheAccused) {
  const Statement second = Say(VoteKind::kNotarize, 7, 2);
  EXPECT_EQ(Judge({Sign(1, notarize), Sign(2, second)}), EvidenceError::kSigners);
  Vote nobody = Sign(2, second);
  nobody.signer = ValidatorIndex(4);
  EXPECT_EQ(Judge({nobody, nobody}), EvidenceError::kSigners);
  Vote framed = Sign(1, second);
  framed.signer = ValidatorIndex(2);
  EXPECT_EQ(Judge({Sign(2, notarize), framed}), EvidenceError::kBadSignature);
  EXPECT_EQ(Judge({framed, Sign(2, notarize)}), EvidenceError::kBadSignature);
}

TEST_F(EvidenceTest, OnAnotherChainItIsWorthless) {
  const Evidence evidence{Sign(2, notarize), Sign(2, Say(VoteKind::kNotarize, 7, 2))};
  EXPECT_FALSE(VerifyEvidence(evidence, FilledDigest<ChainId>(1), genesis.validators,
                              VerifySignature));
}

TEST_F(EvidenceTest, DecodesToWhatWasEncodedAndNothingElse) {
  const Evidence evidence{Sign(2, nullify), Sign(2, finalize)};
  const Bytes octets = evidence.Encode();
  EXPECT_EQ(Evidence::Decode(octets), evidence);
  EXPECT_EQ(Evidence::Decode(octets + Bytes(1, '\0')), std::nullopt);
  for (size_t cut = 0; cut < octets.size(); ++cut) {
    EXPECT_EQ(Evidence::Decode(BytesView(octets).substr(0, cut)), std::nullopt) << cut;
  }
}

TEST(EvidenceError, EachHasAnIdAndARemedy) {
  for (int number = 0; number <= static_cast<int>(EvidenceError::kBadSignature); ++number) {
    const auto error = static_cast<EvidenceError>(number);
    EXPECT_TRUE(EvidenceErrorId(error).starts_with("evidence."));
    EXPECT_TRUE(EvidenceErrorRemedy(error).ends_with("."));
  }
}

}  // namespace
}  // namespace beian
