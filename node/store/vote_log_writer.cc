#include "node/store/vote_log_writer.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace beian::vote_log {
namespace {

constexpr std::string_view kSegmentPrefix = "votes-";
constexpr std::string_view kSegmentSuffix = ".log";
constexpr size_t kNumberDigits = 20;

Epoch EpochOf(const LogRecord& standing) {
  if (const auto* epoch = std::get_if<EpochRecord>(&standing)) return epoch->epoch;
  if (const auto* reentry = std::get_if<ReentryRecord>(&standing)) return reentry->epoch;
  if (const auto* floor = std::get_if<FloorRecord>(&standing)) return floor->epoch;
  return std::get<FinalRecord>(standing).finalization.statement.epoch;
}

bool IsAbsence(const LogRecord& record) {
  return std::holds_alternative<ReentryRecord>(record) ||
         std::holds_alternative<FloorRecord>(record);
}

}  // namespace

std::string SegmentName(uint64_t first_record) {
  return fmt::format("{}{:020}{}", kSegmentPrefix, first_record, kSegmentSuffix);
}

std::optional<uint64_t> ParseSegmentName(std::string_view name) {
  if (name.size() != kSegmentPrefix.size() + kNumberDigits + kSegmentSuffix.size()) {
    return std::nullopt;
  }
  uint64_t number = 0;
  const std::string_view digits = name.substr(kSegmentPrefix.size(), kNumberDigits);
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (SegmentName(number) != name) return std::nullopt;
  return number;
}

void StandingRecords::Add(const LogRecord& record) {
  if (ViewOfRecord(record)) return;
  if (const auto* epoch = std::get_if<EpochRecord>(&record)) {
    std::erase_if(records_, [&](const LogRecord& old) {
      return std::holds_alternative<EpochRecord>(old) ||
             (IsAbsence(old) && EpochOf(old) < epoch->epoch);
    });
    records_.insert(records_.begin(), record);
    return;
  }
  const auto* floor = std::get_if<FloorRecord>(&record);
  std::erase_if(records_, [&](const LogRecord& old) {
    if (old.index() != record.index()) return false;
    return floor == nullptr || std::get<FloorRecord>(old) == *floor;
  });
  records_.push_back(record);
}

Writer::Writer(std::string directory, File lock, LogState state, const VoteLogOptions& options)
    : directory_(std::move(directory)),
      lock_(std::move(lock)),
      options_(options),
      state_(std::move(state)) {}

Writer::~Writer() {
  if (!failed_) (void)head_.Sync();  // the last slot; a failure only makes the head count less
}

std::expected<std::unique_ptr<Writer>, std::string> Writer::Create(const std::string& directory,
                                                                   File lock,
                                                                   const LogIdentity& identity,
                                                                   const VoteLogOptions& options,
                                                                   const LogRecord& first) {
  LogState state;
  state.identity = identity;
  std::unique_ptr<Writer> writer(new Writer(directory, std::move(lock), state, options));
  const std::vector<Pending> records{{first, EncodeLogRecord(first, identity.set_size)}};
  if (const auto started = writer->StartSegment(records, 0, 0); !started) {
    return std::unexpected(started.error());
  }
  if (const auto created = writer->CreateHead(); !created) return std::unexpected(created.error());
  return writer;
}

std::expected<std::unique_ptr<Writer>, std::string> Writer::Resume(const std::string& directory,
                                                                   File lock, LogState state,
                                                                   const VoteLogOptions& options) {
  std::unique_ptr<Writer> writer(new Writer(directory, std::move(lock), std::move(state), options));
  const std::string name = SegmentName(writer->state_.segments.back().first_record);
  auto segment = File::Open(writer->PathOf(name), O_RDWR);
  if (!segment) return std::unexpected(segment.error());
  writer->segment_ = *std::move(segment);
  auto head = File::Open(writer->PathOf(kHeadName), O_RDWR);
  if (!head) return std::unexpected(head.error());
  writer->head_ = *std::move(head);
  if (const auto cleared = writer->ClearTail(); !cleared) return std::unexpected(cleared.error());
  if (const auto repeated = writer->RepeatUncounted(); !repeated) {
    return std::unexpected(repeated.error());
  }
  if (const auto head_written = writer->WriteHeadSlot(); !head_written) {
    return std::unexpected(head_written.error());
  }
  return writer;
}

