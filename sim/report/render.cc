#include "sim/report/render.h"

#include <fmt/format.h>

#include <algorithm>

namespace beian::sim {
namespace {

using Row = std::vector<std::string>;

template <class... Cells>
Row MakeRow(const Cells&... cells) {
  return {fmt::format("{}", cells)...};
}
std::string Whole(double number) { return fmt::format("{:.0f}", number); }

/// The first row is the heading; names to the left, numbers to the right.
std::string Table(const std::vector<Row>& rows) {
  std::vector<size_t> widths(rows.front().size(), 3);
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (size_t line = 0; line < rows.size(); ++line) {
    for (size_t i = 0; i < widths.size(); ++i) {
      text += i == 0 ? fmt::format("| {:<{}} |", rows[line][i], widths[i])
                     : fmt::format(" {:>{}} |", rows[line][i], widths[i]);
    }
    text += "\n";
    if (line > 0) continue;
    for (size_t i = 0; i < widths.size(); ++i) {
      text += i == 0 ? fmt::format("| {:-<{}} |", "", widths[i])
                     : fmt::format(" {:->{}} |", ":", widths[i]);
    }
    text += "\n";
  }
  return text;
}

Row SizeRow(const std::string& name, const Totals& totals) {
  const Counts& counts = totals.counts;
  return MakeRow(name, totals.seeds, totals.failed, Whole(totals.PerSeed(counts.filings)),
                 Whole(totals.PerSeed(counts.blocks)), Whole(totals.PerSeed(counts.events)),
                 counts.virtual_ms / 1000, fmt::format("{:.1f}", totals.counts.real_us / 1e6),
                 Whole(totals.Factor()), Whole(totals.SeedsPerCoreHour()));
}

std::string SizeTable(const Summary& summary) {
  std::vector<Row> rows{MakeRow("validators", "seeds", "failed", "filings/seed", "blocks/seed",
                                "events/seed", "virtual s", "real s", "virtual/real",
                                "seeds/core-hour")};
  for (const auto& [nodes, totals] : summary.by_nodes()) {
    rows.push_back(SizeRow(std::to_string(nodes), totals));
  }
  if (summary.by_nodes().size() > 1) rows.push_back(SizeRow("all", summary.all()));
  return Table(rows);
}

std::string FaultTable(const Summary& summary) {
  std::vector<Row> rows{MakeRow("fault", "times", "in seeds")};
  for (const FaultKind kind : AllFaultKinds()) {
    rows.push_back(
        MakeRow(FaultName(kind), summary.fired(kind).times, summary.fired(kind).seeds));
  }
  return Table(rows);
}

std::string StrategyTable(const Summary& summary) {
  std::vector<Row> rows{MakeRow("dishonest validators", "seeds", "of them f", "turns", "messages")};
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastStrategy); ++i) {
    const Summary::Played& played = summary.played(static_cast<Strategy>(i));
    rows.push_back(MakeRow(StrategyName(static_cast<Strategy>(i)), played.seeds, played.at_limit,
                           played.turns, played.messages));
  }
  return Table(rows);
}

Json TotalsJson(const Totals& totals) {
  Json json{{"seeds", totals.seeds}, {"failed", totals.failed}};
  for (const CountField& field : CountFields()) json[field.name] = totals.counts.*field.member;
  json["settled_ms_max"] = totals.settled_ms_max;
  json["filings_per_seed"] = totals.PerSeed(totals.counts.filings);
  json["virtual_per_real"] = totals.Factor();
  json["seeds_per_core_hour"] = totals.SeedsPerCoreHour();
  return json;
}

}  // namespace

std::string SummaryText(const Summary& summary) {
  const Totals& all = summary.all();
  return fmt::format(
      "seeds {} failed {}\n\n{}\n{}\n{}\n"
      "longest recovery {:.1f} s, codes {}, re-entries {}, evidence {}\n",
      all.seeds, all.failed, SizeTable(summary), FaultTable(summary), StrategyTable(summary),
      static_cast<double>(all.settled_ms_max) / 1000, all.counts.codes, all.counts.reentries,
      all.counts.evidence);
}

Json SummaryJson(const Summary& summary) {
  Json json = TotalsJson(summary.all());
  for (const auto& [nodes, totals] : summary.by_nodes()) {
    json["by_nodes"][std::to_string(nodes)] = TotalsJson(totals);
  }
  for (const FaultKind kind : AllFaultKinds()) {
    json["faults"][std::string(FaultName(kind))] = {{"times", summary.fired(kind).times},
                                                    {"seeds", summary.fired(kind).seeds}};
  }
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastStrategy); ++i) {
    const Summary::Played& played = summary.played(static_cast<Strategy>(i));
    json["strategies"][StrategyName(static_cast<Strategy>(i))] = {{"seeds", played.seeds},
                                                                  {"seeds_at_f", played.at_limit},
                                                                  {"turns", played.turns},
                                                                  {"messages", played.messages}};
  }
  json["failures"] = Json::array();
  for (const Summary::Failed& failed : summary.failed()) {
    json["failures"].push_back({{"nodes", failed.nodes},
                                {"seed", failed.seed},
                                {"invariant", failed.failure.invariant},
                                {"what", failed.failure.what},
                                {"command", failed.failure.command}});
  }
  return json;
}

}  // namespace beian::sim
