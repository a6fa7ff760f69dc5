#include "ledger/chain/wire_scanner.h"

#include <cstdint>
#include <cstring>
#include <limits>

#include "ledger/base/check.h"

namespace beian {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;

using Scanned = std::expected<void, WireError>;

constexpr int kDepthMax = 8;
constexpr int kVarintBytesMax = 10;  ///< 64 bits in groups of 7
constexpr int kFieldNumberMax = FieldDescriptor::kMaxNumber;

/// Wire types of the Protobuf encoding that the field kinds below use.
constexpr uint64_t kWireVarint = 0;
constexpr uint64_t kWireLengthDelimited = 2;

/// The length of the well-formed UTF-8 sequence at the start of `text`, or 0. The second octet's
/// range shuts out overlong forms, surrogates and what lies above U+10FFFF (Unicode, table 3-7).
size_t Utf8SequenceLength(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  const size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  const uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (at(1) < low || at(1) > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

bool IsUtf8(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  while (!text.empty()) {
    uint64_t eight = 0;
    if (text.size() >= sizeof(eight)) {
      std::memcpy(&eight, text.data(), sizeof(eight));
      if ((eight & kHighBits) == 0) {
        text.remove_prefix(sizeof(eight));
        continue;
      }
    }
    const size_t length = Utf8SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::expected<uint64_t, WireError> ReadVarint(BytesView& rest) {
  uint64_t value = 0;
  for (int i = 0; i < kVarintBytesMax; ++i) {
    if (static_cast<size_t>(i) == rest.size()) return std::unexpected(WireError::kTruncated);
    const auto octet = static_cast<uint8_t>(rest[static_cast<size_t>(i)]);
    if (i == kVarintBytesMax - 1 && octet > 1) break;  // beyond 64 bits
    value |= static_cast<uint64_t>(octet & 0x7f) << (7 * i);
    if (octet >= 0x80) continue;
    if (octet == 0 && i > 0) return std::unexpected(WireError::kNonMinimalVarint);
    rest.remove_prefix(static_cast<size_t>(i) + 1);
    return value;
  }
  return std::unexpected(WireError::kNumberOutOfRange);
}

std::expected<BytesView, WireError> ReadLengthDelimited(BytesView& rest) {
  const auto length = ReadVarint(rest);
  if (!length) return std::unexpected(length.error());
  if (*length > rest.size()) return std::unexpected(WireError::kTruncated);
  const BytesView content = rest.substr(0, *length);
  rest.remove_prefix(*length);
  return content;
}

bool IsInRange(const FieldDescriptor& field, uint64_t value) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      return value <= 1;
    case FieldDescriptor::TYPE_UINT32:
      return value <= std::numeric_limits<uint32_t>::max();
    case FieldDescriptor::TYPE_UINT64:
      return true;
    case FieldDescriptor::TYPE_ENUM:
      return value <= std::numeric_limits<int32_t>::max() &&
             field.enum_type()->FindValueByNumber(static_cast<int>(value)) != nullptr;
    default:
      CHECK(!"the scanner handles no other number");
  }
  return false;
}

/// Scans the value of a field of numbers; `rest` stands behind the tag.
Scanned ScanNumber(const FieldDescriptor& field, BytesView& rest) {
  CHECK(!field.is_repeated());
  const auto value = ReadVarint(rest);
  if (!value) return std::unexpected(value.error());
  if (*value == 0 && !field.has_presence()) return std::unexpected(WireError::kExplicitDefault);
  if (!IsInRange(field, *value)) return std::unexpected(WireError::kNumberOutOfRange);
  return {};
}

bool IsLengthDelimited(const FieldDescriptor& field) {
  const auto type = field.type();
  return type == FieldDescriptor::TYPE_STRING || type == FieldDescriptor::TYPE_BYTES ||
         type == FieldDescriptor::TYPE_MESSAGE;
}

Scanned ScanMessage(const Descriptor& type, BytesView encoded, int depth);

Scanned ScanLengthDelimited(const FieldDescriptor& field, BytesView& rest, int depth) {
  const auto content = ReadLengthDelimited(rest);
  if (!content) return std::unexpected(content.error());
  if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
    CHECK(!field.is_map());
    return ScanMessage(*field.message_type(), *content, depth + 1);
  }
  if (content->empty() && !field.is_repeated() && !field.has_presence()) {
    return std::unexpected(WireError::kExplicitDefault);
  }
  if (field.type() == FieldDescriptor::TYPE_STRING && !IsUtf8(*content)) {
    return std::unexpected(WireError::kNotUtf8);
  }
  return {};
}

/// What has been seen of a message: enough to refuse what may not follow.
class FieldOrder {
 public:
  Scanned Next(const FieldDescriptor& field) {
    if (field.number() < last_ || (field.number() == last_ && !field.is_repeated())) {
      return std::unexpected(WireError::kFieldOrder);
    }
    last_ = field.number();
    const OneofDescriptor* oneof = field.real_containing_oneof();
    if (oneof == nullptr) return {};
    CHECK(oneof->index() < std::numeric_limits<uint32_t>::digits);
    const uint32_t bit = uint32_t{1} << oneof->index();
    if ((oneofs_ & bit) != 0) return std::unexpected(WireError::kTwoOfOneof);
    oneofs_ |= bit;
    return {};
  }

 private:
  int last_ = 0;
  uint32_t oneofs_ = 0;
};

Scanned ScanMessage(const Descriptor& type, BytesView encoded, int depth) {
  if (depth > kDepthMax) return std::unexpected(WireError::kTooDeep);
  FieldOrder order;
  while (!encoded.empty()) {
    const auto tag = ReadVarint(encoded);
    if (!tag) return std::unexpected(tag.error());
    if (*tag == 0) return std::unexpected(WireError::kTrailingBytes);
    const uint64_t number = *tag >> 3;
    if (number > kFieldNumberMax) return std::unexpected(WireError::kUnknownField);
    const FieldDescriptor* field = type.FindFieldByNumber(static_cast<int>(number));
    if (field == nullptr) return std::unexpected(WireError::kUnknownField);
    const bool delimited = IsLengthDelimited(*field);
    if ((*tag & 7) != (delimited ? kWireLengthDelimited : kWireVarint)) {
      return std::unexpected(WireError::kWrongWireType);
    }
    if (const auto next = order.Next(*field); !next) return next;
    const auto scanned =
        delimited ? ScanLengthDelimited(*field, encoded, depth) : ScanNumber(*field, encoded);
    if (!scanned) return scanned;
  }
  return {};
}

}  // namespace

std::string_view WireErrorId(WireError error) {
  switch (error) {
    case WireError::kTruncated:
      return "wire.truncated";
    case WireError::kTrailingBytes:
      return "wire.trailing_bytes";
    case WireError::kUnknownField:
      return "wire.unknown_field";
    case WireError::kWrongWireType:
      return "wire.wrong_wire_type";
    case WireError::kFieldOrder:
      return "wire.field_order";
    case WireError::kNonMinimalVarint:
      return "wire.non_minimal_varint";
    case WireError::kExplicitDefault:
      return "wire.explicit_default";
    case WireError::kNumberOutOfRange:
      return "wire.number_out_of_range";
    case WireError::kTwoOfOneof:
      return "wire.two_of_oneof";
    case WireError::kTooDeep:
      return "wire.too_deep";
    case WireError::kTooLarge:
      return "wire.too_large";
    case WireError::kNotUtf8:
      return "wire.not_utf8";
  }
  CHECK(!"an error without an id");
  return {};
}

std::expected<void, WireError> ScanStrictly(const Descriptor& type, BytesView encoded) {
  if (encoded.size() > kScannedBytesMax) return std::unexpected(WireError::kTooLarge);
  return ScanMessage(type, encoded, 1);
}

}  // namespace beian
