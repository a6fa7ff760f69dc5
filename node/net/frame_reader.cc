#include "node/net/frame_reader.h"

#include <algorithm>
#include <utility>

namespace beian {
namespace {

BytesView TakeFront(BytesView& input, size_t count) {
  const BytesView front = input.substr(0, count);
  input.remove_prefix(front.size());
  return front;
}

}  // namespace

std::array<char, kFrameHeaderBytes> FrameHeader(uint32_t length) {
  return {static_cast<char>(length >> 24), static_cast<char>(length >> 16),
          static_cast<char>(length >> 8), static_cast<char>(length)};
}

std::expected<void, FrameError> FrameReader::ReadHeader(BytesView& input) {
  header_ += TakeFront(input, kFrameHeaderBytes - header_.size());
  if (header_.size() < kFrameHeaderBytes) return {};
  const uint32_t length = ByteReader(header_).U32();
  header_.clear();
  if (length == kKeepaliveLength) return {};
  if (length > frame_bytes_max_) return std::unexpected(FrameError::kTooLong);
  length_ = length;
  return {};
}

std::expected<std::optional<Bytes>, FrameError> FrameReader::Next(BytesView& input) {
  while (!length_ && !input.empty()) {
    if (const auto read = ReadHeader(input); !read) return std::unexpected(read.error());
  }
  if (!length_) return std::nullopt;
  const BytesView piece = TakeFront(input, *length_ - frame_.size());
  const size_t size = frame_.size() + piece.size();
  if (size > frame_.capacity()) {
    frame_.reserve(std::min(*length_, std::max(2 * frame_.size(), size + kFrameGrowth)));
  }
  frame_ += piece;
  if (frame_.size() < *length_) return std::nullopt;
  length_.reset();
  return std::exchange(frame_, Bytes());
}

}  // namespace beian
