#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "ledger/chain/genesis.h"
#include "node/store/block_store.h"

namespace beian {

/// Writes the committed chain in the format of ledger/verify/export_file.h; "-" is stdout. The
/// number of blocks written, or what failed.
std::expected<uint64_t, std::string> ExportChain(const BlockReader& reader, const Genesis& genesis,
                                                 const std::string& file);

}  // namespace beian
