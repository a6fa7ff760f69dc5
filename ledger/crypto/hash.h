#pragma once

#include <initializer_list>

#include "ledger/base/types.h"

namespace beian {

/// SHA-256 (FIPS 180-4) of the pieces, one after the other, as if they were one text. Callers frame
/// the pieces themselves: everything variable but the last piece carries its length.
Sha256Digest Sha256(std::initializer_list<BytesView> pieces);
Sha256Digest Sha256(BytesView octets);

/// `n` octets from the operating system's generator, for keys, nonces and salts. Never called by
/// code that replicas must agree on.
Bytes RandomBytes(size_t n);

}  // namespace beian
