#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>

#include "ledger/base/bytes.h"

namespace beian {

/// What goes before a frame: u32 length, big-endian. A length of all ones is no frame but a sign of
/// life.
inline constexpr size_t kFrameHeaderBytes = 4;
inline constexpr uint32_t kKeepaliveLength = 0xffff'ffff;
std::array<char, kFrameHeaderBytes> FrameHeader(uint32_t length);

enum class FrameError { kTooLong };  ///< the sender's fault; the stream cannot be followed further

/// Cuts a stream of octets into frames. Memory held is at most twice what has come of the frame in
/// progress, plus kFrameGrowth: a length is a claim, not a reason to allocate.
class FrameReader {
 public:
  static constexpr size_t kFrameGrowth = 65'536;

  explicit FrameReader(size_t frame_bytes_max) : frame_bytes_max_(frame_bytes_max) {}

  /// Consumes from the front of `input` up to the end of one frame and returns that frame, or
  /// nothing when the input is used up. After an error it is not to be called again.
  std::expected<std::optional<Bytes>, FrameError> Next(BytesView& input);
  /// For the frames after the one in progress.
  void set_frame_bytes_max(size_t bytes) { frame_bytes_max_ = bytes; }
  size_t capacity() const { return frame_.capacity(); }

 private:
  std::expected<void, FrameError> ReadHeader(BytesView& input);

  size_t frame_bytes_max_;
  Bytes header_;
  std::optional<size_t> length_;  ///< of the frame in progress
  Bytes frame_;
};

}  // namespace beian
