#pragma once

#include <atomic>

#include "node/store/rocks_schema.h"
#include "node/store/vote_log.h"

namespace beian::rocks {

/// What is wrong with the last `blocks_max` blocks and the state they commit to; nothing when they
/// hold together. Never ends the process.
std::optional<std::string> CheckChain(const Database& database, const Genesis& genesis,
                                      const std::optional<AppliedBlock>& applied,
                                      uint64_t blocks_max);

/// Octets of all tables.
uint64_t SizeOfTables(const Database& database);
/// Reads every table and compares its checksum; nothing when all is well, or when `stop` is set
/// meanwhile. Never ends the process. Any thread.
std::optional<std::string> CheckTables(const Database& database, const std::atomic<bool>& stop);

}  // namespace beian::rocks
