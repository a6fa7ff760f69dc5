#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beian {

/// Raw octets. Protobuf, RocksDB and OpenSSL take this type without a copy.
using Bytes = std::string;
using BytesView = std::string_view;

std::string ToHex(BytesView octets);                    ///< lower case
std::optional<Bytes> FromHex(std::string_view text);    ///< either case; even length
std::string ToBase64(BytesView octets);                 ///< RFC 4648 section 4, padded
std::optional<Bytes> FromBase64(std::string_view text); ///< strict: padded, canonical

/// Appends fixed-width big-endian numbers and octets: the encoding of everything hashed or signed
/// that is not a transaction.
class ByteWriter {
 public:
  void U8(uint8_t value);
  void U16(uint16_t value);
  void U32(uint32_t value);
  void U64(uint64_t value);
  void Raw(BytesView octets);
  void Short(BytesView octets);  ///< u16 length, then the octets; CHECKs the length
  void Long(BytesView octets);   ///< u32 length, then the octets; CHECKs the length
  const Bytes& bytes() const { return bytes_; }
  Bytes Take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

/// Reads what ByteWriter wrote. A read past the end returns zeros or nothing and makes the reader
/// fail for good, so callers read a whole layout and ask once: `Finished()` is true only when
/// nothing failed and nothing is left over. Views point into the input.
class ByteReader {
 public:
  explicit ByteReader(BytesView input) : rest_(input) {}
  uint8_t U8();
  uint16_t U16();
  uint32_t U32();
  uint64_t U64();
  BytesView Raw(size_t length);
  BytesView Short();
  BytesView Long();
  bool failed() const { return failed_; }
  size_t left() const { return rest_.size(); }
  bool Finished() const { return !failed_ && rest_.empty(); }

 private:
  BytesView rest_;
  bool failed_ = false;
};

}  // namespace beian
