#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/consensus/timing.h"
#include "sim/byzantine/strategy.h"

namespace beian::sim {

/// Faults in the harness itself, each of which a checker must find: the proof that it looks. What
/// each one breaks stands in options.cc.
enum class Canary : uint8_t {
  kNone,
  kSyncLies,
  kSendBeforeSync,
  kForgetVotes,
  kForgetCertificates,
  kNoReentry,
  kSkipCommit,
  kRottenRecord,
  kForgedSignature,
  kForgottenFloor,
  kNeverHeals,
  kChatter,
  kCoin,
};
inline constexpr Canary kLastCanary = Canary::kCoin;
std::string CanaryName(Canary canary);
std::string CanaryWhat(Canary canary);   ///< what is broken

/// Everything that a seed decides. Times in milliseconds of virtual time; 0 for "every": never.
struct Options {
  uint64_t seed = 0;
  size_t nodes = 4;

  uint64_t faulty_ms = 20'000;        ///< length of the first phase, with faults
  uint64_t loss_per_mille = 0;        ///< at most 300
  uint64_t duplicate_per_mille = 0;   ///< at most 500
  uint64_t delay_min_ms = 1;
  uint64_t delay_max_ms = 20;
  uint64_t tail_per_mille = 0;        ///< messages that are late by up to tail_ms
  uint64_t tail_ms = 0;
  uint64_t partition_every_ms = 0;
  uint64_t crash_every_ms = 0;        ///< one replica
  uint64_t crash_all_every_ms = 0;
  uint64_t pause_every_ms = 0;        ///< one replica stands still for a while
  uint64_t lose_log_every_ms = 0;     ///< at most f at a time
  uint64_t down_ms = 1'000;           ///< about, between crash and restart
  bool lose_store_too = false;
  bool tear_steps = false;            ///< crashes strike between two actions of one step
  uint64_t sync_ms_max = 0;           ///< how long a sync keeps the replica's thread
  uint64_t commit_ms_max = 0;         ///< from CommitBlock to Committed
  uint64_t prune_every = 128;         ///< blocks between prunings of the log; 0: it drops nothing
  uint64_t clock_offset_ms = 0;       ///< wall clocks differ by up to this much either way
  bool heal_silently = false;         ///< nobody is told when links are whole again at the end

  size_t filings = 12;
  size_t providers = 4;
  uint64_t reviewed_per_mille = 500;  ///< of the filings go on to a code
  uint64_t expiry_ms_min = 30'000;
  size_t dead = 0;                    ///< replicas that stay down in the second phase, at most f

  size_t dishonest = 0;               ///< the last so many validators, at most f
  Strategy strategy = Strategy::kMute;
  uint64_t puppet_every_ms = 50;

  consensus::Timing timing;
  Canary canary = Canary::kNone;

  std::string Describe() const;       ///< one line
};

/// Draws the options of a seed.
Options DrawOptions(uint64_t seed, size_t nodes);

}  // namespace beian::sim
