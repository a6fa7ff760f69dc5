#pragma once

#include <cstdint>

namespace beian {

/// A digest, identifier or key in which every octet is `octet`.
template <class D>
D FilledDigest(uint8_t octet) {
  D digest;
  digest.octets.fill(octet);
  return digest;
}

}  // namespace beian
