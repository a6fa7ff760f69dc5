#pragma once

#include <cstdint>

namespace beian::consensus {

/// All in milliseconds unless said otherwise. Defaults from CONSENSUS.md section 4.
struct Timing {
  uint64_t delta_base = 400;          ///< Δ0: one-way delay + sync + validation, doubled
  uint64_t delta_max = 30'000;
  /// Between a parent's arrival and its child's proposal: one millisecond for each transaction of
  /// the parent, at most this, so that load is gathered in blocks and a single filing never waits.
  uint64_t min_interval = 20;
  uint64_t exec_budget = 300;
  uint64_t heartbeat = 30'000;        ///< from genesis
  uint64_t skip_after = 10'000;       ///< no verified message from a leader for so long
  uint64_t retry_max = 10'000;
  uint64_t status_every = 2'000;
  uint64_t relay_after = 50;
  uint64_t clock_ahead_max = 2'000;   ///< a header further in the future waits
  uint64_t clock_behind_max = 30'000; ///< a header further in the past waits
  uint64_t reentry_ask_every = 1'000;
  uint64_t window = 8;                ///< views ahead that are accepted (not milliseconds)
  uint64_t pipeline_max = 16;         ///< blocks above the last final one (not milliseconds)
};

}  // namespace beian::consensus
