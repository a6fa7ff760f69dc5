#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node/net/message_codec.h"

/// One message of every kind, the same in every run. Nobody verifies their signatures.
namespace beian::net_test {

inline constexpr size_t kSetSize = 4;

template <class T>
T DigestOf(uint8_t octet) {
  return T::FromBytes(Bytes(T::kSize, static_cast<char>(octet)));
}

inline const ChainId kChain = DigestOf<ChainId>(0xc1);

inline Signature SignatureOf(uint8_t octet) {
  return *Signature::FromBytes(Bytes(Signature::kSize, static_cast<char>(octet)));
}

inline TransactionPtr SampleTransaction(uint8_t number, size_t padding = 0) {
  v1::TransactionBody body;
  body.set_signer(PublicKey{KeyScheme::kEd25519, Bytes(32, static_cast<char>(number))}.Encode());
  body.set_nonce(Bytes(kNonceBytes, static_cast<char>(number)));
  body.set_expiry_ms(1'700'000'000'000);
  body.add_actions()->mutable_refuse()->set_reason(Bytes(padding + 1, 'x'));
  v1::SignedTransaction outer;
  outer.set_body(body.SerializeAsString());
  outer.set_signature(Bytes(Signature::kSize, '\1'));
  return Transaction::Parse(kChain, outer.SerializeAsString()).value();
}

inline BlockPtr SampleBlock(uint64_t height, uint8_t transactions, size_t padding = 0) {
  Header header;
  header.chain_id = kChain;
  header.view = View(height + 1);
  header.height = Height(height);
  header.parent = DigestOf<BlockId>(0xb0);
  header.tx_count = transactions;
  header.log_size = 77;
  header.time = TimeMs(1'700'000'000'000);
  header.proposer = ValidatorIndex(2);
  std::vector<TransactionPtr> list;
  std::vector<WireId> ids;
  for (uint8_t i = 0; i < transactions; ++i) {
    list.push_back(SampleTransaction(static_cast<uint8_t>(i + 1), padding));
    ids.push_back(list.back()->wire_id());
  }
  header.tx_root = TransactionRoot(ids);
  return Block::Make(header, std::move(list));
}

inline Statement SampleStatement(VoteKind kind) {
  Statement statement;
  statement.kind = kind;
  statement.epoch = Epoch(3);
  statement.view = View(0x0102030405);
  if (kind != VoteKind::kNullify) {
    statement.parent_view = View(0x0102030401);
    statement.id = DigestOf<BlockId>(0xb1);
  }
  return statement;
}

inline Vote SampleVote(VoteKind kind) {
  return {SampleStatement(kind), ValidatorIndex(3), SignatureOf(0x51)};
}

inline Certificate SampleCertificate(VoteKind kind) {
  return {SampleStatement(kind),
          {{ValidatorIndex(0), SignatureOf(0x50)},
           {ValidatorIndex(2), SignatureOf(0x52)},
           {ValidatorIndex(3), SignatureOf(0x53)}}};
}

inline Proposal SampleProposal() {
  return {View(9), View(6), SampleBlock(5, 2)->header,
          {DigestOf<WireId>(0xd1), DigestOf<WireId>(0xd2)}, SampleVote(VoteKind::kNotarize),
          {SampleCertificate(VoteKind::kFinalize), SampleCertificate(VoteKind::kNullify)}};
}

inline ReentryAnswer SampleAnswer(std::optional<Certificate> certificate) {
  ReentryAnswer answer;
  answer.nonce.fill(0x4e);
  answer.asker = ValidatorIndex(1);
  answer.answerer = ValidatorIndex(2);
  answer.epoch = Epoch(1);
  answer.view = View(certificate ? 8 : 1);
  answer.certificate = std::move(certificate);
  answer.signature = SignatureOf(0x54);
  return answer;
}

inline std::vector<std::pair<std::string, Message>> SampleMessages() {
  ReentryAsk ask;
  ask.nonce.fill(0x4e);
  return {
      {"vote_notarize", SampleVote(VoteKind::kNotarize)},
      {"vote_nullify", SampleVote(VoteKind::kNullify)},
      {"certificate", SampleCertificate(VoteKind::kFinalize)},
      {"proposal", SampleProposal()},
      {"status", Status{Epoch(1), View(2), View(3), Height(4), DigestOf<BlockId>(0xb2), Height(5)}},
      {"get_certificates", GetCertificates{View(7), View(70)}},
      {"get_body", GetBody{DigestOf<BlockId>(0xb3)}},
      {"body", Body{SampleBlock(5, 2)}},
      {"get_transactions",
       GetTransactions{DigestOf<BlockId>(0xb4), {DigestOf<WireId>(1), DigestOf<WireId>(2)}}},
      {"transactions",
       Transactions{DigestOf<BlockId>(0xb5), {SampleTransaction(1), SampleTransaction(2)}}},
      {"get_blocks", GetBlocks{Height(11), 64}},
      {"blocks", Blocks{{SampleBlock(5, 1), SampleBlock(6, 0)},
                        FinalityProof{{SampleBlock(7, 0)->header},
                                      SampleCertificate(VoteKind::kFinalize)}}},
      {"blocks_none", Blocks{}},
      {"transaction_batch", TransactionBatch{{SampleTransaction(1), SampleTransaction(2)}}},
      {"reentry_ask", ask},
      {"reentry_answer", SampleAnswer(SampleCertificate(VoteKind::kNullify))},
      {"reentry_answer_view_1", SampleAnswer(std::nullopt)},
  };
}

}  // namespace beian::net_test
