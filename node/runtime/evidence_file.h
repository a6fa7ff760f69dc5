#pragma once

#include <filesystem>

#include "ledger/chain/evidence.h"

namespace beian {

inline constexpr uintmax_t kEvidenceFileBytesMax = 4 << 20;   ///< about 10,000 convictions

/// Appends evidence as a line of hex, which `beian audit evidence` reads. What would go beyond the
/// bound is left out: one that errs in every view is convicted by its first lines. Not synced.
void AppendEvidence(const std::filesystem::path& file, const Evidence& evidence);

}  // namespace beian