/// After a failed fsync the page cache may hold records, marked as clean, that the disk does not
/// hold. A failed sync is never counted, so writing the uncounted records again is enough.
FileResult Writer::RepeatUncounted() {
  const auto written = segment_.WriteAt(state_.uncounted, state_.uncounted_offset);
  if (!written) return written;
  state_.uncounted.clear();
  return segment_.Sync();
}

FileResult Writer::ClearTail() {
  capacity_ = std::max(state_.segment_bytes, options_.segment_bytes);
  if (state_.tail_end > state_.write_offset) {
    const Bytes zeros(state_.tail_end - state_.write_offset, '\0');
    if (const auto written = segment_.WriteAt(zeros, state_.write_offset); !written) return written;
  }
  return segment_.Allocate(capacity_);
}

HeadSlot Writer::MakeHeadSlot() {
  HeadSlot slot;
  slot.sequence = ++state_.head_sequence;
  slot.identity = state_.identity;
  slot.first_record = state_.segments.front().first_record;
  slot.records = state_.next_record;
  slot.voted = state_.voted;
  slot.applied = state_.applied;
  return slot;
}

FileResult Writer::CreateHead() {
  const std::string path = PathOf(kHeadName);
  auto file = File::Open(path + std::string(kNewSuffix), O_RDWR | O_CREAT | O_TRUNC);
  if (!file) return std::unexpected(file.error());
  head_ = *std::move(file);
  Bytes octets(kHeadFileBytes, '\0');
  for (const size_t offset : kHeadSlotOffsets) {
    octets.replace(offset, kHeadSlotBytes, EncodeHeadSlot(MakeHeadSlot()));
  }
  if (const auto written = head_.WriteAt(octets, 0); !written) return written;
  if (const auto synced = head_.Sync(); !synced) return synced;
  return RenameDurably(directory_, path + std::string(kNewSuffix), path);
}

FileResult Writer::WriteHeadSlot() {
  const HeadSlot slot = MakeHeadSlot();
  const size_t offset = kHeadSlotOffsets[slot.sequence % std::size(kHeadSlotOffsets)];
  if (const auto written = head_.WriteAt(EncodeHeadSlot(slot), offset); !written) return written;
  head_.StartWriteback();
  return {};
}

/// One after the other, so that a crash in between leaves a good one; then neither says what was.
FileResult Writer::WriteBothHeadSlots() {
  for (size_t i = 0; i < std::size(kHeadSlotOffsets); ++i) {
    if (const auto written = WriteHeadSlot(); !written) return written;
    if (const auto synced = head_.Sync(); !synced) return synced;
  }
  return {};
}

FileResult Writer::Append(const LogRecord& record) {
  if (failed_) return std::unexpected("the vote log has failed before");
  Bytes body = EncodeLogRecord(record, state_.identity.set_size);
  if (body.size() > kRecordBytesMax) {
    return Finally(std::unexpected(fmt::format("a record of {} octets; at most {} are allowed",
                                               body.size(), kRecordBytesMax)));
  }
  pending_bytes_ += FrameBytes(body.size());
  pending_.push_back({record, std::move(body)});
  return {};
}

FileResult Writer::Sync() {
  if (failed_) return std::unexpected("the vote log has failed before");
  if (pending_.empty()) return {};
  if (state_.write_offset + pending_bytes_ > capacity_) {
    if (const auto rolled = RollOver(pending_bytes_); !rolled) return Finally(rolled);
  }
  if (const auto written = WriteBatch(); !written) return Finally(written);
  return Finally(WriteHeadSlot());
}

