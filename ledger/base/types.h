#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <limits>
#include <ostream>

#include "ledger/base/bytes.h"
#include "ledger/base/check.h"

namespace beian {

/// 32 octets that mean one thing. Digests of different tags neither convert nor compare.
template <class Tag>
struct Digest {
  static constexpr size_t kSize = 32;
  std::array<uint8_t, kSize> octets{};

  auto operator<=>(const Digest&) const = default;
  BytesView view() const { return {reinterpret_cast<const char*>(octets.data()), kSize}; }
  std::string hex() const { return ToHex(view()); }
  bool IsZero() const { return *this == Digest{}; }

  /// `octets` must be 32 long: for data whose length has been checked.
  static Digest FromBytes(BytesView octets) {
    CHECK(octets.size() == kSize);
    Digest digest;
    std::memcpy(digest.octets.data(), octets.data(), kSize);
    return digest;
  }
  friend std::ostream& operator<<(std::ostream& out, const Digest& digest) {
    return out << digest.hex();
  }
};

/// A whole number that means one thing. Numbers of different tags neither convert nor compare.
/// Sums and differences CHECK against overflow: values from outside are bounded when decoded.
template <class Tag>
class Number {
 public:
  constexpr Number() = default;
  constexpr explicit Number(uint64_t value) : value_(value) {}
  constexpr uint64_t value() const { return value_; }
  auto operator<=>(const Number&) const = default;

  Number Next() const { return *this + 1; }
  Number Previous() const { return *this - 1; }
  friend Number operator+(Number a, uint64_t b) {
    CHECK(a.value_ <= std::numeric_limits<uint64_t>::max() - b);
    return Number(a.value_ + b);
  }
  friend Number operator-(Number a, uint64_t b) {
    CHECK(a.value_ >= b);
    return Number(a.value_ - b);
  }
  friend uint64_t operator-(Number a, Number b) {
    CHECK(a.value_ >= b.value_);
    return a.value_ - b.value_;
  }
  friend std::ostream& operator<<(std::ostream& out, Number n) { return out << n.value_; }

 private:
  uint64_t value_ = 0;
};

using Sha256Digest = Digest<struct Sha256Tag>;        ///< any SHA-256 that has no narrower name
using ChainId = Digest<struct ChainIdTag>;            ///< SHA-256 of the genesis file
using BlockId = Digest<struct BlockIdTag>;            ///< hash of a canonical header
using TransactionId = Digest<struct TransactionIdTag>;///< hash of a body; the signature has no part
using WireId = Digest<struct WireIdTag>;              ///< hash of a transaction as carried
using FilingId = Digest<struct FilingIdTag>;
using SubjectId = Digest<struct SubjectIdTag>;
using KeyId = Digest<struct KeyIdTag>;                ///< hash of an encoded public key
using MerkleRoot = Digest<struct MerkleRootTag>;
using MapKey = Digest<struct MapKeyTag>;
using SetHash = Digest<struct SetHashTag>;            ///< hash of an epoch's validator set

using Height = Number<struct HeightTag>;              ///< genesis is 0, the first block 1
using View = Number<struct ViewTag>;                  ///< of one epoch, from 1; 0 is its root
using Epoch = Number<struct EpochTag>;
using LogIndex = Number<struct LogIndexTag>;          ///< of a leaf since genesis, from 0
using TimeMs = Number<struct TimeTag>;                ///< milliseconds since 1970, UTC
inline constexpr uint64_t kMsPerSecond = 1000;
using SteadyMs = Number<struct SteadyTag>;            ///< of a clock that never steps back

/// Position in an epoch's validator set.
class ValidatorIndex {
 public:
  constexpr ValidatorIndex() = default;
  constexpr explicit ValidatorIndex(uint16_t value) : value_(value) {}
  constexpr uint16_t value() const { return value_; }
  auto operator<=>(const ValidatorIndex&) const = default;
  friend std::ostream& operator<<(std::ostream& out, ValidatorIndex i) { return out << i.value_; }

 private:
  uint16_t value_ = 0;
};

/// Converts between digests of different meaning where a definition says so.
template <class To, class From>
To DigestCast(const From& from) {
  return To{from.octets};
}

}  // namespace beian
