#include "node/consensus/log_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "tests/node/consensus/record_samples.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

const ChainId kChain = FilledDigest<ChainId>(0xcc);

std::vector<Bytes> EncodedSamples() {
  std::vector<Bytes> encoded;
  for (const LogRecord& record : SampleRecords(kChain, 9)) {
    encoded.push_back(EncodeLogRecord(record, kSampleSetSize));
  }
  return encoded;
}

TEST(LogRecord, HasTheSameOctetsForEver) {
  const auto samples = EncodedSamples();
  const std::string e1 = FilledDigest<SetHash>(0xe1).hex();
  const std::string e2 = FilledDigest<BlockId>(0xe2).hex();
  EXPECT_EQ(ToHex(samples[0]),
            "01"
            "0000000000000003" +
                e1 + e2);
  const std::string signature = ToHex(FilledSignature(0x51).view());
  EXPECT_EQ(ToHex(samples[1]),
            "02"
            "02"
            "0000000000000003"
            "0000000000000009"
            "0002" +
                signature);
  EXPECT_EQ(ToHex(samples[2]),
            "03"
            "01"
            "0000000000000003"
            "0000000000000009"
            "0000000000000008" +
                FilledDigest<BlockId>(0xb1).hex() +
                "04"
                "0b" +
                ToHex(FilledSignature(0xa0).view()) + ToHex(FilledSignature(0xa1).view()) +
                ToHex(FilledSignature(0xa3).view()));
  EXPECT_EQ(ToHex(samples[3]),
            "04"
            "00f2" +
                ToHex(SampleHeader(kChain, 9).Encode()) + "00000000");
  EXPECT_EQ(ToHex(samples[6]),
            "07"
            "0000000000000003");
  EXPECT_EQ(ToHex(samples[7]),
            "08"
            "0000000000000003"
            "0000000000000009");
}

TEST(LogRecord, HasTheSameOctetsForEverInItsLongKinds) {
  const auto samples = EncodedSamples();
  const std::string b1 = FilledDigest<BlockId>(0xb1).hex();
  const std::string vote =
      "01"
      "0000000000000003"
      "0000000000000009"
      "0000000000000008" +
      b1 + "0002" + ToHex(FilledSignature(0x51).view());
  const std::string signatures = ToHex(FilledSignature(0xa0).view()) +
                                 ToHex(FilledSignature(0xa1).view()) +
                                 ToHex(FilledSignature(0xa3).view());
  const std::string notarization =
      "01"
      "0000000000000003"
      "0000000000000008"
      "0000000000000007" +
      b1 + "040b" + signatures;
  EXPECT_EQ(ToHex(samples[4]),
            "05"
            "0000000000000009"
            "0000000000000008"
            "00f2" +
                ToHex(SampleHeader(kChain, 9).Encode()) + "00000002" +
                FilledDigest<WireId>(0xd1).hex() + FilledDigest<WireId>(0xd2).hex() + "007b" +
                vote +
                "0001"
                "00fb" +
                notarization);
  EXPECT_EQ(ToHex(samples[5]),
            "06"
            "0000000000000005"
            "03"
            "0000000000000003"
            "0000000000000009"
            "0000000000000008" +
                b1 + "040b" + signatures);
}

TEST(LogRecord, ComesBackAsItWas) {
  const auto records = SampleRecords(kChain, 9);
  for (const LogRecord& record : records) {
    const Bytes encoded = EncodeLogRecord(record, kSampleSetSize);
    const auto decoded = DecodeLogRecord(kChain, encoded);
    ASSERT_TRUE(decoded) << record.index();
    EXPECT_EQ(decoded->index(), record.index());
    EXPECT_EQ(EncodeLogRecord(*decoded, kSampleSetSize), encoded);
  }
  const auto vote = DecodeLogRecord(kChain, EncodeLogRecord(records[1], kSampleSetSize));
  EXPECT_EQ(std::get<VoteRecord>(*vote), std::get<VoteRecord>(records[1]));
  const auto proposal = DecodeLogRecord(kChain, EncodeLogRecord(records[4], kSampleSetSize));
  EXPECT_EQ(std::get<ProposalRecord>(*proposal), std::get<ProposalRecord>(records[4]));
  const auto final = DecodeLogRecord(kChain, EncodeLogRecord(records[5], kSampleSetSize));
  EXPECT_EQ(std::get<FinalRecord>(*final), std::get<FinalRecord>(records[5]));
}

TEST(LogRecord, HoldsABlockWithItsTransactions) {
  const GenesisFixture fixture = MakeGenesis(4);
  const Genesis& genesis = fixture.genesis;
  const TransactionPtr transaction = MakeSubmit(genesis, MakeClientKey(1), genesis.time + 1000, 1);
  Header header = SampleHeader(genesis.chain_id, 9);
  header.tx_count = 1;
  header.tx_root = TransactionRoot({transaction->wire_id()});
  const LogRecord record = BlockRecord{Block::Make(header, {transaction})};
  const auto decoded = DecodeLogRecord(genesis.chain_id, EncodeLogRecord(record, 4));
  ASSERT_TRUE(decoded);
  const BlockPtr& block = std::get<BlockRecord>(*decoded).block;
  EXPECT_EQ(block->id, header.id());
  ASSERT_EQ(block->transactions.size(), 1u);
  EXPECT_EQ(block->transactions[0]->wire(), transaction->wire());
}

TEST(LogRecord, IsRefusedWhenCutOrLengthened) {
  for (const Bytes& encoded : EncodedSamples()) {
    for (size_t length = 0; length < encoded.size(); ++length) {
      EXPECT_FALSE(DecodeLogRecord(kChain, encoded.substr(0, length)))
          << ToHex(encoded) << " cut to " << length;
    }
    EXPECT_FALSE(DecodeLogRecord(kChain, encoded + '\0'));
  }
}

