#include "sim/report/seed_record.h"

#include <algorithm>

#include "sim/report/story.h"

namespace beian::sim {
namespace {

constexpr CountField kCountFields[] = {
    {"events", &Counts::events},
    {"messages", &Counts::messages},
    {"blocks", &Counts::blocks},
    {"transactions", &Counts::transactions},
    {"filings", &Counts::filings},
    {"codes", &Counts::codes},
    {"reentries", &Counts::reentries},
    {"evidence", &Counts::evidence},
    {"puppet_turns", &Counts::puppet_turns},
    {"puppet_messages", &Counts::puppet_messages},
    {"virtual_ms", &Counts::virtual_ms},
    {"real_us", &Counts::real_us},
    {"core_us", &Counts::core_us},
};

uint64_t NumberIn(const Json& json, std::string_view name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<uint64_t>() : 0;
}

std::string TextIn(const Json& json, std::string_view name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<Strategy> StrategyNamed(std::string_view name) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastStrategy); ++i) {
    if (StrategyName(static_cast<Strategy>(i)) == name) return static_cast<Strategy>(i);
  }
  return std::nullopt;
}

}  // namespace

std::span<const CountField> CountFields() { return kCountFields; }

SeedRecord MakeRecord(const Options& options, const Outcome& outcome) {
  const Statistics& seen = outcome.statistics;
  const size_t faulty_max = (options.nodes - 1) / 3;
  SeedRecord record{options.nodes, options.seed, std::min(options.dishonest, faulty_max),
                    options.strategy, outcome.settled_ms, {}, seen.faults, std::nullopt};
  record.counts = {seen.events,     seen.messages,        outcome.blocks,
                   outcome.transactions, outcome.filings, outcome.codes,
                   seen.reentries,  seen.evidence,        seen.puppet_turns,
                   seen.puppet_messages, outcome.virtual_ms, 0, 0};
  if (!outcome.findings.empty()) {
    const Finding& first = outcome.findings.front();
    record.failure = Failure{first.invariant, first.what, ReplayCommand(options, first.invariant)};
  }
  return record;
}

Json RecordJson(const SeedRecord& record) {
  Json json{{"nodes", record.nodes}, {"seed", record.seed}};
  if (record.dishonest > 0) {
    json["dishonest"] = record.dishonest;
    json["strategy"] = StrategyName(record.strategy);
  }
  json["settled_ms"] = record.settled_ms;
  for (const CountField& field : kCountFields) {
    if (record.counts.*field.member > 0) json[field.name] = record.counts.*field.member;
  }
  Json faults = Json::object();
  for (const FaultKind kind : AllFaultKinds()) {
    if (record.faults.Of(kind) > 0) faults[FaultName(kind)] = record.faults.Of(kind);
  }
  json["faults"] = std::move(faults);
  if (record.failure) {
    json["failure"] = {{"invariant", record.failure->invariant},
                       {"what", record.failure->what},
                       {"command", record.failure->command}};
  }
  return json;
}

std::optional<SeedRecord> ParseRecord(const Json& json) {
  if (!json.is_object() || !json.contains("seed") || NumberIn(json, "nodes") == 0) {
    return std::nullopt;
  }
  SeedRecord record;
  record.nodes = NumberIn(json, "nodes");
  record.seed = NumberIn(json, "seed");
  record.dishonest = NumberIn(json, "dishonest");
  record.settled_ms = NumberIn(json, "settled_ms");
  if (record.dishonest > 0) {
    const auto strategy = StrategyNamed(TextIn(json, "strategy"));
    if (!strategy) return std::nullopt;
    record.strategy = *strategy;
  }
  for (const CountField& field : kCountFields) {
    record.counts.*field.member = NumberIn(json, field.name);
  }
  const auto faults = json.find("faults");
  if (faults == json.end() || !faults->is_object()) return std::nullopt;
  for (const FaultKind kind : AllFaultKinds()) {
    record.faults.Add(kind, NumberIn(*faults, FaultName(kind)));
  }
  if (const auto failure = json.find("failure"); failure != json.end()) {
    record.failure = Failure{TextIn(*failure, "invariant"), TextIn(*failure, "what"),
                             TextIn(*failure, "command")};
  }
  return record;
}

}  // namespace beian::sim
