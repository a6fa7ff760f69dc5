#include "client/cli/published_report.h"

#include <fmt/format.h>

#include <set>

#include "client/cli/language.h"
#include "client/published/plan.h"
#include "client/sdk/files.h"
#include "client/sdk/key_file.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kKeyFolderMode = 0700;

struct Published {
  PublishedData data;
  SetRange range;
};

constexpr const char* kDataDefault = "data";
constexpr const char* kKeysDefault = "provider-keys";
constexpr const char* kPlanDefault = "plan.ndjson";
constexpr const char* kSetsDefault = "1:5";

std::string TextOr(const Values& values, const char* option, const char* otherwise) {
  return values.Has(option) ? values.Text(option) : otherwise;
}

std::expected<Published, ClientError> LoadPublished(const Values& values, const char* option) {
  BEIAN_TRY(range, ParseSetRange(TextOr(values, "sets", kSetsDefault)));
  const std::string folder = TextOr(values, option, kDataDefault);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    return std::unexpected(ClientError{
        "published.no_data", "The folder of the published tables is not there.", Printable(folder),
        fmt::format("Give --{} FOLDER: the folder `data` of the sources.", option), "",
        Exit::kNotFound, 0});
  }
  BEIAN_TRY(data, LoadPublishedData(folder));
  for (uint32_t number = range.first; number <= range.last; ++number) {
    if (data.FindSet(number) != nullptr) continue;
    return std::unexpected(ClientError{
        "published.unknown_set", "Nothing is known of the set.", fmt::format("set {}", number),
        "Ask for sets that published-batches.tsv has.", "", Exit::kUsage, 0});
  }
  return Published{std::move(data), range};
}

/// The key of every provider, made where it is missing, as <credit code>.pem.
std::expected<void, ClientError> MakeProviderKeys(const std::vector<PlannedSet>& plan,
                                                  const fs::path& folder) {
  if (const auto made = MakeFolder(folder, kKeyFolderMode); !made) return made;
  std::error_code ignored;
  for (const PlannedSet& set : plan) {
    for (const PlannedFiling& filing : set.filings) {
      const fs::path file = folder / KeyFileOf(filing);
      if (fs::exists(file, ignored)) continue;
      const auto made = CreateKeyFile(file, PrivateKey::Generate(KeyScheme::kP256));
      if (!made) return made;
    }
  }
  return {};
}

CommandResult PlanSets(Session&, const Values& values) {
  BEIAN_TRY(published, LoadPublished(values, "data"));
  BEIAN_TRY(plan, PlanFilings(published.data, published.range));
  const fs::path keys = fs::absolute(TextOr(values, "keys", kKeysDefault)).lexically_normal();
  const std::string out = TextOr(values, "out", kPlanDefault);
  const Bytes text = FormatPlan(plan);
  if (const auto may = MayReplace(out, text); !may) return std::unexpected(may.error());
  if (const auto made = MakeProviderKeys(plan, keys); !made) return std::unexpected(made.error());
  const auto written = WriteFile(out, text, kPublicFileMode);
  if (!written) return std::unexpected(written.error());
  Outcome outcome;
  Report& report = outcome.report;
  report.schema = "set-plan";
  report.rows = "sets";
  report.columns = {{"number", "Set", true},
                    {"published_on", "Published"},
                    {"filings", "Filings", true},
                    {"named", "Named in reports", true}};
  Json rows = Json::array();
  for (const PlannedSet& set : plan) {
    const auto named = std::ranges::count_if(
        set.filings, [](const PlannedFiling& filing) { return filing.fields.contains("source"); });
    rows.push_back({{"number", set.number},
                    {"published_on", set.published},
                    {"filings", set.filings.size()},
                    {"named", named}});
  }
  report.body = {{"file", out}, {"keys", keys.string()}, {"sets", std::move(rows)}};
  report.text = RenderTable(report.body["sets"], report.columns) +
                fmt::format("{} {}\n", Tr("Written:"), out);
  return outcome;
}

/// The verdict, and the exit that goes with it.
void Conclude(const Session& session, const std::vector<std::string>& differences,
              Outcome& outcome) {
  outcome.report.body["same"] = differences.empty();
  outcome.report.body["differences"] = differences;
  if (differences.empty()) {
    outcome.report.text +=
        fmt::format("{}\n", Green(Tr("Every published number is met."), session.out_style()));
    return;
  }
  outcome.exit = Exit::kFailed;
  for (const std::string& difference : differences) {
    outcome.report.text +=
        fmt::format("{} {}\n", Red(Tr("DIFFERENT:"), session.out_style()), difference);
  }
  session.Say(fmt::format("{} {}", Tr("DIFFERENT:"), differences.front()));
}

std::string Pair(const std::string& ledger, const std::string& published) {
  return ledger == published ? ledger : fmt::format("{} ≠ {}", ledger, published);
}