TEST(LogRecord, HasOneEncodingOnly) {
  for (const Bytes& encoded : EncodedSamples()) {
    for (size_t bit = 0; bit < encoded.size() * 8; ++bit) {
      Bytes flipped = encoded;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      const auto decoded = DecodeLogRecord(kChain, flipped);
      if (!decoded) continue;
      // The size of the set is told to Encode, so a flip in it alone gives the first octets again.
      const Bytes again = EncodeLogRecord(*decoded, kSampleSetSize);
      EXPECT_TRUE(again == flipped || again == encoded) << "bit " << bit;
    }
  }
}

TEST(LogRecord, OfAnUnknownKindIsRefused) {
  const Bytes body = EncodedSamples()[6].substr(1);
  for (int kind = 0; kind < 256; ++kind) {
    const bool known =
        DecodeLogRecord(kChain, Bytes(1, static_cast<char>(kind)) + body).has_value();
    EXPECT_EQ(known, kind == 7) << kind;
  }
}

TEST(LogRecord, OfAFinalizationHoldsNoOtherCertificate) {
  const LogRecord record = FinalRecord{SampleCertificate(VoteKind::kNotarize, 9), Height(5)};
  EXPECT_FALSE(DecodeLogRecord(kChain, EncodeLogRecord(record, kSampleSetSize)));
}

TEST(LogRecord, RefusesNumbersThatNoChainReaches) {
  const uint64_t too_large = kWireNumberMax + 1;
  const Epoch epoch(too_large);
  for (const LogRecord& record :
       {LogRecord(EpochRecord{epoch, {}, {}}), LogRecord(ReentryRecord{epoch}),
        LogRecord(FloorRecord{epoch, View(1)}), LogRecord(FloorRecord{Epoch(1), View(too_large)}),
        LogRecord(FinalRecord{SampleCertificate(VoteKind::kFinalize, 9), Height(too_large)})}) {
    EXPECT_FALSE(DecodeLogRecord(kChain, EncodeLogRecord(record, kSampleSetSize)))
        << record.index();
  }
}

TEST(Proposal, RefusesMoreThanItsLimits) {
  Proposal proposal = SampleProposal(kChain, 9);
  proposal.wire_ids.assign(kBlockTransactionsMax, FilledDigest<WireId>(1));
  proposal.justification.assign(kJustificationMax, SampleCertificate(VoteKind::kNullify, 8));
  const Bytes largest = EncodeProposal(proposal, kSampleSetSize);
  EXPECT_EQ(DecodeProposal(largest), proposal);

  constexpr size_t kCountOffset = 8 + 8 + 2 + 242;
  Bytes one_more = largest;
  one_more.insert(kCountOffset + 4, FilledDigest<WireId>(1).view());
  one_more[kCountOffset + 3] = static_cast<char>(one_more[kCountOffset + 3] + 1);
  EXPECT_FALSE(DecodeProposal(one_more));

  const Bytes certificate = SampleCertificate(VoteKind::kNullify, 8).Encode(kSampleSetSize);
  const size_t certificates = kJustificationMax * (2 + certificate.size());
  Bytes one_more_certificate = largest + largest.substr(largest.size() - certificate.size() - 2);
  one_more_certificate[largest.size() - certificates - 1] = kJustificationMax + 1;
  EXPECT_FALSE(DecodeProposal(one_more_certificate));
}

TEST(ViewOfRecord, IsKnownForWhatMayBePruned) {
  std::vector<std::optional<View>> views;
  for (const LogRecord& record : SampleRecords(kChain, 9)) views.push_back(ViewOfRecord(record));
  const std::optional<View> nine(View(9));
  EXPECT_THAT(views, testing::ElementsAre(std::nullopt, nine, nine, nine, nine, std::nullopt,
                                          std::nullopt, std::nullopt));
}

TEST(ViewOfRecord, IsTheViewOfTheProposalWhenAClosingBlockIsProposedAgain) {
  Proposal proposal = SampleProposal(kChain, 9);
  proposal.view = View(12);
  EXPECT_EQ(ViewOfRecord(ProposalRecord{proposal}), View(12));
}

ReentryAnswer SampleAnswer() {
  ReentryAnswer answer;
  answer.nonce.fill(0x77);
  answer.asker = ValidatorIndex(3);
  answer.answerer = ValidatorIndex(1);
  answer.epoch = Epoch(3);
  answer.view = View(10);
  answer.certificate = SampleCertificate(VoteKind::kNullify, 9);
  return answer;
}

TEST(ReentryAnswer, SignsTheSameOctetsForEver) {
  const SetHash set = FilledDigest<SetHash>(0xe1);
  const std::string tag = ToHex(BytesView("beian/reentry/v1\0", 17));
  const std::string statement = ToHex(BytesView("beian/vote/v1\0", 14)) + kChain.hex() + "02" +
                                "0000000000000003" + set.hex() + "0000000000000009";
  EXPECT_EQ(ToHex(SampleAnswer().SignedBytes(kChain, set)),
            tag + kChain.hex() + FilledDigest<Sha256Digest>(0x77).hex() + "0003" +
                "0000000000000003"
                "000000000000000a" +
                statement);
  ReentryAnswer first_view = SampleAnswer();
  first_view.certificate.reset();
  EXPECT_EQ(first_view.SignedBytes(kChain, set).size(), 17u + 32 + 32 + 2 + 8 + 8);
}

}  // namespace
}  // namespace beian
