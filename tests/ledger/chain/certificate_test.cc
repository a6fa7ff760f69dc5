#include "ledger/chain/certificate.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "ledger/crypto/hash.h"
#include "tests/support/filled_digest.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

Signature FillSignature(uint8_t octet) {
  Signature signature;
  signature.octets.fill(octet);
  return signature;
}

const std::string k32x1 = "0101010101010101010101010101010101010101010101010101010101010101";
const std::string k32x2 = "0202020202020202020202020202020202020202020202020202020202020202";
const std::string k32x3 = "0303030303030303030303030303030303030303030303030303030303030303";

/// beian/vote/v1\0
const std::string kVoteTag = "626569616e2f766f74652f763100";

Statement MakeStatement(VoteKind kind) {
  Statement statement;
  statement.kind = kind;
  statement.epoch = Epoch(2);
  statement.view = View(0x0102);
  if (kind == VoteKind::kNullify) return statement;
  statement.parent_view = View(0x0101);
  statement.id = FilledDigest<BlockId>(3);
  return statement;
}

TEST(Statement, SignsGoldenOctets) {
  const auto signed_hex = [](VoteKind kind) {
    return ToHex(
        MakeStatement(kind).SignedBytes(FilledDigest<ChainId>(1), FilledDigest<SetHash>(2)));
  };
  const std::string head = "0000000000000002" + k32x2 + "0000000000000102";
  const std::string tail = "0000000000000101" + k32x3;
  EXPECT_EQ(signed_hex(VoteKind::kNotarize), kVoteTag + k32x1 + "01" + head + tail);
  EXPECT_EQ(signed_hex(VoteKind::kNullify), kVoteTag + k32x1 + "02" + head);
  EXPECT_EQ(signed_hex(VoteKind::kFinalize), kVoteTag + k32x1 + "03" + head + tail);
}

const std::string kNotarizeHex =
    "01"
    "0000000000000002"
    "0000000000000102"
    "0000000000000101" +
    k32x3;
const std::string kFinalizeHex =
    "03"
    "0000000000000002"
    "0000000000000102"
    "0000000000000101" +
    k32x3;
const std::string kNullifyHex =
    "02"
    "0000000000000002"
    "0000000000000102";

TEST(Vote, HasGoldenOctets) {
  const Vote notarize{MakeStatement(VoteKind::kNotarize), ValidatorIndex(4), FillSignature(9)};
  const Vote nullify{MakeStatement(VoteKind::kNullify), ValidatorIndex(4), FillSignature(9)};
  const std::string signature = ToHex(Bytes(64, '\x09'));
  EXPECT_EQ(ToHex(notarize.Encode()), kNotarizeHex + "0004" + signature);
  EXPECT_EQ(ToHex(nullify.Encode()), kNullifyHex + "0004" + signature);
  EXPECT_EQ(Vote::Decode(notarize.Encode()), notarize);
  EXPECT_EQ(Vote::Decode(nullify.Encode()), nullify);
}

/// Every truncation, an octet appended, and numbers that overflow are refused by `decode`.
void ExpectStrict(const Bytes& encoded, const std::function<bool(BytesView)>& decode) {
  ASSERT_TRUE(decode(encoded));
  for (size_t length = 0; length < encoded.size(); ++length) {
    EXPECT_FALSE(decode(BytesView(encoded).substr(0, length))) << length;
  }
  EXPECT_FALSE(decode(encoded + '\0'));
}

