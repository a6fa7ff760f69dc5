// Layouts after the kind octet, numbers big-endian:
//   1 E        u64 epoch ‖ set hash ‖ root id
//   2 V        vote
//   3 C        certificate
//   4 B        block
//   5 P        proposal
//   6 L        u64 height ‖ certificate
//   7 REENTRY  u64 epoch
//   8 FLOOR    u64 epoch ‖ u64 floor
// Proposal: u64 view ‖ u64 parent view ‖ u16-framed header ‖ u32 count ‖ wire ids ‖ u16-framed vote
// ‖ u16 count ‖ u16-framed certificates.

#include "node/consensus/log_record.h"

#include <utility>

namespace beian {
namespace {

enum class RecordKind : uint8_t {
  kEpoch = 1,
  kVote = 2,
  kCertificate = 3,
  kBlock = 4,
  kProposal = 5,
  kFinal = 6,
  kReentry = 7,
  kFloor = 8,
};

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

template <class To>
To ReadDigest(ByteReader& reader) {
  const BytesView octets = reader.Raw(To::kSize);
  return octets.size() == To::kSize ? To::FromBytes(octets) : To{};
}

void WriteKind(ByteWriter& writer, RecordKind kind) {
  writer.U8(std::to_underlying(kind));
}

std::optional<LogRecord> DecodeEpoch(BytesView body) {
  ByteReader reader(body);
  EpochRecord record;
  record.epoch = Epoch(reader.U64());
  record.set = ReadDigest<SetHash>(reader);
  record.root = ReadDigest<BlockId>(reader);
  if (!reader.Finished() || record.epoch.value() > kWireNumberMax) return std::nullopt;
  return record;
}

std::optional<LogRecord> DecodeFinal(BytesView body) {
  ByteReader reader(body);
  FinalRecord record;
  record.height = Height(reader.U64());
  auto certificate = Certificate::Decode(reader.Raw(reader.left()));
  if (reader.failed() || !certificate) return std::nullopt;
  if (record.height.value() > kWireNumberMax) return std::nullopt;
  if (certificate->statement.kind != VoteKind::kFinalize) return std::nullopt;
  record.finalization = *std::move(certificate);
  return record;
}

std::optional<LogRecord> DecodeReentry(BytesView body) {
  ByteReader reader(body);
  const ReentryRecord record{Epoch(reader.U64())};
  if (!reader.Finished() || record.epoch.value() > kWireNumberMax) return std::nullopt;
  return record;
}

std::optional<LogRecord> DecodeFloor(BytesView body) {
  ByteReader reader(body);
  FloorRecord record;
  record.epoch = Epoch(reader.U64());
  record.floor = View(reader.U64());
  if (!reader.Finished()) return std::nullopt;
  if (record.epoch.value() > kWireNumberMax || record.floor.value() > kWireNumberMax) {
    return std::nullopt;
  }
  return record;
}

template <class Record, class Value>
std::optional<LogRecord> Wrap(std::optional<Value> value) {
  if (!value) return std::nullopt;
  return Record{*std::move(value)};
}

}  // namespace

Bytes EncodeLogRecord(const LogRecord& record, size_t set_size) {
  ByteWriter writer;
  std::visit(Overloaded{
                 [&](const EpochRecord& epoch) {
                   WriteKind(writer, RecordKind::kEpoch);
                   writer.U64(epoch.epoch.value());
                   writer.Raw(epoch.set.view());
                   writer.Raw(epoch.root.view());
                 },
                 [&](const VoteRecord& vote) {
                   WriteKind(writer, RecordKind::kVote);
                   writer.Raw(vote.vote.Encode());
                 },
                 [&](const CertificateRecord& certificate) {
                   WriteKind(writer, RecordKind::kCertificate);
                   writer.Raw(certificate.certificate.Encode(set_size));
                 },
                 [&](const BlockRecord& block) {
                   WriteKind(writer, RecordKind::kBlock);
                   writer.Raw(block.block->Encode());
                 },
                 [&](const ProposalRecord& proposal) {
                   WriteKind(writer, RecordKind::kProposal);
                   writer.Raw(EncodeProposal(proposal.proposal, set_size));
                 },
                 [&](const FinalRecord& final) {
                   WriteKind(writer, RecordKind::kFinal);
                   writer.U64(final.height.value());
                   writer.Raw(final.finalization.Encode(set_size));
                 },
                 [&](const ReentryRecord& reentry) {
                   WriteKind(writer, RecordKind::kReentry);
                   writer.U64(reentry.epoch.value());
                 },
                 [&](const FloorRecord& floor) {
                   WriteKind(writer, RecordKind::kFloor);
                   writer.U64(floor.epoch.value());
                   writer.U64(floor.floor.value());
                 },
             },
             record);
  return writer.Take();
}

std::optional<LogRecord> DecodeLogRecord(const ChainId& chain, BytesView encoded) {
  if (encoded.empty()) return std::nullopt;
  const BytesView body = encoded.substr(1);
  switch (static_cast<RecordKind>(static_cast<uint8_t>(encoded.front()))) {
    case RecordKind::kEpoch:
      return DecodeEpoch(body);
    case RecordKind::kVote:
      return Wrap<VoteRecord>(Vote::Decode(body));
    case RecordKind::kCertificate:
      return Wrap<CertificateRecord>(Certificate::Decode(body));
    case RecordKind::kBlock: {
      BlockPtr block = Block::Decode(chain, body);
      if (block == nullptr) return std::nullopt;
      return BlockRecord{std::move(block)};
    }
    case RecordKind::kProposal:
      return Wrap<ProposalRecord>(DecodeProposal(body));
    case RecordKind::kFinal:
      return DecodeFinal(body);
    case RecordKind::kReentry:
      return DecodeReentry(body);
    case RecordKind::kFloor:
      return DecodeFloor(body);
  }
  return std::nullopt;  // an octet from the disk that names no kind
}

Bytes EncodeProposal(const Proposal& proposal, size_t set_size) {
  CHECK(proposal.wire_ids.size() <= kBlockTransactionsMax);
  CHECK(proposal.justification.size() <= kJustificationMax);
  ByteWriter writer;
  writer.U64(proposal.view.value());
  writer.U64(proposal.parent_view.value());
  writer.Short(proposal.header.Encode());
  writer.U32(static_cast<uint32_t>(proposal.wire_ids.size()));
  for (const WireId& id : proposal.wire_ids) writer.Raw(id.view());
  writer.Short(proposal.leader_vote.Encode());
  writer.U16(static_cast<uint16_t>(proposal.justification.size()));
  for (const Certificate& certificate : proposal.justification) {
    writer.Short(certificate.Encode(set_size));
  }
  return writer.Take();
}

std::optional<Proposal> DecodeProposal(BytesView encoded) {
  ByteReader reader(encoded);
  Proposal proposal;
  proposal.view = View(reader.U64());
  proposal.parent_view = View(reader.U64());
  const auto header = Header::Decode(reader.Short());
  if (!header) return std::nullopt;
  proposal.header = *header;
  if (proposal.view.value() > kWireNumberMax || proposal.parent_view.value() > kWireNumberMax) {
    return std::nullopt;
  }
  const uint32_t wire_ids = reader.U32();
  if (wire_ids > kBlockTransactionsMax) return std::nullopt;
  for (uint32_t i = 0; i < wire_ids && !reader.failed(); ++i) {
    proposal.wire_ids.push_back(ReadDigest<WireId>(reader));
  }
  const auto vote = Vote::Decode(reader.Short());
  if (!vote) return std::nullopt;
  proposal.leader_vote = *vote;
  const uint16_t certificates = reader.U16();
  if (certificates > kJustificationMax) return std::nullopt;
  for (uint16_t i = 0; i < certificates; ++i) {
    auto certificate = Certificate::Decode(reader.Short());
    if (!certificate) return std::nullopt;
    proposal.justification.push_back(*std::move(certificate));
  }
  if (!reader.Finished()) return std::nullopt;
  return proposal;
}

std::optional<View> ViewOfRecord(const LogRecord& record) {
  using Result = std::optional<View>;
  return std::visit(
      Overloaded{
          [](const VoteRecord& vote) -> Result { return vote.vote.statement.view; },
          [](const CertificateRecord& certificate) -> Result {
            return certificate.certificate.statement.view;
          },
          [](const BlockRecord& block) -> Result { return block.block->header.view; },
          [](const ProposalRecord& proposal) -> Result { return proposal.proposal.view; },
          [](const EpochRecord&) -> Result { return std::nullopt; },
          [](const FinalRecord&) -> Result { return std::nullopt; },
          [](const ReentryRecord&) -> Result { return std::nullopt; },
          [](const FloorRecord&) -> Result { return std::nullopt; },
      },
      record);
}

}  // namespace beian
