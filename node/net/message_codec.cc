#include "node/net/message_codec.h"

#include <algorithm>
#include <array>
#include <utility>

#include "node/consensus/log_record.h"

namespace beian {
namespace {

template <class T>
using Decoded = std::expected<T, CodecError>;

constexpr auto kMalformed = std::unexpected(CodecError::kMalformed);

template <class T>
T ReadDigest(ByteReader& reader) {
  const BytesView octets = reader.Raw(T::kSize);
  return reader.failed() ? T{} : T::FromBytes(octets);
}

ReentryNonce ReadNonce(ByteReader& reader) {
  return ReadDigest<Sha256Digest>(reader).octets;
}

BytesView NonceView(const ReentryNonce& nonce) {
  return {reinterpret_cast<const char*>(nonce.data()), nonce.size()};
}

bool AnyTooLarge(std::initializer_list<uint64_t> numbers) {
  return std::ranges::any_of(numbers, [](uint64_t number) { return number > kWireNumberMax; });
}

// ---- Encoding ---------------------------------------------------------------------------------

/// Transactions whose octets, one after the other, are at most `bytes_max`; the rest stays out.
void WriteTransactions(ByteWriter& out, const std::vector<TransactionPtr>& transactions,
                       size_t count_max, size_t bytes_max) {
  size_t count = 0;
  size_t bytes = 0;
  while (count < std::min(transactions.size(), count_max)) {
    bytes += transactions[count]->wire().size();
    if (bytes > bytes_max) break;
    ++count;
  }
  out.U16(static_cast<uint16_t>(count));
  for (size_t i = 0; i < count; ++i) out.Long(transactions[i]->wire());
}

struct Encoder {
  ByteWriter& out;
  size_t set_size;

