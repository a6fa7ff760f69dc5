#include "node/store/vote_log_format.h"

#include <algorithm>

#include "node/store/checksum.h"

namespace beian::vote_log {
namespace {

constexpr std::string_view kSegmentMagic{"beian/vote-segment/v1\0", 22};
constexpr std::string_view kHeadMagic{"beian/vote-head/v1\0", 19};
constexpr uint32_t kLastOfBatch = 0x8000'0000;

uint64_t RoundUp(uint64_t value, uint64_t unit) {
  return (value + unit - 1) / unit * unit;
}

bool AllZero(BytesView octets) {
  return octets.find_first_not_of('\0') == BytesView::npos;
}

Bytes Octets(uint32_t number) {
  ByteWriter writer;
  writer.U32(number);
  return writer.Take();
}

void WriteIdentity(ByteWriter& writer, const LogIdentity& identity) {
  writer.Raw(identity.chain.view());
  writer.Short(identity.validator.Encode());
  writer.U16(static_cast<uint16_t>(identity.set_size));
}

std::optional<LogIdentity> ReadIdentity(ByteReader& reader) {
  const BytesView chain = reader.Raw(ChainId::kSize);
  const auto validator = PublicKey::Decode(reader.Short());
  const uint16_t set_size = reader.U16();
  if (reader.failed() || !validator) return std::nullopt;
  return LogIdentity{ChainId::FromBytes(chain), *validator, set_size};
}

/// Zeros up to `size`, the last four octets a CRC32C of all before.
Bytes Seal(ByteWriter& writer, size_t size) {
  Bytes octets = writer.Take();
  CHECK(octets.size() + kFrameCheckBytes <= size);
  octets.resize(size - kFrameCheckBytes, '\0');
  octets += Octets(Crc32c({octets}));
  return octets;
}

/// What stands before the check, or nothing when the check is wrong.
std::optional<BytesView> Unseal(BytesView octets, size_t size) {
  if (octets.size() < size) return std::nullopt;
  const BytesView sealed = octets.substr(0, size - kFrameCheckBytes);
  if (Octets(Crc32c({sealed})) != octets.substr(sealed.size(), kFrameCheckBytes)) {
    return std::nullopt;
  }
  return sealed;
}

uint32_t HeaderCheck(uint64_t segment_first_record, uint64_t offset, BytesView length_and_batch) {
  ByteWriter place;
  place.U64(segment_first_record);
  place.U64(offset);
  return Crc32c({place.bytes(), length_and_batch});
}

struct FrameHeader {
  uint32_t length = 0;
  uint32_t batch = 0;
};

/// Nothing when the check is wrong or the length impossible.
std::optional<FrameHeader> ReadFrameHeader(BytesView segment, uint64_t segment_first_record,
                                           uint64_t offset) {
  ByteReader reader(segment.substr(offset));
  const FrameHeader header{reader.U32(), reader.U32()};
  const uint32_t check = reader.U32();
  if (reader.failed() || header.length == 0 || header.length > kRecordBytesMax) return std::nullopt;
  const BytesView checked = segment.substr(offset, kFrameHeaderBytes - kFrameCheckBytes);
  if (check != HeaderCheck(segment_first_record, offset, checked)) return std::nullopt;
  return header;
}

/// Whether a whole sector's worth of [begin, end) is zero: the disk never wrote that sector.
bool HasUnwrittenSector(BytesView segment, uint64_t begin, uint64_t end) {
  while (begin < end) {
    const uint64_t sector_end = std::min(RoundUp(begin + 1, kSectorBytes), end);
    if (AllZero(segment.substr(begin, sector_end - begin))) return true;
    begin = sector_end;
  }
  return false;
}

/// A frame with a good header but a bad check: whether its octets were never all written.
bool IsTornFrame(BytesView segment, uint64_t offset, uint64_t end) {
  if (end > segment.size()) return true;
  if (AllZero(segment.substr(end - kFrameCheckBytes))) return true;
  return HasUnwrittenSector(segment, offset, end);
}

/// An unreadable header: whether it was never written.
bool IsTornHeader(BytesView segment, uint64_t offset) {
  if (offset + kFrameHeaderBytes > segment.size()) return true;
  const uint64_t sector_end = std::min<uint64_t>(RoundUp(offset + 1, kSectorBytes), segment.size());
  if (AllZero(segment.substr(offset, sector_end - offset))) return true;
  return AllZero(segment.substr(offset + kFrameHeaderBytes));
}

/// Whether a frame of another sync stands anywhere behind a torn one.
bool OtherBatchFollows(BytesView segment, const FramePlace& place, uint32_t batch) {
  const size_t last = segment.find_last_not_of('\0');
  for (uint64_t offset = place.offset + kFrameAlignment; offset < last; offset += kFrameAlignment) {
    const auto header = ReadFrameHeader(segment, place.segment_first_record, offset);
    if (header && (header->batch & kBatchMask) != batch) return true;
  }
  return false;
}

}  // namespace

Bytes EncodeSegmentHeader(const SegmentHeader& header) {
  ByteWriter writer;
  writer.Raw(kSegmentMagic);
  WriteIdentity(writer, header.identity);
  writer.U64(header.first_record);
  writer.U32(header.previous_check);
  writer.U16(header.standing);
  writer.U64(header.voted.first.value());
  writer.U64(header.voted.second.value());
  return Seal(writer, kSegmentHeaderBytes);
}

std::optional<SegmentHeader> DecodeSegmentHeader(BytesView octets) {
  const auto sealed = Unseal(octets, kSegmentHeaderBytes);
  if (!sealed) return std::nullopt;
  ByteReader reader(*sealed);
  if (reader.Raw(kSegmentMagic.size()) != kSegmentMagic) return std::nullopt;
  const auto identity = ReadIdentity(reader);
  if (!identity) return std::nullopt;
  SegmentHeader header;
  header.identity = *identity;
  header.first_record = reader.U64();
  header.previous_check = reader.U32();
  header.standing = reader.U16();
  header.voted.first = Epoch(reader.U64());
  header.voted.second = View(reader.U64());
  if (reader.failed()) return std::nullopt;
  return header;
}

bool SameIdentity(const LogIdentity& a, const LogIdentity& b) {
  return a.chain == b.chain && a.validator == b.validator && a.set_size == b.set_size;
}

size_t FrameBytes(size_t body_bytes) {
  return RoundUp(kFrameHeaderBytes + body_bytes + kFrameCheckBytes, kFrameAlignment);
}

Frame EncodeFrame(const FramePlace& place, uint32_t batch, bool last_of_batch, BytesView body) {
  CHECK(!body.empty() && body.size() <= kRecordBytesMax);
  CHECK(place.offset % kFrameAlignment == 0);
  ByteWriter writer;
  writer.U32(static_cast<uint32_t>(body.size()));
  writer.U32((batch & kBatchMask) | (last_of_batch ? kLastOfBatch : 0));
  writer.U32(HeaderCheck(place.segment_first_record, place.offset, writer.bytes()));
  writer.Raw(body);
  Frame frame{writer.Take(), 0};
  frame.octets.resize(FrameBytes(body.size()) - kFrameCheckBytes, '\0');
  frame.check = Crc32c({Octets(place.previous_check), frame.octets});
  frame.octets += Octets(frame.check);
  return frame;
}

ReadFrameResult ReadFrame(BytesView segment, const FramePlace& place, uint32_t expected_batch) {
  ReadFrameResult result;
  if (place.offset >= segment.size() || AllZero(segment.substr(place.offset))) return result;
  const auto header = ReadFrameHeader(segment, place.segment_first_record, place.offset);
  if (!header) {
    const bool torn =
        IsTornHeader(segment, place.offset) && !OtherBatchFollows(segment, place, expected_batch);
    result.state = torn ? FrameState::kTorn : FrameState::kBad;
    return result;
  }
  result.batch = header->batch & kBatchMask;
  result.last_of_batch = (header->batch & kLastOfBatch) != 0;
  result.end = place.offset + FrameBytes(header->length);
  if (result.end <= segment.size()) {
    const uint64_t check_at = result.end - kFrameCheckBytes;
    result.check = Crc32c(
        {Octets(place.previous_check), segment.substr(place.offset, check_at - place.offset)});
    if (Octets(result.check) == segment.substr(check_at, kFrameCheckBytes)) {
      result.state = FrameState::kRecord;
      result.body = segment.substr(place.offset + kFrameHeaderBytes, header->length);
      return result;
    }
  }
  const bool torn = IsTornFrame(segment, place.offset, result.end) &&
                    !OtherBatchFollows(segment, place, result.batch);
  result.state = torn ? FrameState::kTorn : FrameState::kBad;
  return result;
}

Bytes EncodeHeadSlot(const HeadSlot& slot) {
  ByteWriter writer;
  writer.Raw(kHeadMagic);
  writer.U64(slot.sequence);
  WriteIdentity(writer, slot.identity);
  writer.U64(slot.first_record);
  writer.U64(slot.records);
  writer.U64(slot.voted.first.value());
  writer.U64(slot.voted.second.value());
  writer.U64(slot.applied.height.value());
  writer.Raw(slot.applied.id.view());
  return Seal(writer, kHeadSlotBytes);
}

std::optional<HeadSlot> DecodeHeadSlot(BytesView octets) {
  const auto sealed = Unseal(octets, kHeadSlotBytes);
  if (!sealed) return std::nullopt;
  ByteReader reader(*sealed);
  if (reader.Raw(kHeadMagic.size()) != kHeadMagic) return std::nullopt;
  HeadSlot slot;
  slot.sequence = reader.U64();
  const auto identity = ReadIdentity(reader);
  if (!identity) return std::nullopt;
  slot.identity = *identity;
  slot.first_record = reader.U64();
  slot.records = reader.U64();
  slot.voted.first = Epoch(reader.U64());
  slot.voted.second = View(reader.U64());
  slot.applied.height = Height(reader.U64());
  const BytesView id = reader.Raw(BlockId::kSize);
  if (reader.failed()) return std::nullopt;
  slot.applied.id = BlockId::FromBytes(id);
  return slot;
}

std::optional<HeadSlot> NewestHeadSlot(BytesView head_file) {
  std::optional<HeadSlot> newest;
  for (const size_t offset : kHeadSlotOffsets) {
    if (offset > head_file.size()) continue;
    const auto slot = DecodeHeadSlot(head_file.substr(offset));
    if (slot && (!newest || slot->sequence > newest->sequence)) newest = slot;
  }
  return newest;
}

std::optional<VotePosition> PositionOf(const LogRecord& record) {
  const auto view = ViewOfRecord(record);
  if (!view) return std::nullopt;
  if (const auto* vote = std::get_if<VoteRecord>(&record)) {
    return VotePosition{vote->vote.statement.epoch, *view};
  }
  if (const auto* certificate = std::get_if<CertificateRecord>(&record)) {
    return VotePosition{certificate->certificate.statement.epoch, *view};
  }
  if (const auto* block = std::get_if<BlockRecord>(&record)) {
    return VotePosition{block->block->header.epoch, *view};
  }
  return VotePosition{std::get<ProposalRecord>(record).proposal.header.epoch, *view};
}

std::optional<VotePosition> VotedPositionOf(const LogRecord& record) {
  if (const auto* floor = std::get_if<FloorRecord>(&record)) {
    return VotePosition{floor->epoch, floor->floor};
  }
  if (!std::holds_alternative<VoteRecord>(record)) return std::nullopt;
  return PositionOf(record);
}

}  // namespace beian::vote_log
