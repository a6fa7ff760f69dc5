#pragma once

#include <string>
#include <vector>

#include "tests/bench/target.h"

namespace beian::bench {

/// Filings per second when `processes` of them do nothing but verify every signature and commit
/// every block to a store of their own: the node's verifier and store on the same octets.
/// No validator can be faster, and agreement comes on top.
double MeasureCeiling(const Target& target, const std::vector<TransactionPtr>& transactions,
                      size_t processes, size_t block_transactions);

}  // namespace beian::bench
