#include "ledger/verify/proofs.h"

#include <gtest/gtest.h>

#include "tests/ledger/verify/small_ledger.h"

namespace beian {
namespace {

class Proofs : public testing::Test {
 protected:
  Proofs() {
    for (uint64_t salt = 0; salt < 5; ++salt) {
      submits_.push_back(
          MakeSubmit(ledger_.genesis(), MakeClientKey(salt), ledger_.tip().time + 60'000, salt));
    }
    ledger_.Extend({submits_[0], submits_[1], submits_[2]});
    ledger_.Extend({submits_[3], submits_[4]});
  }

  const Genesis& genesis() const { return ledger_.genesis(); }
  size_t set_size() const { return genesis().validators.size(); }
  FilingId FilingOf(size_t i) const { return MakeFilingId(submits_[i]->id(), 0); }

  VerifyError ErrorOf(const Receipt& receipt) const {
    const auto verified = VerifyReceipt(receipt, genesis(), submits_[1]->id());
    EXPECT_FALSE(verified.has_value());
    return verified ? VerifyError::kMalformed : verified.error();
  }

  SmallLedger ledger_;
  std::vector<TransactionPtr> submits_;
};

TEST_F(Proofs, AReceiptShowsTheTransactionItsResultAndTheHeader) {
  const auto verified =
      VerifyReceipt(ledger_.ReceiptOf(submits_[1]->id()), genesis(), submits_[1]->id());
  ASSERT_TRUE(verified.has_value());
  EXPECT_EQ(verified->transaction->wire(), submits_[1]->wire());
  ASSERT_EQ(verified->result.actions.size(), 1u);
  EXPECT_EQ(verified->result.actions[0].reject, FilingReject::kAccepted);
  EXPECT_EQ(verified->header, ledger_.tip());
}

TEST_F(Proofs, AReceiptIsReadBackFromItsOctets) {
  const Receipt receipt = ledger_.ReceiptOf(submits_[1]->id());
  const auto read = DecodeReceipt(EncodeReceipt(receipt, set_size()), set_size());
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(VerifyReceipt(*read, genesis(), std::nullopt).has_value());
  EXPECT_EQ(EncodeReceipt(*read, set_size()), EncodeReceipt(receipt, set_size()));
}

TEST_F(Proofs, NoOctetOfAReceiptCanBeChangedUnnoticed) {
  const Bytes octets = EncodeReceipt(ledger_.ReceiptOf(submits_[1]->id()), set_size());
  for (size_t i = 0; i < octets.size(); ++i) {
    Bytes changed = octets;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    const auto receipt = DecodeReceipt(changed, set_size());
    EXPECT_FALSE(receipt && VerifyReceipt(*receipt, genesis(), submits_[1]->id())) << "octet " << i;
  }
}

TEST_F(Proofs, AReceiptCutShortOrPaddedIsRefused) {
  const Bytes octets = EncodeReceipt(ledger_.ReceiptOf(submits_[1]->id()), set_size());
  for (size_t length = 0; length < octets.size(); ++length) {
    EXPECT_FALSE(DecodeReceipt(octets.substr(0, length), set_size())) << length;
  }
  EXPECT_FALSE(DecodeReceipt(octets + Bytes(1, '\0'), set_size()));
  EXPECT_FALSE(DecodeReceipt(octets + Bytes("\x40\x01", 2), set_size()));  // a field 8
  EXPECT_FALSE(DecodeReceipt(Bytes(2'000'000, 'x'), set_size()));
}

TEST_F(Proofs, AReceiptOfAnotherTransactionIsRefused) {
  EXPECT_EQ(ErrorOf(ledger_.ReceiptOf(submits_[2]->id())), VerifyError::kWrongObject);
}

TEST_F(Proofs, AReceiptNamesWhatIsWrong) {
  const Receipt good = ledger_.ReceiptOf(submits_[1]->id());
  Receipt bad = good;
  bad.index = LogIndex(2);
  EXPECT_EQ(ErrorOf(bad), VerifyError::kBadLogPath);
  bad = good;
  bad.path.pop_back();
  EXPECT_EQ(ErrorOf(bad), VerifyError::kBadLogPath);
  bad = good;
  bad.entry += 'x';
  EXPECT_EQ(ErrorOf(bad), VerifyError::kMalformed);
  bad = good;
  bad.header.chain_id = ChainId{};
  EXPECT_EQ(ErrorOf(bad), VerifyError::kWrongChain);
  bad = good;
  bad.header.time = bad.header.time + 1;
  EXPECT_EQ(ErrorOf(bad), VerifyError::kBadFinality);
  bad = good;
  bad.proof.finalization.signatures.pop_back();
  EXPECT_EQ(ErrorOf(bad), VerifyError::kBadQuorum);
  bad = good;
  bad.proof.finalization.signatures[0].second.octets[3] ^= 1;
  EXPECT_EQ(ErrorOf(bad), VerifyError::kBadSignature);
}

TEST_F(Proofs, AReceiptOfAForgedClientSignatureIsRefused) {
  Bytes wire = submits_[0]->wire();
  wire.back() = static_cast<char>(wire.back() ^ 1);
  const auto forged = Transaction::Parse(genesis().chain_id, wire);
  ASSERT_TRUE(forged.has_value());
  SmallLedger bad;
  bad.Extend({*forged});
  const auto verified = VerifyReceipt(bad.ReceiptOf((*forged)->id()), bad.genesis(), std::nullopt);
  ASSERT_FALSE(verified.has_value());
  EXPECT_EQ(verified.error(), VerifyError::kBadSignature);
}

TEST_F(Proofs, FinalityFollowsThePathToADescendant) {
  SmallLedger longer;
  longer.Extend({});
  const Header first = longer.tip();
  longer.Extend({});
  const Header second = longer.tip();
  FinalityProof proof = longer.Finalize(second);
  proof.descendants = {second};
  EXPECT_TRUE(VerifyFinality(first, proof, longer.genesis()).has_value());
  EXPECT_EQ(VerifyFinality(second, proof, longer.genesis()).error(), VerifyError::kBadFinality);
  proof.descendants = {};
  EXPECT_EQ(VerifyFinality(first, proof, longer.genesis()).error(), VerifyError::kBadFinality);
  EXPECT_TRUE(VerifyFinality(second, proof, longer.genesis()).has_value());
}

TEST_F(Proofs, ANotarizationDoesNotMakeABlockFinal) {
  const Header& header = ledger_.tip();
  Statement statement{VoteKind::kNotarize, header.epoch, header.view, View(header.view.value() - 1),
                      header.id()};
  const FinalityProof proof{{}, ledger_.Certify(statement, 4)};
  EXPECT_EQ(VerifyFinality(header, proof, genesis()).error(), VerifyError::kBadFinality);
}

TEST_F(Proofs, ARecordProofShowsTheRecord) {
  const MapKey key = FilingKey(FilingOf(3));
  const RecordProof proof = ledger_.ProofOf(key);
  ASSERT_TRUE(proof.record.has_value());
  EXPECT_EQ(VerifyRecordProof(proof, key, genesis()), true);
  EXPECT_EQ(FilingRecord::Decode(*proof.record)->service_name,
            submits_[3]->body().actions(0).submit().filing().service().name());
}

TEST_F(Proofs, ARecordProofShowsAbsence) {
  const MapKey key = CodeKey(*RegistrationCode::Parse("11010519864491550014"));
  const RecordProof proof = ledger_.ProofOf(key);
  EXPECT_FALSE(proof.record.has_value());
  EXPECT_EQ(VerifyRecordProof(proof, key, genesis()), false);
}

TEST_F(Proofs, NoOctetOfARecordProofCanBeChangedUnnoticed) {
  for (const MapKey& key : {FilingKey(FilingOf(3)), FilingKey(FilingId{})}) {
    const Bytes octets = EncodeRecordProof(ledger_.ProofOf(key), set_size());
    for (size_t i = 0; i < octets.size(); ++i) {
      Bytes changed = octets;
      changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
      const auto proof = DecodeRecordProof(changed, set_size());
      EXPECT_FALSE(proof && VerifyRecordProof(*proof, key, genesis())) << "octet " << i;
    }
    for (size_t length = 0; length < octets.size(); ++length) {
      EXPECT_FALSE(DecodeRecordProof(octets.substr(0, length), set_size())) << length;
    }
  }
}

TEST_F(Proofs, ARecordCannotBePassedOffAsAnother) {
  const MapKey key = FilingKey(FilingOf(3));
  RecordProof proof = ledger_.ProofOf(key);
  EXPECT_EQ(VerifyRecordProof(proof, FilingKey(FilingOf(4)), genesis()).error(),
            VerifyError::kWrongObject);
  proof.record = ledger_.state().Record(FilingKey(FilingOf(4)));
  EXPECT_EQ(VerifyRecordProof(proof, key, genesis()).error(), VerifyError::kBadMapPath);
  proof.record = std::nullopt;
  EXPECT_EQ(VerifyRecordProof(proof, key, genesis()).error(), VerifyError::kBadMapPath);
  proof = ledger_.ProofOf(key);
  proof.key = FilingKey(FilingOf(4));
  EXPECT_EQ(VerifyRecordProof(proof, FilingKey(FilingOf(4)), genesis()).error(),
            VerifyError::kBadMapPath);
}

TEST_F(Proofs, AnotherGenesisRefusesEverything) {
  const SmallLedger other(7);
  const MapKey key = FilingKey(FilingOf(3));
  EXPECT_EQ(VerifyRecordProof(ledger_.ProofOf(key), key, other.genesis()).error(),
            VerifyError::kWrongChain);
  EXPECT_EQ(VerifyFinality(ledger_.tip(), ledger_.Finalize(ledger_.tip()), other.genesis()).error(),
            VerifyError::kWrongChain);
}

TEST_F(Proofs, AFinalityProofForAnotherNumberOfValidatorsDoesNotDecode) {
  const Bytes octets = ledger_.Finalize(ledger_.tip()).Encode(set_size());
  EXPECT_TRUE(DecodeFinalityProof(octets, set_size()).has_value());
  EXPECT_FALSE(DecodeFinalityProof(octets, set_size() + 1).has_value());
  EXPECT_FALSE(DecodeFinalityProof(octets, 2).has_value());
}

}  // namespace
}  // namespace beian