/// Frames of one batch at the write offset; moves the state behind them.
Bytes Writer::EncodePending(const std::vector<Pending>& pending) {
  Bytes octets;
  state_.batch = (state_.batch + 1) & kBatchMask;
  Segment& segment = state_.segments.back();
  for (size_t i = 0; i < pending.size(); ++i) {
    const FramePlace place{segment.first_record, state_.write_offset, state_.check};
    const Frame frame = EncodeFrame(place, state_.batch, i + 1 == pending.size(), pending[i].body);
    octets += frame.octets;
    state_.check = frame.check;
    state_.write_offset += frame.octets.size();
    ++state_.next_record;
    state_.standing.Add(pending[i].record);
    segment.highest = std::max(segment.highest, PositionOf(pending[i].record));
    const auto voted = VotedPositionOf(pending[i].record);
    if (voted) state_.voted = std::max(state_.voted, *voted);
  }
  return octets;
}

FileResult Writer::WriteBatch() {
  const uint64_t offset = state_.write_offset;
  const Bytes octets = EncodePending(pending_);
  if (const auto written = segment_.WriteAt(octets, offset); !written) return written;
  if (const auto synced = segment_.Sync(); !synced) return synced;
  pending_.clear();
  pending_bytes_ = 0;
  return {};
}

FileResult Writer::RollOver(uint64_t batch_bytes) {
  std::vector<Pending> standing;
  for (const LogRecord& record : state_.standing.records()) {
    standing.push_back({record, EncodeLogRecord(record, state_.identity.set_size)});
  }
  const auto count = static_cast<uint16_t>(standing.size());
  return StartSegment(standing, count, batch_bytes);
}

/// Writes a segment that begins with `records` and has room for `spare_bytes` more. It takes part
/// in the log from its rename on, so what stands before it in the log must be synced.
FileResult Writer::StartSegment(const std::vector<Pending>& records, uint16_t standing,
                                uint64_t spare_bytes) {
  const std::string path = PathOf(SegmentName(state_.next_record));
  auto file = File::Open(path + std::string(kNewSuffix), O_RDWR | O_CREAT | O_TRUNC);
  if (!file) return std::unexpected(file.error());
  segment_ = *std::move(file);
  SegmentHeader header;
  header.identity = state_.identity;
  header.first_record = state_.next_record;
  header.previous_check = state_.check;
  header.standing = standing;
  header.voted = state_.voted;
  state_.segments.push_back({state_.next_record, std::nullopt});
  state_.write_offset = kSegmentHeaderBytes;
  const Bytes octets = EncodeSegmentHeader(header) + EncodePending(records);
  capacity_ = std::max(options_.segment_bytes, octets.size() + spare_bytes);
  if (const auto allocated = segment_.Allocate(capacity_); !allocated) return allocated;
  if (const auto written = segment_.WriteAt(octets, 0); !written) return written;
  if (const auto synced = segment_.Sync(); !synced) return synced;
  return RenameDurably(directory_, path + std::string(kNewSuffix), path);
}

FileResult Writer::Prune(Epoch epoch, View below) {
  if (failed_) return std::unexpected("the vote log has failed before");
  const VotePosition limit{epoch, below};
  size_t victims = 0;
  while (victims + 1 < state_.segments.size() &&
         (!state_.segments[victims].highest || *state_.segments[victims].highest < limit)) {
    ++victims;
  }
  if (victims == 0) return {};
  return Finally(PruneSegments(victims));
}

/// Both head slots name the new first segment, synced, before the old ones go: a segment that is
/// missing is then damage at every moment.
FileResult Writer::PruneSegments(size_t victims) {
  const std::vector<Segment> gone(state_.segments.begin(), state_.segments.begin() + victims);
  state_.segments.erase(state_.segments.begin(), state_.segments.begin() + victims);
  if (const auto written = WriteBothHeadSlots(); !written) return written;
  for (const Segment& segment : gone) {
    const auto removed = RemoveFile(PathOf(SegmentName(segment.first_record)));
    if (!removed) return removed;
  }
  return SyncDirectory(directory_);
}

void Writer::SetApplied(Height height, const BlockId& id) {
  if (height >= state_.applied.height) state_.applied = {height, id};
}

FileResult Writer::ForgetApplied() {
  if (failed_) return std::unexpected("the vote log has failed before");
  state_.applied = {};
  return Finally(WriteBothHeadSlots());
}

FileResult Writer::Finally(FileResult result) {
  if (!result) failed_ = true;
  return result;
}

}  // namespace beian::vote_log
