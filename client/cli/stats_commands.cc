#include <fmt/format.h>

#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/published_report.h"
#include "client/cli/session.h"
#include "client/cli/walk_source.h"
#include "ledger/filing/province.h"
#include "ledger/filing/record.h"

namespace beian::client {
namespace {

struct ProvinceCount {
  uint64_t filings = 0;
  uint64_t filed = 0;
  uint64_t listed = 0;
  uint64_t pending = 0;
  uint64_t not_passed = 0;
  std::map<uint32_t, uint64_t> by_set;
};

struct Counts {
  std::map<std::string, ProvinceCount> provinces;  ///< by two digits
  std::map<uint32_t, SetRecord> sets;
};

void Count(const FilingRecord& record, ProvinceCount& count) {
  ++count.filings;
  switch (record.status) {
    case FilingStatus::kNotReviewed:
    case FilingStatus::kInReview:
    case FilingStatus::kAwaitingSupplement:
      ++count.pending;
      break;
    case FilingStatus::kNotPassed:
      ++count.not_passed;
      break;
    case FilingStatus::kFiled:
      ++count.filed;
      break;
    case FilingStatus::kListed:
      ++count.listed;
      ++count.by_set[record.set];
      break;
  }
}

/// Every filing stands under its id, and once more under its code: only the first is counted.
Counts CountRecords(const ChainWalk& walk) {
  Counts counts;
  walk.ForEachRecord([&](const MapKey& key, BytesView octets) {
    if (const auto filing = FilingRecord::Decode(octets); filing && key == FilingKey(filing->id)) {
      Count(*filing, counts.provinces[filing->division.substr(0, 2)]);
    } else if (const auto set = SetRecord::Decode(octets); set && key == SetKey(set->number)) {
      counts.sets[set->number] = *set;
    }
  });
  return counts;
}

/// A walk at L3 and what it counted; the tables mean nothing when the chain is bad.
struct Counted {
  AuditReport report;
  Counts counts;
  CountedSets sets;  ///< the same records, for the comparison with published tables
};
std::expected<Counted, ClientError> WalkAndCount(Session& session, const Values& values) {
  BEIAN_TRY(genesis, session.genesis());
  BEIAN_TRY(source, OpenSource(session, values, AuditLevel::kL3));
  ChainWalk walk(*genesis, AuditLevel::kL3);
  Counted counted;
  counted.report = Walk(session, values, *genesis, *source, walk, AuditLevel::kL3);
  if (counted.report.finding) {
    const Finding& finding = *counted.report.finding;
    return std::unexpected(
        ClientError{finding.id, finding.message, fmt::format("height {}", finding.height),
                    "Do not use this source's numbers.", "beian audit run", Exit::kInvalid, 0});
  }
  if (counted.report.failure) return std::unexpected(*counted.report.failure);
  counted.counts = CountRecords(walk);
  counted.sets = CountSets(walk);
  return counted;
}

Json Basis(const AuditReport& report) {
  return {{"level", AuditLevelName(report.level)},
          {"source", report.source},
          {"to_height", report.tip.height.value()},
          {"to_block", report.tip.id().hex()}};
}

Outcome Table(const Counted& counted, std::string schema, std::string member, Json rows,
              std::vector<Column> columns) {
  Outcome outcome;
  outcome.exit = ExitOfAudit(counted.report);
  Report& report = outcome.report;
  report.schema = std::move(schema);
  report.rows = member;
  report.columns = std::move(columns);
  report.body = {{"basis", Basis(counted.report)}, {member, std::move(rows)}};
  report.text = RenderTable(report.body[member], report.columns) +
                fmt::format(fmt::runtime(Tr("Counted from the replayed chain up to block {}.")),
                            counted.report.tip.height.value()) +
                "\n";
  return outcome;
}

/// A comparison says nothing about a chain that was not checked whole.
CommandResult Compare(Session& session, const Values& values, const Counted& counted,
                      decltype(CompareSetsReport)& compare) {
  auto outcome = compare(session, values, counted.sets, Basis(counted.report));
  if (outcome && !counted.report.clean()) outcome->exit = ExitOfAudit(counted.report);
  return outcome;
}

CommandResult StatsProvinces(Session& session, const Values& values) {
  BEIAN_TRY(counted, WalkAndCount(session, values));
  if (values.Has("published")) return Compare(session, values, counted, CompareProvincesReport);
  uint64_t total = 0;
  std::vector<std::pair<std::string, ProvinceCount>> order(counted.counts.provinces.begin(),
                                                           counted.counts.provinces.end());
  for (const auto& [number, count] : order) total += count.filed + count.listed;
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.second.filed + a.second.listed > b.second.filed + b.second.listed;
  });
  Json rows = Json::array();
  for (size_t i = 0; i < order.size(); ++i) {
    const auto& [number, count] = order[i];
    const Province* province = FindProvince(number);
    const uint64_t with_code = count.filed + count.listed;
    rows.push_back(
        {{"rank", i + 1},
         {"province", number},
         {"name_zh", province->name_zh},
         {"name_en", province->name_en},
         {"with_code", with_code},
         {"share", total == 0 ? std::string("-")
                              : fmt::format("{:.1f} %", 100.0 * static_cast<double>(with_code) /
                                                            static_cast<double>(total))},
         {"listed", count.listed},
         {"pending", count.pending},
         {"not_passed", count.not_passed},
         {"filings", count.filings}});
  }
  return Table(counted, "stats-provinces", "provinces", std::move(rows),
               {{"rank", "Rank", true},
                {"name_zh", "Province"},
                {"name_en", "Name"},
                {"with_code", "With code", true},
                {"share", "Share", true},
                {"listed", "In sets", true},
                {"pending", "Pending", true},
                {"not_passed", "Not passed", true},
                {"filings", "All filings", true}});
}

CommandResult StatsSets(Session& session, const Values& values) {
  BEIAN_TRY(counted, WalkAndCount(session, values));
  if (values.Has("published")) return Compare(session, values, counted, CompareSetsReport);
  Json rows = Json::array();
  for (const auto& [number, set] : counted.counts.sets) {
    std::vector<std::pair<uint64_t, std::string>> largest;
    for (const auto& [digits, count] : counted.counts.provinces) {
      const auto found = count.by_set.find(number);
      if (found != count.by_set.end()) {
        largest.emplace_back(found->second, FindProvince(digits)->name_zh);
      }
    }
    std::stable_sort(largest.begin(), largest.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    Json provinces = Json::object();
    std::string first;
    for (const auto& [count, name] : largest) {
      provinces[name] = count;
      if (provinces.size() <= 4)
        first += fmt::format("{}{} {}", first.empty() ? "" : ", ", name, count);
    }
    rows.push_back({{"number", number},
                    {"published_on", set.published_on},
                    {"filings", set.filings},
                    {"largest", first},
                    {"provinces", std::move(provinces)}});
  }
  return Table(counted, "stats-sets", "sets", std::move(rows),
               {{"number", "Set", true},
                {"published_on", "Published"},
                {"filings", "Filings", true},
                {"largest", "Largest provinces"}});
}

}  // namespace

std::vector<Command> StatsCommands() {
  std::vector<Option> options = WalkOptionList();
  for (Option& option : PublishedOptionList()) options.push_back(std::move(option));
  return {
      {"stats",
       "provinces",
       "filings by province, counted from the replayed chain",
       {},
       options,
       StatsProvinces},
      {"stats", "sets", "published sets with their largest provinces", {}, options, StatsSets},
  };
}

}  // namespace beian::client
