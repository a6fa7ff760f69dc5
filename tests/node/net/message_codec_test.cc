#include "node/net/message_codec.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "ledger/crypto/hash.h"
#include "tests/node/net/sample_messages.h"

namespace beian {
namespace {

using namespace net_test;

constexpr View kSenderView{0x0a0b};

Bytes Encode(const Message& message) {
  return EncodeMessage(message, kSenderView, kSetSize);
}

CodecError ErrorOf(const Bytes& frame) {
  const auto decoded = DecodeMessage(kChain, frame);
  EXPECT_FALSE(decoded.has_value());
  return decoded ? CodecError::kUnknownKind : decoded.error();
}

/// `frame` with the octets at `offset` replaced.
Bytes Patched(Bytes frame, size_t offset, BytesView octets) {
  return frame.replace(offset, octets.size(), octets);
}

constexpr size_t kEnvelopeBytes = 9;

TEST(MessageCodec, GivesBackEveryMessage) {
  std::set<size_t> kinds;
  for (const auto& [name, message] : SampleMessages()) {
    const Bytes frame = Encode(message);
    const auto decoded = DecodeMessage(kChain, frame);
    ASSERT_TRUE(decoded.has_value()) << name << ": " << CodecErrorId(decoded.error());
    EXPECT_EQ(decoded->sender_view, kSenderView) << name;
    EXPECT_EQ(decoded->message.index(), message.index()) << name;
    EXPECT_EQ(ToHex(Encode(decoded->message)), ToHex(frame)) << name;
    kinds.insert(message.index());
  }
  EXPECT_EQ(kinds.size(), kMessageKindCount) << "a kind has no sample";
}

TEST(MessageCodec, KeepsTheValuesOfEveryField) {
  const auto message = [](const Message& sample) {
    return DecodeMessage(kChain, Encode(sample)).value().message;
  };
  EXPECT_EQ(std::get<Vote>(message(SampleVote(VoteKind::kFinalize))),
            SampleVote(VoteKind::kFinalize));
  EXPECT_EQ(std::get<Proposal>(message(SampleProposal())), SampleProposal());
  const Status status{Epoch(1), View(2), View(3), Height(4), DigestOf<BlockId>(6), Height(5)};
  EXPECT_EQ(std::get<Status>(message(status)), status);
  const ReentryAnswer answer = SampleAnswer(SampleCertificate(VoteKind::kNotarize));
  EXPECT_EQ(std::get<ReentryAnswer>(message(answer)), answer);
  const auto blocks = std::get<Blocks>(message(Blocks{
      {SampleBlock(8, 3)}, FinalityProof{{}, SampleCertificate(VoteKind::kFinalize)}}));
  ASSERT_EQ(blocks.blocks.size(), 1u);
  EXPECT_EQ(blocks.blocks[0]->id, SampleBlock(8, 3)->id);
  EXPECT_EQ(blocks.blocks[0]->transactions.size(), 3u);
  EXPECT_EQ(blocks.proof->finalization, SampleCertificate(VoteKind::kFinalize));
}

// The wire format: whoever changes an octet of it changes kWireFormat too.
TEST(MessageCodec, WritesTheGoldenOctets) {
  const std::vector<std::pair<std::string, std::string>> golden = {
      {"vote_notarize", "132 c0c0d10d30b51484ee3d8067cca266abbc0fd1fce63075bd133dafcfeff2094d"},
      {"vote_nullify", "92 e138d7ebf977124341b331109841511f56e36306a0c27166e2334187480e2f62"},
      {"certificate", "260 c16f9dec033ac21d2aad3869db32731b6a4ed189d03f765288cfe65bba0ea625"},
      {"proposal", "930 4211299d5f767b814168d5ca7c668724cf1c86682e75e556cb273df321240e95"},
      {"status", "81 1e89f9dae7171f185c8f514d1e814a47d0746acf19f3509c977d1037cf7378c1"},
      {"get_certificates", "050000000000000a0b00000000000000070000000000000046"},
      {"get_body",
       "060000000000000a0bb3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3"},
      {"body", "535 99b44a9148592780f4584c6cac589f5ed0a6b3dc8689ab56f344d5f5e0549b5f"},
      {"get_transactions", "107 91b41f1396286669f50625fb7f6da57eaf4aae76caf7ac7ee192a6584238c907"},
      {"transactions", "321 0f8d539c8f91622fd1f92a2c9fec22685571aa4c2e00bb4a4c1a9f2e621abc4a"},
      {"get_blocks", "0a0000000000000a0b000000000000000b00000040"},
      {"blocks", "1152 f11d4bbdaf50f96f86d0ab971fe97e2946ac285541ff8ad95fad075380414800"},
      {"blocks_none", "0b0000000000000a0b00"},
      {"transaction_batch", "289 53aed3b2e3259bbcc2f98a02cd3bc197ec249efb5e57459452bc1c2fb5b7db26"},
      {"reentry_ask",
       "0d0000000000000a0b4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e"},
      {"reentry_answer", "338 4b69b5355faa7462a5d331f63f7880e9169796819ebcb3013829f3a30fe29a86"},
      {"reentry_answer_view_1",
       "127 b88453a465d4ea323b85e0b13437e10ef327aaffcc08fd58b67f022bd294b612"},
  };
  const auto samples = SampleMessages();
  ASSERT_EQ(samples.size(), golden.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    const Bytes frame = Encode(samples[i].second);
    const std::string digest = std::to_string(frame.size()) + " " + Sha256({frame}).hex();
    const std::string shown = frame.size() <= 64 ? ToHex(frame) : digest;
    EXPECT_EQ(samples[i].first, golden[i].first);
    EXPECT_EQ(shown, golden[i].second) << samples[i].first;
  }
}

TEST(MessageCodec, RefusesEveryTruncation) {
  for (const auto& [name, message] : SampleMessages()) {
    const Bytes frame = Encode(message);
    for (size_t length = 0; length < frame.size(); ++length) {
      EXPECT_FALSE(DecodeMessage(kChain, BytesView(frame).substr(0, length)).has_value())
          << name << " cut to " << length << " of " << frame.size();
    }
  }
}

TEST(MessageCodec, RefusesEveryTrailingOctet) {
  for (const auto& [name, message] : SampleMessages()) {
    for (const char octet : {'\0', '\1', '\xff'}) {
      EXPECT_FALSE(DecodeMessage(kChain, Encode(message) + octet).has_value()) << name;
    }
  }
}

// What a mutated frame decodes to is a message like any other: it survives another round.
TEST(MessageCodec, SurvivesRandomMutations) {
  std::mt19937_64 random(7);
  size_t accepted = 0;
  for (const auto& [name, message] : SampleMessages()) {
    const Bytes original = Encode(message);
    for (int round = 0; round < 3'000; ++round) {
      Bytes frame = original;
      for (uint64_t edits = 1 + random() % 3; edits > 0; --edits) {
        const size_t at = random() % frame.size();
        switch (random() % 4) {
          case 0: frame[at] = static_cast<char>(random()); break;
          case 1: frame[at] = static_cast<char>(frame[at] ^ (1 << random() % 8)); break;
          case 2: frame.erase(at, 1 + random() % 8); break;
          default: frame.insert(at, random() % 8 + 1, static_cast<char>(random())); break;
        }
        if (frame.empty()) frame = "x";
      }
      const auto decoded = DecodeMessage(kChain, frame);
      if (!decoded) continue;
      ++accepted;
      const Bytes again = EncodeMessage(decoded->message, decoded->sender_view, kValidatorsMax);
      ASSERT_TRUE(DecodeMessage(kChain, again).has_value()) << name << " " << ToHex(frame);
      PriorityOf(decoded->message, decoded->sender_view);
    }
  }
  EXPECT_GT(accepted, 1'000u) << "the mutations were too coarse to reach the fields";
}

TEST(MessageCodec, SurvivesRandomOctetsOfEveryKind) {
  std::mt19937_64 random(8);
  for (int round = 0; round < 50'000; ++round) {
    Bytes frame(random() % 200, '\0');
    for (char& octet : frame) octet = static_cast<char>(random() % 3 == 0 ? random() : 0);
    if (!frame.empty()) frame[0] = static_cast<char>(random() % 17);
    static_cast<void>(DecodeMessage(kChain, frame));
  }
}

TEST(MessageCodec, RefusesUnknownKinds) {
  Bytes frame = Encode(GetBody{});
  for (const int kind : {0, 15, 16, 127, 255}) {
    frame[0] = static_cast<char>(kind);
    EXPECT_EQ(ErrorOf(frame), CodecError::kUnknownKind) << kind;
    EXPECT_FALSE(KindOfFrame(frame).has_value());
  }
  EXPECT_EQ(ErrorOf(""), CodecError::kUnknownKind);
  EXPECT_FALSE(KindOfFrame("").has_value());
}

TEST(MessageCodec, NamesEveryKindOnce) {
  std::set<std::string_view> names;
  for (size_t kind = 0; kind < kMessageKindCount; ++kind) names.insert(MessageKindName(kind));
  EXPECT_EQ(names.size(), kMessageKindCount);
  for (const auto& [name, message] : SampleMessages()) {
    ASSERT_TRUE(KindOfFrame(Encode(message)).has_value());
    EXPECT_TRUE(name.starts_with(MessageKindName(*KindOfFrame(Encode(message))))) << name;
  }
}

// A sum of numbers from outside must not overflow, which would abort the process.
TEST(MessageCodec, RefusesNumbersNearTheEndOfTheirType) {
  const Bytes most = FromHex("ffffffffffffffff").value();
  const Bytes past = FromHex("4000000000000001").value();
  const Bytes good = FromHex("4000000000000000").value();
  const Bytes status = Encode(Status{});
  for (const size_t offset : {1u, 9u, 17u, 25u, 33u, 73u}) {
    EXPECT_EQ(ErrorOf(Patched(status, offset, most)), CodecError::kBadNumber) << offset;
    EXPECT_EQ(ErrorOf(Patched(status, offset, past)), CodecError::kBadNumber) << offset;
    EXPECT_TRUE(DecodeMessage(kChain, Patched(status, offset, good)).has_value()) << offset;
  }
  for (const size_t offset : {9u, 17u}) {
    EXPECT_FALSE(DecodeMessage(kChain, Patched(Encode(SampleProposal()), offset, past)));
  }
  EXPECT_EQ(ErrorOf(Patched(Encode(GetBlocks{}), kEnvelopeBytes, past)), CodecError::kBadNumber);
  EXPECT_EQ(ErrorOf(Patched(Encode(GetCertificates{View(1), View(2)}), 17, most)),
            CodecError::kBadNumber);
  EXPECT_EQ(ErrorOf(Encode(GetCertificates{View(3), View(2)})), CodecError::kBadNumber);
  const Bytes answer = Encode(SampleAnswer(std::nullopt));
  for (const size_t offset : {45u, 53u}) {
    EXPECT_EQ(ErrorOf(Patched(answer, offset, past)), CodecError::kBadNumber) << offset;
  }
}

TEST(MessageCodec, RefusesMoreItemsThanAKindAllows) {
  Bytes wire_ids(kEnvelopeBytes + 34 + 32 * 2'001, '\0');
  wire_ids[0] = 8;
  wire_ids.replace(kEnvelopeBytes + 32, 2, FromHex("07d1").value());
  EXPECT_EQ(ErrorOf(wire_ids), CodecError::kTooMany);
  GetBlocks blocks{Height(1), kBlocksPerReply + 1};
  EXPECT_EQ(ErrorOf(Encode(blocks)), CodecError::kTooMany);
  Bytes batch = Encode(TransactionBatch{});
  batch.replace(kEnvelopeBytes, 2, FromHex("0201").value());
  EXPECT_EQ(ErrorOf(batch), CodecError::kTooMany);
  Bytes reply = Encode(Blocks{});
  reply[kEnvelopeBytes] = 65;
  EXPECT_EQ(ErrorOf(reply), CodecError::kTooMany);
  Bytes transactions = Encode(Transactions{});
  transactions.replace(kEnvelopeBytes + 32, 2, FromHex("07d1").value());
  EXPECT_EQ(ErrorOf(transactions), CodecError::kTooMany);
}

TEST(MessageCodec, RefusesMoreOctetsThanAKindAllows) {
  // Five transactions of 60,000 octets: within the count, beyond the octets of a batch.
  std::vector<TransactionPtr> list(5, SampleTransaction(1, 60'000));
  ByteWriter out;
  out.Raw(Encode(TransactionBatch{}).substr(0, kEnvelopeBytes));
  out.U16(5);
  for (const auto& transaction : list) out.Long(transaction->wire());
  EXPECT_EQ(ErrorOf(out.bytes()), CodecError::kTooLarge);
  // The encoder cuts there.
  const auto cut = DecodeMessage(kChain, Encode(TransactionBatch{list}));
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(std::get<TransactionBatch>(cut->message).transactions.size(), 4u);
  const auto reply = DecodeMessage(
      kChain, Encode(Transactions{BlockId{}, std::vector(40, SampleTransaction(1, 60'000))}));
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(std::get<Transactions>(reply->message).transactions.size(), 16u);
}

TEST(MessageCodec, TellsBadTransactionsAndBlocks) {
  const Bytes batch = Encode(TransactionBatch{{SampleTransaction(1)}});
  EXPECT_EQ(ErrorOf(Patched(batch, kEnvelopeBytes + 6, "\x7f")), CodecError::kBadTransaction);
  const Bytes body = Encode(Body{SampleBlock(1, 1)});
  EXPECT_EQ(ErrorOf(Patched(body, body.size() - 1, "\x7f")), CodecError::kBadBlock)
      << "a body that is not what its header says";
}

TEST(MessageCodec, RefusesWhatBelongsToAnotherChain) {
  const ChainId other = DigestOf<ChainId>(0xc2);
  for (const Message& message : std::vector<Message>{
           SampleProposal(), Body{SampleBlock(1, 1)},
           Blocks{{SampleBlock(1, 0)},
                  FinalityProof{{}, SampleCertificate(VoteKind::kFinalize)}}}) {
    EXPECT_TRUE(DecodeMessage(kChain, Encode(message)).has_value());
    EXPECT_FALSE(DecodeMessage(other, Encode(message)).has_value());
  }
}

TEST(MessageCodec, RefusesValidatorsBeyondEverySet) {
  const Bytes answer = Encode(SampleAnswer(std::nullopt));
  for (const size_t offset : {41u, 43u}) {
    EXPECT_EQ(ErrorOf(Patched(answer, offset, FromHex("0023").value())), CodecError::kMalformed);
    EXPECT_TRUE(DecodeMessage(kChain, Patched(answer, offset, FromHex("0022").value())));
  }
}

TEST(MessageCodec, SendsNoBlocksThatNothingShowsToBeFinal) {
  const auto decoded = DecodeMessage(kChain, Encode(Blocks{{SampleBlock(1, 1)}, std::nullopt}));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(std::get<Blocks>(decoded->message).blocks.empty());
}

TEST(MessagePriority, PutsVotesOfTheViewInProgressBeforeEarlierOnes) {
  const Vote vote = SampleVote(VoteKind::kFinalize);
  const View view = vote.statement.view;
  EXPECT_EQ(PriorityOf(vote, view), Priority::kProposal);
  EXPECT_EQ(PriorityOf(vote, view.Next()), Priority::kProposal);
  EXPECT_EQ(PriorityOf(vote, view.Next().Next()), Priority::kVote);
}

TEST(MessagePriority, OrdersTheStreams) {
  const std::vector<Message> in_order = {
      SampleCertificate(VoteKind::kNotarize), SampleProposal(),   ReentryAsk{},
      Body{SampleBlock(1, 0)},                TransactionBatch{}, Blocks{}};
  for (size_t i = 1; i < in_order.size(); ++i) {
    EXPECT_LT(PriorityOf(in_order[i - 1], View(1)), PriorityOf(in_order[i], View(1))) << i;
  }
}

}  // namespace
}  // namespace beian
