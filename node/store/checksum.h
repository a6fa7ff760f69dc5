#pragma once

#include <cstdint>
#include <initializer_list>

#include "ledger/base/bytes.h"

namespace beian {

/// CRC32C (Castagnoli) of the pieces, one after the other: finds accidents on the disk, proves
/// nothing against a forger. Computed by RocksDB, which uses the processor's instruction.
uint32_t Crc32c(std::initializer_list<BytesView> pieces);

}  // namespace beian