TEST(Vote, IsDecodedStrictly) {
  const auto decode = [](BytesView encoded) { return Vote::Decode(encoded).has_value(); };
  for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kNullify, VoteKind::kFinalize}) {
    const Vote vote{MakeStatement(kind), ValidatorIndex(34), FillSignature(9)};
    ExpectStrict(vote.Encode(), decode);
    EXPECT_FALSE(decode(Vote{vote.statement, ValidatorIndex(35), vote.signature}.Encode()));
  }
  Bytes encoded = Vote{MakeStatement(VoteKind::kNotarize), {}, {}}.Encode();
  for (const char kind : {'\0', '\4', '\xff'}) {
    encoded[0] = kind;
    EXPECT_FALSE(decode(encoded));
  }
  Statement statement = MakeStatement(VoteKind::kNotarize);
  for (View Statement::*number : {&Statement::view, &Statement::parent_view}) {
    Statement large = statement;
    large.*number = View(kWireNumberMax);
    EXPECT_TRUE(decode(Vote{large, {}, {}}.Encode()));
    large.*number = View(kWireNumberMax + 1);
    EXPECT_FALSE(decode(Vote{large, {}, {}}.Encode()));
  }
  statement.epoch = Epoch(kWireNumberMax + 1);
  EXPECT_FALSE(decode(Vote{statement, {}, {}}.Encode()));
}

Certificate MakeGolden(VoteKind kind) {
  return {MakeStatement(kind),
          {{ValidatorIndex(0), FillSignature(5)},
           {ValidatorIndex(3), FillSignature(6)},
           {ValidatorIndex(8), FillSignature(7)}}};
}

TEST(Certificate, HasGoldenOctets) {
  const std::string signatures = ToHex(Bytes(64, '\x05') + Bytes(64, '\x06') + Bytes(64, '\x07'));
  EXPECT_EQ(ToHex(MakeGolden(VoteKind::kNotarize).Encode(10)), kNotarizeHex +
                                                                   "0a"
                                                                   "0901" +
                                                                   signatures);
  EXPECT_EQ(ToHex(MakeGolden(VoteKind::kNullify).Encode(9)), kNullifyHex +
                                                                 "09"
                                                                 "0901" +
                                                                 signatures);
  for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kNullify, VoteKind::kFinalize}) {
    EXPECT_EQ(Certificate::Decode(MakeGolden(kind).Encode(35)), MakeGolden(kind));
  }
}

TEST(Certificate, IsDecodedStrictly) {
  const auto decode = [](BytesView encoded) { return Certificate::Decode(encoded).has_value(); };
  ExpectStrict(MakeGolden(VoteKind::kNotarize).Encode(10), decode);
  ExpectStrict(MakeGolden(VoteKind::kNullify).Encode(9), decode);

  const Bytes encoded = MakeGolden(VoteKind::kNullify).Encode(10);
  const size_t count = kNullifyHex.size() / 2;
  const auto with = [&](size_t at, uint8_t octet) {
    Bytes changed = encoded;
    changed[at] = static_cast<char>(octet);
    return changed;
  };
  EXPECT_TRUE(decode(with(count, 16)));
  EXPECT_FALSE(decode(with(count, 8)));         // another width of the bitmap
  EXPECT_FALSE(decode(with(count, 0)));         // of no set
  EXPECT_FALSE(decode(with(count, 36)));        // of no set that can be
  EXPECT_FALSE(decode(with(count + 1, 0x08)));  // one signature too many
  EXPECT_FALSE(decode(with(count + 1, 0x0b)));  // one too few
  EXPECT_FALSE(decode(with(count + 2, 0x04)));  // bit 10 of ten members
  EXPECT_TRUE(decode(with(count + 2, 0x02)));
}

TEST(Certificate, KnowsItsSigners) {
  const Certificate certificate = MakeGolden(VoteKind::kFinalize);
  EXPECT_TRUE(certificate.HasSigner(ValidatorIndex(3)));
  EXPECT_FALSE(certificate.HasSigner(ValidatorIndex(4)));
}

