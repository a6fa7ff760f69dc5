#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "ledger/chain/genesis.h"
#include "node/store/block_store.h"

namespace beian {

/// Whether an export may be written there: to stdout, a new or empty file, or over an earlier
/// export. What else stands there stays as it is.
bool MayReplaceWithExport(const std::string& file);

/// Writes the committed chain in the format of ledger/verify/export_file.h; "-" is stdout. The
/// number of blocks written, or what failed.
std::expected<uint64_t, std::string> ExportChain(const BlockReader& reader, const Genesis& genesis,
                                                 const std::string& file);

}  // namespace beian
