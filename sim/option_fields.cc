#include "sim/option_fields.h"

#include "sim/canaries/planted.h"

#include <fmt/format.h>

#include <charconv>

namespace beian::sim {
namespace {

constexpr uint64_t kValueMax = 1'000'000'000;   // a run of eleven days
constexpr std::nullopt_t kNever = std::nullopt;

constexpr OptionField kFields[] = {
    // name, member, calm, least
    {"dishonest", &Options::dishonest, 0, 1},
    {"strategy", &Options::strategy, kNever, kNever},
    {"puppet_every_ms", &Options::puppet_every_ms, kNever, kNever},
    {"lose_log_every_ms", &Options::lose_log_every_ms, 0, kNever},
    {"lose_store_too", &Options::lose_store_too, 0, kNever},
    {"dead", &Options::dead, 0, 1},
    {"partition_every_ms", &Options::partition_every_ms, 0, kNever},
    {"crash_every_ms", &Options::crash_every_ms, 0, kNever},
    {"crash_all_every_ms", &Options::crash_all_every_ms, 0, kNever},
    {"down_ms", &Options::down_ms, kNever, 1},
    {"tear_steps", &Options::tear_steps, 0, kNever},
    {"pause_every_ms", &Options::pause_every_ms, 0, kNever},
    {"loss_per_mille", &Options::loss_per_mille, 0, kNever},
    {"duplicate_per_mille", &Options::duplicate_per_mille, 0, kNever},
    {"tail_per_mille", &Options::tail_per_mille, 0, kNever},
    {"tail_ms", &Options::tail_ms, kNever, kNever},
    {"delay_min_ms", &Options::delay_min_ms, 1, kNever},
    {"delay_max_ms", &Options::delay_max_ms, kNever, 1},
    {"sync_ms_max", &Options::sync_ms_max, 0, kNever},
    {"commit_ms_max", &Options::commit_ms_max, 0, kNever},
    {"clock_offset_ms", &Options::clock_offset_ms, 0, kNever},
    {"prune_every", &Options::prune_every, kNever, kNever},
    {"heal_silently", &Options::heal_silently, 0, kNever},
    {"reviewed_per_mille", &Options::reviewed_per_mille, 0, kNever},
    {"expiry_ms_min", &Options::expiry_ms_min, kNever, kNever},
    {"faulty_ms", &Options::faulty_ms, kNever, 100},
    {"filings", &Options::filings, kNever, 1},
    {"providers", &Options::providers, kNever, 1},
};

std::optional<uint64_t> ParseNumber(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value <= kValueMax ? std::optional(value) : std::nullopt;
}

std::optional<uint64_t> ParseValue(const OptionField& field, std::string_view text) {
  if (!std::holds_alternative<Strategy Options::*>(field.member)) {
    const auto number = ParseNumber(text);
    const bool flag = std::holds_alternative<bool Options::*>(field.member);
    return flag && number > 1 ? std::nullopt : number;
  }
  for (uint64_t i = 0; i <= static_cast<uint64_t>(kLastStrategy); ++i) {
    if (StrategyName(static_cast<Strategy>(i)) == text) return i;
  }
  return std::nullopt;
}

}  // namespace

uint64_t OptionField::Get(const Options& options) const {
  return std::visit([&](auto place) { return static_cast<uint64_t>(options.*place); }, member);
}

void OptionField::Set(Options& options, uint64_t value) const {
  std::visit(
      [&]<class Value>(Value Options::*place) { options.*place = static_cast<Value>(value); },
      member);
}

std::string OptionField::Text(const Options& options) const {
  if (const auto* strategy = std::get_if<Strategy Options::*>(&member)) {
    return fmt::format("{}={}", name, StrategyName(options.**strategy));
  }
  return fmt::format("{}={}", name, Get(options));
}

std::span<const OptionField> OptionFields() { return kFields; }

std::expected<void, OptionError> SetOption(Options& options, std::string_view assignment) {
  const size_t equals = assignment.find('=');
  for (const OptionField& field : kFields) {
    if (equals == std::string_view::npos || field.name != assignment.substr(0, equals)) continue;
    const auto value = ParseValue(field, assignment.substr(equals + 1));
    if (!value) return std::unexpected(OptionError::kBadValue);
    field.Set(options, *value);
    return {};
  }
  return std::unexpected(OptionError::kUnknownName);
}

bool Consistent(const Options& options) {
  const bool chances = options.loss_per_mille <= 1000 && options.duplicate_per_mille <= 1000 &&
                       options.tail_per_mille <= 1000 && options.reviewed_per_mille <= 1000;
  return chances && options.delay_min_ms <= options.delay_max_ms && options.faulty_ms > 0 &&
         options.filings > 0 && options.providers > 0;
}

bool SetOptions(Options& options, std::span<const std::string> assignments) {
  for (const std::string& assignment : assignments) {
    if (!SetOption(options, assignment)) return false;
  }
  return Consistent(options);
}

std::vector<std::string> Overrides(const Options& options) {
  const Options drawn = DrawOptions(options.seed, options.nodes);
  std::vector<std::string> overrides;
  for (const OptionField& field : kFields) {
    if (field.Get(options) != field.Get(drawn)) overrides.push_back(field.Text(options));
  }
  return overrides;
}

std::string RunCommand(const Options& options) {
  const bool twin = !planted_bugs.empty();
  std::string command = fmt::format("{} run --nodes {} --seeds {}:{}",
                                    twin ? "beian-sim-canaries" : "beian-sim", options.nodes,
                                    options.seed, options.seed + 1);
  if (planted_bug >= 0) {
    command += fmt::format(" --canary {}", planted_bugs[static_cast<size_t>(planted_bug)].name);
  }
  if (options.canary != Canary::kNone) command += " --canary " + CanaryName(options.canary);
  for (const std::string& assignment : Overrides(options)) command += " --set " + assignment;
  return command;
}

}  // namespace beian::sim