class CertificateVerification : public testing::Test {
 protected:
  Certificate Sign(const Statement& statement, std::initializer_list<uint16_t> signers) const {
    Certificate certificate{statement, {}};
    for (const uint16_t i : signers) certificate.signatures.push_back(SignOne(statement, i));
    return certificate;
  }
  std::pair<ValidatorIndex, Signature> SignOne(const Statement& statement, uint16_t i) const {
    const Bytes message = statement.SignedBytes(chain_, set_.hash());
    return {ValidatorIndex(i), fixture_.consensus_keys[i].Sign(message)};
  }
  /// The error, or nothing when the certificate is good.
  std::optional<CertificateError> Check(const Certificate& certificate) const {
    const auto verified = VerifyCertificate(certificate, chain_, set_, VerifySignature);
    return verified ? std::nullopt : std::optional(verified.error());
  }

  const GenesisFixture fixture_ = MakeGenesis(4);
  const ChainId chain_ = fixture_.genesis.chain_id;
  const ValidatorSet& set_ = fixture_.genesis.validators;
  const Statement statement_ = MakeStatement(VoteKind::kFinalize);
};

TEST_F(CertificateVerification, AcceptsAnyQuorumAndMore) {
  EXPECT_EQ(Check(Sign(statement_, {0, 1, 2})), std::nullopt);
  EXPECT_EQ(Check(Sign(statement_, {0, 1, 3})), std::nullopt);
  EXPECT_EQ(Check(Sign(statement_, {0, 1, 2, 3})), std::nullopt);
  EXPECT_EQ(Check(Sign(MakeStatement(VoteKind::kNullify), {1, 2, 3})), std::nullopt);
}

TEST_F(CertificateVerification, RefusesFewerThanAQuorum) {
  EXPECT_EQ(Check(Sign(statement_, {})), CertificateError::kBadQuorum);
  EXPECT_EQ(Check(Sign(statement_, {0, 1})), CertificateError::kBadQuorum);
}

TEST_F(CertificateVerification, RefusesOneBadSignatureBesideAGoodQuorum) {
  for (size_t bad = 0; bad < 4; ++bad) {
    Certificate certificate = Sign(statement_, {0, 1, 2, 3});
    certificate.signatures[bad].second.octets[10] ^= 1;
    EXPECT_EQ(Check(certificate), CertificateError::kBadSignature) << bad;
  }
}

TEST_F(CertificateVerification, RefusesForeignDuplicateAndUnsortedSigners) {
  Certificate certificate = Sign(statement_, {0, 1, 2});
  certificate.signatures.emplace_back(ValidatorIndex(4), FillSignature(1));
  EXPECT_EQ(Check(certificate), CertificateError::kBadSigner);
  certificate = Sign(statement_, {0, 1, 1});
  EXPECT_EQ(Check(certificate), CertificateError::kBadSigner);
  certificate = Sign(statement_, {0, 1, 1, 2});
  EXPECT_EQ(Check(certificate), CertificateError::kBadSigner);
  certificate = Sign(statement_, {0, 2, 1});
  EXPECT_EQ(Check(certificate), CertificateError::kBadSigner);
}

TEST_F(CertificateVerification, RefusesSignaturesUnderAnotherMembersIndex) {
  Certificate certificate = Sign(statement_, {0, 1, 2});
  certificate.signatures[2].first = ValidatorIndex(3);
  EXPECT_EQ(Check(certificate), CertificateError::kBadSignature);
}

TEST_F(CertificateVerification, RefusesEveryOtherStatement) {
  const Certificate good = Sign(statement_, {0, 1, 2});
  const auto changed = [&](const std::function<void(Statement&)>& change) {
    Certificate certificate = good;
    change(certificate.statement);
    return Check(certificate);
  };
  const auto bad = CertificateError::kBadSignature;
  EXPECT_EQ(changed([](Statement& s) { s.kind = VoteKind::kNotarize; }), bad);
  EXPECT_EQ(changed([](Statement& s) { s = MakeStatement(VoteKind::kNullify); }), bad);
  EXPECT_EQ(changed([](Statement& s) { s.epoch = s.epoch.Next(); }), bad);
  EXPECT_EQ(changed([](Statement& s) { s.view = s.view.Next(); }), bad);
  EXPECT_EQ(changed([](Statement& s) { s.parent_view = s.parent_view.Next(); }), bad);
  EXPECT_EQ(changed([](Statement& s) { s.id.octets[31] ^= 1; }), bad);
}