/// One line a set: ours, and after ≠ the published number where it differs.
Json SetRows(const PublishedData& data, const CountedSets& counts, SetRange range) {
  Json rows = Json::array();
  for (const ComparedCell& cell : CompareSets(data, counts, range)) {
    if (cell.what == "published") {
      rows.push_back({{"number", cell.set},
                      {"published_on", Pair(cell.ledger, cell.published)},
                      {"published", ""},
                      {"ledger", ""},
                      {"cells", ""}});
    } else if (cell.what == "filings") {
      rows.back()["published"] = cell.published;
      rows.back()["ledger"] = cell.ledger;
    } else {
      std::string cells = rows.back()["cells"];
      cells += fmt::format("{}{} {}", cells.empty() ? "" : "  ", cell.what,
                           Pair(cell.ledger, cell.published));
      rows.back()["cells"] = cells;
    }
  }
  return rows;
}

}  // namespace

Command SetPlanCommand() {
  return {"set",
          "plan",
          "the filings of published sets, to be submitted in bulk",
          {},
          {{"--data", "folder of the published tables", Option::Kind::kText, kDataDefault},
           {"--sets", "one set, like 3, or a range", Option::Kind::kText, kSetsDefault},
           {"--keys", "folder of the providers' keys; missing ones are made", Option::Kind::kText,
            kKeysDefault},
           {"--out", "file to write, one filing a line", Option::Kind::kText, kPlanDefault}},
          PlanSets};
}

std::vector<Option> PublishedOptionList() {
  return {
      {"--published", "folder of the published tables: compare with them", Option::Kind::kText, ""},
      {"--sets", "with --published: one set, like 3, or a range", Option::Kind::kText,
       kSetsDefault}};
}

CommandResult CompareSetsReport(Session& session, const Values& values, const CountedSets& counts,
                                Json basis) {
  BEIAN_TRY(published, LoadPublished(values, "published"));
  Outcome outcome;
  Report& report = outcome.report;
  report.schema = "stats-sets-published";
  report.rows = "cells";
  report.columns = {{"set", "Set", true},
                    {"what", "What"},
                    {"published", "Filings published", true},
                    {"ledger", "On the ledger", true},
                    {"same", "Same"}};
  Json cells = Json::array();
  std::vector<std::string> differences;
  for (const ComparedCell& cell : CompareSets(published.data, counts, published.range)) {
    if (!cell.same()) differences.push_back(Describe(cell));
    cells.push_back({{"set", cell.set},
                     {"what", cell.what},
                     {"published", cell.published},
                     {"ledger", cell.ledger},
                     {"same", cell.same()}});
  }
  uint32_t total = 0;
  uint32_t synthetic = 0;
  for (const auto& [number, set] : counts) {
    if (number < published.range.first || number > published.range.last) continue;
    total += set.filings;
    synthetic += set.synthetic;
  }
  const Json rows = SetRows(published.data, counts, published.range);
  report.text = RenderTable(rows, {{"number", "Set", true},
                                   {"published_on", "Published"},
                                   {"published", "Filings published", true},
                                   {"ledger", "On the ledger", true},
                                   {"cells", "Known provinces, on the ledger"}}) +
                fmt::format("{} {}, {} {}\n", Tr("In all:"), total,
                            Tr("with invented fields, marked so:"), synthetic);
  report.body = {{"basis", std::move(basis)}, {"filings", total}, {"cells", std::move(cells)}};
  Conclude(session, differences, outcome);
  return outcome;
}

CommandResult CompareProvincesReport(Session& session, const Values& values,
                                     const CountedSets& counts, Json basis) {
  BEIAN_TRY(published, LoadPublished(values, "published"));
  Outcome outcome;
  Report& report = outcome.report;
  report.schema = "stats-provinces-published";
  report.rows = "provinces";
  report.columns = {{"rank", "Rank", true},
                    {"name_zh", "Province"},
                    {"name_en", "Name"},
                    {"filings", "In sets", true},
                    {"share", "Share", true},
                    {"published", "Filings published", true},
                    {"in_known_sets", "In those sets", true},
                    {"known_sets", "Reported sets", true}};
  const auto ranking = RankProvinces(published.data, counts, published.range);
  uint32_t total = 0;
  for (const ProvinceRow& row : ranking) total += row.filings;
  Json rows = Json::array();
  std::vector<std::string> differences;
  for (const ProvinceRow& row : ranking) {
    if (row.published != row.in_known_sets) {
      differences.push_back(fmt::format("{}: published {}, on the ledger {}", row.province->name_zh,
                                        row.published, row.in_known_sets));
    }
    const double share = total == 0 ? 0.0 : 100.0 * row.filings / total;
    const Json unknown = "";
    rows.push_back({{"rank", rows.size() + 1},
                    {"name_zh", row.province->name_zh},
                    {"name_en", row.province->name_en},
                    {"filings", row.filings},
                    {"share", fmt::format("{:.0f} %", share)},
                    {"published", row.known_sets == 0 ? unknown : Json(row.published)},
                    {"in_known_sets", row.known_sets == 0 ? unknown : Json(row.in_known_sets)},
                    {"known_sets", row.known_sets}});
  }
  report.body = {{"basis", std::move(basis)}, {"filings", total}, {"provinces", std::move(rows)}};
  report.text = RenderTable(report.body["provinces"], report.columns);
  Conclude(session, differences, outcome);
  return outcome;
}

}  // namespace beian::client
