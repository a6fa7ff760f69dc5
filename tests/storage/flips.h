#pragma once

#include <cstdint>

#include "tests/storage/ground.h"
#include "tests/storage/table.h"

namespace beian::storage {

struct CampaignOptions {
  size_t sample = 0;  ///< cases of each row, drawn from the seed; 0: all
  uint64_t seed = 1;
  size_t jobs = 2;  ///< processes at a time
  std::vector<std::string> only;  ///< rows by name; empty: all
};
bool Wants(const CampaignOptions& options, const std::string& row);

/// Flips one bit at a time and judges what comes of it. Of vote log, head and export every bit, the
/// log opened and the export audited as a node and an auditor do; then, with a node's whole start,
/// in every octet of the log, the head and every file of the store one bit that the seed chooses.
void FlipBits(const Ground& ground, const CampaignOptions& options, Table& table);

/// `count` different numbers below `size` in ascending order, or all of them.
std::vector<size_t> Draw(size_t size, size_t count, uint64_t seed);

}  // namespace beian::storage