TEST_F(CertificateVerification, RefusesAnotherChainAndAnotherSet) {
  const Certificate good = Sign(statement_, {0, 1, 2});
  EXPECT_FALSE(VerifyCertificate(good, FilledDigest<ChainId>(1), set_, VerifySignature));
  auto members = set_.members();
  members[3].name = "renamed";
  EXPECT_FALSE(VerifyCertificate(good, chain_, ValidatorSet(members), VerifySignature));
  EXPECT_FALSE(VerifyCertificate(good, chain_, ValidatorSet(), VerifySignature));
}

TEST_F(CertificateVerification, AsksForEverySignature) {
  size_t calls = 0;
  const VoteVerifier count = [&](const PublicKey&, BytesView, const Signature&) {
    ++calls;
    return true;
  };
  ASSERT_TRUE(VerifyCertificate(Sign(statement_, {0, 1, 2, 3}), chain_, set_, count));
  EXPECT_EQ(calls, 4u);
}

TEST_F(CertificateVerification, JudgesSingleVotes) {
  const auto [signer, signature] = SignOne(statement_, 2);
  EXPECT_TRUE(VerifyVote({statement_, signer, signature}, chain_, set_, VerifySignature));
  EXPECT_FALSE(
      VerifyVote({statement_, ValidatorIndex(1), signature}, chain_, set_, VerifySignature));
  EXPECT_FALSE(
      VerifyVote({statement_, ValidatorIndex(4), signature}, chain_, set_, VerifySignature));
  const Statement other = MakeStatement(VoteKind::kNotarize);
  EXPECT_FALSE(VerifyVote({other, signer, signature}, chain_, set_, VerifySignature));
}

TEST(FinalityProof, HasGoldenOctets) {
  Header header;
  header.height = Height(7);
  const Certificate finalization = MakeGolden(VoteKind::kFinalize);
  const FinalityProof proof{{header, header}, finalization};
  EXPECT_EQ(ToHex(proof.Encode(10)), "0002" + ToHex(header.Encode()) + ToHex(header.Encode()) +
                                         ToHex(finalization.Encode(10)));
  EXPECT_EQ(FinalityProof::Decode(proof.Encode(10)), proof);
  EXPECT_EQ(ToHex(FinalityProof{{}, finalization}.Encode(10)),
            "0000" + ToHex(finalization.Encode(10)));
  EXPECT_TRUE(ToHex(finalization.Encode(10)).starts_with(kFinalizeHex));
}

TEST(FinalityProof, IsDecodedStrictly) {
  const auto decode = [](BytesView encoded) { return FinalityProof::Decode(encoded).has_value(); };
  ExpectStrict(FinalityProof{{Header()}, MakeGolden(VoteKind::kFinalize)}.Encode(10), decode);
  EXPECT_FALSE(decode(FinalityProof{{}, MakeGolden(VoteKind::kNotarize)}.Encode(10)));
  const FinalityProof longest{std::vector<Header>(kFinalityPathMax),
                              MakeGolden(VoteKind::kFinalize)};
  Bytes encoded = longest.Encode(10);
  EXPECT_TRUE(decode(encoded));
  ByteWriter count;
  count.U16(kFinalityPathMax + 1);
  encoded.replace(0, 2, count.bytes() + Header().Encode());
  EXPECT_FALSE(decode(encoded));
}

TEST(VoteKind, HasAName) {
  EXPECT_EQ(VoteKindName(VoteKind::kNotarize), "notarize");
  EXPECT_EQ(VoteKindName(VoteKind::kNullify), "nullify");
  EXPECT_EQ(VoteKindName(VoteKind::kFinalize), "finalize");
}

}  // namespace
}  // namespace beian
