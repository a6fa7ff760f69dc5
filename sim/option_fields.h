#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/options.h"

namespace beian::sim {

/// One member of Options under its own name: what a report says, a command line sets and a run is
/// shortened by. Flags are 0 and 1; a strategy stands for itself by its name.
struct OptionField {
  using Member = std::variant<uint64_t Options::*, bool Options::*, Strategy Options::*>;
  std::string_view name;
  Member member;
  std::optional<uint64_t> calm;    ///< the value that switches it off
  std::optional<uint64_t> least;   ///< it may be halved down to that

  uint64_t Get(const Options& options) const;
  void Set(Options& options, uint64_t value) const;
  std::string Text(const Options& options) const;   ///< "crash_every_ms=700"
};
/// All but seed, nodes, timing and canary.
std::span<const OptionField> OptionFields();

/// Faults of the command line.
enum class OptionError : uint8_t { kUnknownName, kBadValue };
/// Takes "name=value".
std::expected<void, OptionError> SetOption(Options& options, std::string_view assignment);
/// Takes each of them. False when one is none, or they contradict each other.
bool SetOptions(Options& options, std::span<const std::string> assignments);
/// False when two of the values exclude each other, or one is beyond what a run can bear.
bool Consistent(const Options& options);

/// Assignments by which `options` differ from those that their seed draws.
std::vector<std::string> Overrides(const Options& options);
/// The line that runs them again.
std::string RunCommand(const Options& options);

}  // namespace beian::sim
