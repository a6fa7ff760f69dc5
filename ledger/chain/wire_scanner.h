#pragma once

#include <google/protobuf/descriptor.h>

#include <expected>

#include "ledger/base/bytes.h"

namespace beian {

/// No message of ours comes near; keeps a caller that forgot its own limit bounded.
inline constexpr size_t kScannedBytesMax = 1 << 20;

enum class WireError {
  kTruncated,
  kTrailingBytes,  ///< a zero where a field should begin: padding
  kUnknownField,
  kWrongWireType,
  kFieldOrder,  ///< fields not ascending, or a singular field twice
  kNonMinimalVarint,
  kExplicitDefault,   ///< a zero, false or empty scalar is written out
  kNumberOutOfRange,  ///< of its type, or an enum value without a name
  kTwoOfOneof,
  kTooDeep,
  kTooLarge,
  kNotUtf8,  ///< in a string field
};
std::string_view WireErrorId(WireError error);  ///< "wire.unknown_field"

/// Says whether `encoded` is the one canonical Protobuf encoding of a message of `type`. Our own
/// small scanner, so that validity never hangs on a Protobuf version: Protobuf's output is not
/// canonical and its parser accepts many encodings of one message. Handles the field kinds that
/// transaction.proto uses: string, bytes, bool, uint32, uint64, enum, messages; repeated string and
/// message. CHECKs that the type uses nothing else. Pure; at most 8 levels deep.
std::expected<void, WireError> ScanStrictly(const google::protobuf::Descriptor& type,
                                            BytesView encoded);

}  // namespace beian