  void operator()(const Vote& vote) { out.Raw(vote.Encode()); }
  void operator()(const Certificate& certificate) { out.Raw(certificate.Encode(set_size)); }
  void operator()(const Proposal& proposal) { out.Raw(EncodeProposal(proposal, set_size)); }
  void operator()(const Status& status) {
    out.U64(status.epoch.value());
    out.U64(status.view.value());
    out.U64(status.final_view.value());
    out.U64(status.final_height.value());
    out.Raw(status.final_id.view());
    out.U64(status.committed.value());
  }
  void operator()(const GetCertificates& get) {
    out.U64(get.first.value());
    out.U64(get.last.value());
  }
  void operator()(const GetBody& get) { out.Raw(get.id.view()); }
  void operator()(const Body& body) { out.Raw(body.block->Encode()); }
  void operator()(const GetTransactions& get) {
    CHECK(get.wire_ids.size() <= kBlockTransactionsMax);
    out.Raw(get.block.view());
    out.U16(static_cast<uint16_t>(get.wire_ids.size()));
    for (const WireId& id : get.wire_ids) out.Raw(id.view());
  }
  void operator()(const Transactions& reply) {
    out.Raw(reply.block.view());
    WriteTransactions(out, reply.transactions, kBlockTransactionsMax, kBlockBytesMax);
  }
  void operator()(const GetBlocks& get) {
    out.U64(get.first.value());
    out.U32(get.count);
  }
  void operator()(const Blocks& reply) {
    // Blocks that nothing shows to be final are of no use to the asker.
    const size_t count = reply.proof ? reply.blocks.size() : 0;
    CHECK(count <= kBlocksPerReply);
    out.U8(static_cast<uint8_t>(count));
    for (size_t i = 0; i < count; ++i) out.Long(reply.blocks[i]->Encode());
    if (count > 0) out.Long(reply.proof->Encode(set_size));
  }
  void operator()(const TransactionBatch& batch) {
    CHECK(batch.transactions.size() <= kBatchTransactionsMax);
    WriteTransactions(out, batch.transactions, kBatchTransactionsMax, kBatchBytesMax);
  }
  void operator()(const ReentryAsk& ask) { out.Raw(NonceView(ask.nonce)); }
  void operator()(const ReentryAnswer& answer) {
    out.Raw(NonceView(answer.nonce));
    out.U16(answer.asker.value());
    out.U16(answer.answerer.value());
    out.U64(answer.epoch.value());
    out.U64(answer.view.value());
    out.Raw(answer.signature.view());
    out.Short(answer.certificate ? answer.certificate->Encode(set_size) : Bytes());
  }
};

// ---- Decoding ---------------------------------------------------------------------------------

template <class T>
Decoded<Message> OrMalformed(std::optional<T> value) {
  if (!value) return kMalformed;
  return *std::move(value);
}

Decoded<Message> ReadVote(const ChainId&, BytesView payload) {
  return OrMalformed(Vote::Decode(payload));
}

Decoded<Message> ReadCertificate(const ChainId&, BytesView payload) {
  return OrMalformed(Certificate::Decode(payload));
}

Decoded<Message> ReadProposal(const ChainId& chain, BytesView payload) {
  auto proposal = DecodeProposal(payload);
  if (!proposal || proposal->header.chain_id != chain) return kMalformed;
  if (AnyTooLarge({proposal->view.value(), proposal->parent_view.value()})) {
    return std::unexpected(CodecError::kBadNumber);
  }
  return *std::move(proposal);
}

Decoded<Message> ReadStatus(const ChainId&, BytesView payload) {
  ByteReader reader(payload);
  Status status;
  status.epoch = Epoch(reader.U64());
  status.view = View(reader.U64());
  status.final_view = View(reader.U64());
  status.final_height = Height(reader.U64());
  status.final_id = ReadDigest<BlockId>(reader);
  status.committed = Height(reader.U64());
  if (!reader.Finished()) return kMalformed;
  if (AnyTooLarge({status.epoch.value(), status.view.value(), status.final_view.value(),
                   status.final_height.value(), status.committed.value()})) {
    return std::unexpected(CodecError::kBadNumber);
  }
  return status;
}

Decoded<Message> ReadGetCertificates(const ChainId&, BytesView payload) {
  ByteReader reader(payload);
  const GetCertificates get{View(reader.U64()), View(reader.U64())};
  if (!reader.Finished()) return kMalformed;
  if (get.last < get.first || AnyTooLarge({get.last.value()})) {
    return std::unexpected(CodecError::kBadNumber);
  }
  return get;
}

Decoded<Message> ReadGetBody(const ChainId&, BytesView payload) {
  ByteReader reader(payload);
  const GetBody get{ReadDigest<BlockId>(reader)};
  if (!reader.Finished()) return kMalformed;
  return get;
}

Decoded<Message> ReadBody(const ChainId& chain, BytesView payload) {
  Body body{Block::Decode(chain, payload)};
  if (!body.block) return std::unexpected(CodecError::kBadBlock);
  return body;
}

Decoded<Message> ReadGetTransactions(const ChainId&, BytesView payload) {
  ByteReader reader(payload);
  GetTransactions get;
  get.block = ReadDigest<BlockId>(reader);
  const size_t count = reader.U16();
  if (count > kBlockTransactionsMax) return std::unexpected(CodecError::kTooMany);
  if (reader.failed() || reader.left() != count * WireId::kSize) return kMalformed;
  get.wire_ids.reserve(count);
  for (size_t i = 0; i < count; ++i) get.wire_ids.push_back(ReadDigest<WireId>(reader));
  return get;
}

/// u16 count ‖ each u32-framed, to the end.
Decoded<std::vector<TransactionPtr>> ReadTransactionList(const ChainId& chain, ByteReader& reader,
                                                         size_t count_max, size_t bytes_max) {
  const size_t count = reader.U16();
  if (count > count_max) return std::unexpected(CodecError::kTooMany);
  if (reader.left() > bytes_max + count * sizeof(uint32_t)) {
    return std::unexpected(CodecError::kTooLarge);
  }
  std::vector<TransactionPtr> transactions;
  for (size_t i = 0; i < count; ++i) {
    const BytesView wire = reader.Long();
    if (reader.failed()) return kMalformed;
    auto transaction = Transaction::Parse(chain, wire);
    if (!transaction) return std::unexpected(CodecError::kBadTransaction);
    transactions.push_back(*std::move(transaction));
  }
  if (!reader.Finished()) return kMalformed;
  return transactions;
}

Decoded<Message> ReadTransactions(const ChainId& chain, BytesView payload) {
  ByteReader reader(payload);
  const auto block = ReadDigest<BlockId>(reader);
  auto list = ReadTransactionList(chain, reader, kBlockTransactionsMax, kBlockBytesMax);
  if (!list) return std::unexpected(list.error());
  return Transactions{block, *std::move(list)};
}

Decoded<Message> ReadGetBlocks(const ChainId&, BytesView payload) {
  ByteReader reader(payload);
  GetBlocks get;
  get.first = Height(reader.U64());
  get.count = reader.U32();
  if (!reader.Finished()) return kMalformed;
  if (get.count > kBlocksPerReply) return std::unexpected(CodecError::kTooMany);
  if (AnyTooLarge({get.first.value()})) return std::unexpected(CodecError::kBadNumber);
  return get;
}

Decoded<Message> ReadBlocks(const ChainId& chain, BytesView payload) {
  ByteReader reader(payload);
  const size_t count = reader.U8();
  if (count > kBlocksPerReply) return std::unexpected(CodecError::kTooMany);
  Blocks reply;
  for (size_t i = 0; i < count; ++i) {
    const BytesView encoded = reader.Long();
    if (reader.failed()) return kMalformed;
    BlockPtr block = Block::Decode(chain, encoded);
    if (!block) return std::unexpected(CodecError::kBadBlock);
    reply.blocks.push_back(std::move(block));
  }
  if (count > 0) {
    reply.proof = FinalityProof::Decode(reader.Long());
    if (!reply.proof) return kMalformed;
  }
  if (!reader.Finished()) return kMalformed;
  return reply;
}

Decoded<Message> ReadTransactionBatch(const ChainId& chain, BytesView payload) {
  ByteReader reader(payload);
  auto list = ReadTransactionList(chain, reader, kBatchTransactionsMax, kBatchBytesMax);
  if (!list) return std::unexpected(list.error());
  return TransactionBatch{*std::move(list)};
}

Decoded<Message> ReadReentryAsk(const ChainId&, BytesView payload) {
  ByteReader reader(payload);
  const ReentryAsk ask{ReadNonce(reader)};
  if (!reader.Finished()) return kMalformed;
  return ask;
}

Decoded<Message> ReadReentryAnswer(const ChainId&, BytesView payload) {
  ByteReader reader(payload);
  ReentryAnswer answer;
  answer.nonce = ReadNonce(reader);
  answer.asker = ValidatorIndex(reader.U16());
  answer.answerer = ValidatorIndex(reader.U16());
  answer.epoch = Epoch(reader.U64());
  answer.view = View(reader.U64());
  const auto signature = Signature::FromBytes(reader.Raw(Signature::kSize));
  const BytesView certificate = reader.Short();
  if (!signature || !reader.Finished()) return kMalformed;
  answer.signature = *signature;
  if (AnyTooLarge({answer.epoch.value(), answer.view.value()})) {
    return std::unexpected(CodecError::kBadNumber);
  }
  if (answer.asker.value() >= kValidatorsMax || answer.answerer.value() >= kValidatorsMax) {
    return kMalformed;
  }
  if (!certificate.empty()) {
    answer.certificate = Certificate::Decode(certificate);
    if (!answer.certificate) return kMalformed;
  }
  return answer;
}

// ---- Kinds, in the order of Message -----------------------------------------------------------

struct Kind {
  std::string_view name;
  Decoded<Message> (*read)(const ChainId&, BytesView payload);
};
constexpr std::array<Kind, kMessageKindCount> kKinds = {{
    {"vote", &ReadVote},
    {"certificate", &ReadCertificate},
    {"proposal", &ReadProposal},
    {"status", &ReadStatus},
    {"get_certificates", &ReadGetCertificates},
    {"get_body", &ReadGetBody},
    {"body", &ReadBody},
    {"get_transactions", &ReadGetTransactions},
    {"transactions", &ReadTransactions},
    {"get_blocks", &ReadGetBlocks},
    {"blocks", &ReadBlocks},
    {"transaction_batch", &ReadTransactionBatch},
    {"reentry_ask", &ReadReentryAsk},
    {"reentry_answer", &ReadReentryAnswer},
}};

struct PriorityVisitor {
  View sender_view;

