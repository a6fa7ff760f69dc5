#pragma once

#include <cstdint>
#include <optional>

#include "node/consensus/log_record.h"
#include "node/store/vote_log.h"

/// Octets of the vote log's files. Pure. Numbers are big-endian.
///
///   votes-<first record number, 20 digits>.log
///     0     segment header, 512 octets
///     512   frames, each beginning at a multiple of 16; zeros to the end of the file
///
///   frame       u32 length ‖ u32 batch ‖ u32 header check ‖ body ‖ zeros ‖ u32 check
///     length        octets of the body, never zero: a zero length is the end
///     batch         number of the sync that writes it, mod 2^31; its highest bit marks the last
///                   record of the batch
///     header check  CRC32C(u64 segment's first record ‖ u64 offset ‖ length ‖ batch): tells a
///                   record that was written elsewhere or cut short from one that is damaged
///     zeros         until the frame's length is a multiple of 16
///     check         CRC32C(check of the record before ‖ the frame up to here)
///
///   head        slot at 0 and slot at 4096, 512 octets each, written in turn
///
/// A frame's header never crosses a sector of 512 octets, the unit that a disk writes whole.
namespace beian::vote_log {

inline constexpr size_t kSectorBytes = 512;
inline constexpr size_t kSegmentHeaderBytes = 512;
inline constexpr size_t kFrameAlignment = 16;
inline constexpr size_t kFrameHeaderBytes = 12;
inline constexpr size_t kFrameCheckBytes = 4;
inline constexpr size_t kHeadSlotBytes = 512;
inline constexpr size_t kHeadSlotOffsets[] = {0, 4096};
inline constexpr size_t kHeadFileBytes = 8192;
/// A block's body with its header, framing and room to spare.
inline constexpr size_t kRecordBytesMax = 4'000'000;

struct SegmentHeader {
  LogIdentity identity;
  uint64_t first_record = 0;    ///< its number since the log was created
  uint32_t previous_check = 0;  ///< of the record before
  /// How many records at its start repeat what stands of the segments before: E, REENTRY, FLOOR, L.
  uint16_t standing = 0;
  VotePosition voted;  ///< highest of own votes before this segment
};
Bytes EncodeSegmentHeader(const SegmentHeader& header);
std::optional<SegmentHeader> DecodeSegmentHeader(BytesView octets);
bool SameIdentity(const LogIdentity& a, const LogIdentity& b);

/// Where a frame stands.
struct FramePlace {
  uint64_t segment_first_record = 0;
  uint64_t offset = 0;
  uint32_t previous_check = 0;
};
struct Frame {
  Bytes octets;
  uint32_t check = 0;
};
size_t FrameBytes(size_t body_bytes);
Frame EncodeFrame(const FramePlace& place, uint32_t batch, bool last_of_batch, BytesView body);

enum class FrameState {
  kRecord,  ///< whole and checked
  kEnd,     ///< zeros to the end of the segment, or the segment ends here
  kTorn,    ///< was never written whole
  kBad,     ///< was written whole and has changed since
};
struct ReadFrameResult {
  FrameState state = FrameState::kEnd;
  BytesView body;
  uint32_t check = 0;
  uint32_t batch = 0;
  bool last_of_batch = false;
  uint64_t end = 0;  ///< offset of the next frame
};
/// `expected_batch`: of an unreadable frame, as the record before tells; a frame of any other batch
/// behind a torn one shows that the torn one had been synced: it is bad.
ReadFrameResult ReadFrame(BytesView segment, const FramePlace& place, uint32_t expected_batch);
inline constexpr uint32_t kBatchMask = 0x7fff'ffff;

struct HeadSlot {
  uint64_t sequence = 0;  ///< the greater one of two good slots counts
  LogIdentity identity;
  uint64_t first_record = 0;  ///< of the first segment that is kept
  uint64_t records = 0;       ///< number of the record after the last one synced
  VotePosition voted;         ///< highest of own votes synced
  AppliedBlock applied;       ///< what the store had committed
};
Bytes EncodeHeadSlot(const HeadSlot& slot);
std::optional<HeadSlot> DecodeHeadSlot(BytesView octets);
/// The good slot with the greater sequence.
std::optional<HeadSlot> NewestHeadSlot(BytesView head_file);

/// Epoch and view of a record that may be pruned.
std::optional<VotePosition> PositionOf(const LogRecord& record);
/// Up to where a record keeps the validator from voting: of an own vote or a floor.
std::optional<VotePosition> VotedPositionOf(const LogRecord& record);

}  // namespace beian::vote_log
