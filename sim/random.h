#pragma once

#include <cstdint>

#include "ledger/base/check.h"

namespace beian::sim {

/// SplitMix64 with its own distributions: the same seed gives the same run on every machine and
/// with every standard library. Whole numbers only.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// Uniform in [0, bound). The bias of the modulus is below 2^-40 for every bound used here.
  uint64_t Below(uint64_t bound) {
    CHECK(bound > 0);
    return Next() % bound;
  }
  /// Uniform in [low, high].
  uint64_t Between(uint64_t low, uint64_t high) { return low + Below(high - low + 1); }
  bool Chance(uint64_t per_mille) { return Below(1000) < per_mille; }
  /// Around `mean`, at least 1: between a half and one and a half.
  uint64_t Around(uint64_t mean) { return Between(mean / 2, mean + mean / 2) + 1; }
  /// A stream of its own: what it draws leaves this one's later draws as they are.
  Random Fork() { return Random(Next()); }

 private:
  uint64_t state_;
};

}  // namespace beian::sim
