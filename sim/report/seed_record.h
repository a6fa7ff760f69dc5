#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/json/json.h"
#include "sim/run.h"

namespace beian::sim {

/// What is counted of a run and can be added up.
struct Counts {
  bool operator==(const Counts&) const = default;
  uint64_t events = 0;            ///< steps of all replicas
  uint64_t messages = 0;
  uint64_t blocks = 0;
  uint64_t transactions = 0;
  uint64_t filings = 0;
  uint64_t codes = 0;
  uint64_t reentries = 0;
  uint64_t evidence = 0;
  uint64_t puppet_turns = 0;      ///< of dishonest validators
  uint64_t puppet_messages = 0;
  uint64_t virtual_ms = 0;
  uint64_t real_us = 0;           ///< by the clock on the wall, of this machine
  uint64_t core_us = 0;           ///< of one processor core
};
struct CountField {
  std::string_view name;
  uint64_t Counts::*member;
};
std::span<const CountField> CountFields();

/// What a seed has broken.
struct Failure {
  bool operator==(const Failure&) const = default;
  std::string invariant;
  std::string what;
  std::string command;   ///< shows it again
};

/// What is kept of a seed that was run: a line in a file, and a part of every sum.
struct SeedRecord {
  bool operator==(const SeedRecord&) const = default;
  size_t nodes = 0;
  uint64_t seed = 0;
  size_t dishonest = 0;
  Strategy strategy = Strategy::kMute;   ///< meaningless when nobody is dishonest
  uint64_t settled_ms = 0;
  Counts counts;
  FaultCounts faults;
  std::optional<Failure> failure;
};

/// The times that the machine took are the caller's to fill in.
SeedRecord MakeRecord(const Options& options, const Outcome& outcome);
/// Without what is 0.
Json RecordJson(const SeedRecord& record);
/// Nothing when `json` is not what RecordJson makes.
std::optional<SeedRecord> ParseRecord(const Json& json);

}  // namespace beian::sim
