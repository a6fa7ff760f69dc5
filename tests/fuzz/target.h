#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "ledger/base/types.h"
#include "tests/support/filled_digest.h"

/// What the fuzz targets share. A target CHECKs what its decoder promises about octets that it
/// takes; whether it takes them is for the tests of the decoder.
namespace beian::fuzz {

/// The chain of every seed that names one.
inline const ChainId kChain = FilledDigest<ChainId>(0xc1);
/// The size of the validator set that every seed was encoded for.
inline constexpr size_t kSetSize = 4;

/// Inputs that a decoder took: tells a corpus that fits the decoders from one that has rotted.
inline uint64_t inputs_taken = 0;

inline BytesView Octets(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// For types with one encoding: what was decoded from `octets`, if anything, encodes to them.
template <class T, class Encode>
void ExpectSameOctets(const T& decoded, const Encode& encode, BytesView octets) {
  if (!decoded) return;
  ++inputs_taken;
  CHECK(encode(*decoded) == octets);
}
template <class T>
void ExpectSameOctets(const T& decoded, BytesView octets) {
  ExpectSameOctets(
      decoded, [](const auto& value) { return value.Encode(); }, octets);
}

}  // namespace beian::fuzz
