#pragma once

#include "node/store/rocks_schema.h"
#include "node/store/vote_log.h"

namespace beian::rocks {

/// What is wrong with the last `blocks_max` blocks and the state they commit to; nothing when they
/// hold together. Never ends the process.
std::optional<std::string> CheckChain(const Database& database, const Genesis& genesis,
                                      const std::optional<AppliedBlock>& applied,
                                      uint64_t blocks_max);

}  // namespace beian::rocks