  Priority operator()(const Certificate&) { return Priority::kCertificate; }
  Priority operator()(const Proposal&) { return Priority::kProposal; }
  Priority operator()(const Vote& vote) {
    // The finalize vote of a view leaves when its voter has entered the next one.
    const bool current = vote.statement.view.value() + 1 >= sender_view.value();
    return current ? Priority::kProposal : Priority::kVote;
  }
  Priority operator()(const ReentryAsk&) { return Priority::kVote; }
  Priority operator()(const ReentryAnswer&) { return Priority::kVote; }
  Priority operator()(const TransactionBatch&) { return Priority::kTransactions; }
  Priority operator()(const GetBlocks&) { return Priority::kSync; }
  Priority operator()(const Blocks&) { return Priority::kSync; }
  Priority operator()(const Status&) { return Priority::kReply; }
  Priority operator()(const GetCertificates&) { return Priority::kReply; }
  Priority operator()(const GetBody&) { return Priority::kReply; }
  Priority operator()(const Body&) { return Priority::kReply; }
  Priority operator()(const GetTransactions&) { return Priority::kReply; }
  Priority operator()(const Transactions&) { return Priority::kReply; }
};

}  // namespace

std::string_view CodecErrorId(CodecError error) {
  switch (error) {
    case CodecError::kUnknownKind:
      return "message.unknown_kind";
    case CodecError::kTooMany:
      return "message.too_many";
    case CodecError::kTooLarge:
      return "message.too_large";
    case CodecError::kMalformed:
      return "message.malformed";
    case CodecError::kBadNumber:
      return "message.bad_number";
    case CodecError::kBadTransaction:
      return "message.bad_transaction";
    case CodecError::kBadBlock:
      return "message.bad_block";
  }
  CHECK(!"an error without an id");
  return {};
}

Bytes EncodeMessage(const Message& message, View sender_view, size_t set_size) {
  ByteWriter out;
  out.U8(static_cast<uint8_t>(message.index() + 1));
  out.U64(sender_view.value());
  std::visit(Encoder{out, set_size}, message);
  return out.Take();
}

std::expected<DecodedMessage, CodecError> DecodeMessage(const ChainId& chain, BytesView frame) {
  const auto kind = KindOfFrame(frame);
  if (!kind) return std::unexpected(CodecError::kUnknownKind);
  ByteReader reader(frame.substr(1));
  const View sender_view(reader.U64());
  if (reader.failed()) return kMalformed;
  if (AnyTooLarge({sender_view.value()})) return std::unexpected(CodecError::kBadNumber);
  auto message = kKinds[*kind].read(chain, reader.Raw(reader.left()));
  if (!message) return std::unexpected(message.error());
  return DecodedMessage{*std::move(message), sender_view};
}

Priority PriorityOf(const Message& message, View sender_view) {
  return std::visit(PriorityVisitor{sender_view}, message);
}

std::optional<size_t> KindOfFrame(BytesView frame) {
  if (frame.empty()) return std::nullopt;
  const size_t kind = static_cast<uint8_t>(frame.front());
  if (kind == 0 || kind > kMessageKindCount) return std::nullopt;
  return kind - 1;
}

std::string_view MessageKindName(size_t kind) {
  CHECK(kind < kMessageKindCount);
  return kKinds[kind].name;
}

}  // namespace beian
