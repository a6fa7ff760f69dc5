#pragma once

#include <vector>

#include "ledger/base/types.h"

namespace beian {
class SmallLedger;
struct StoredBlock;
}  // namespace beian

namespace beian::client {

/// Blocks as an export file of a chain.
Bytes ExportOf(const ChainId& chain, const std::vector<StoredBlock>& blocks);
Bytes ExportOf(const SmallLedger& ledger);

}  // namespace beian::client
