#include "client/cli/bulk_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <vector>

#include "client/cli/actions.h"
#include "client/cli/interrupt.h"
#include "client/cli/language.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

constexpr size_t kRowsNamed = 3;  ///< of rows that have one fault

/// Rows whose fault has one id, in one column.
struct Fault {
  std::string id;
  std::string column;
  std::vector<const Json*> rows;
};

bool HasFailed(const Json& row) {
  const std::string state = row.value("state", "");
  return !row.value("accepted", false) && state != "pending" && state != "dry_run";
}

std::vector<Fault> FaultsOf(const Json& rows) {
  std::vector<Fault> faults;
  for (const Json& row : rows) {
    if (!HasFailed(row)) continue;
    const std::string id = row.value("error_id", row.value("state", ""));
    const std::string column = row.value("column", "");
    const auto same = std::ranges::find_if(
        faults, [&](const Fault& fault) { return fault.id == id && fault.column == column; });
    Fault& fault = same == faults.end() ? faults.emplace_back(Fault{id, column, {}}) : *same;
    fault.rows.push_back(&row);
  }
  return faults;
}

Explanation ShownOf(const Json& row, const std::string& id) {
  Explanation shown = Shown(id, row.value("message", ""), row.value("remedy", ""));
  return {Printable(shown.message), Printable(shown.remedy)};
}

std::string RowText(const Json& row) {
  const size_t number = row.value("row", 0);
  const size_t line = row.value("line", number);
  const std::string text = fmt::format("{} {}", Tr("row"), number);
  return line == number ? text : text + fmt::format(fmt::runtime(Tr(" (line {})")), line);
}

std::string ColumnText(const Fault& fault) {
  return fault.column.empty() ? "" : fmt::format(", {} {}", Tr("column"), Printable(fault.column));
}

/// What is the same for all of the rows; otherwise what the id means.
Explanation Common(const Fault& fault) {
  Explanation common = ShownOf(*fault.rows.front(), fault.id);
  const auto general = Explain(fault.id);
  for (const Json* row : fault.rows) {
    const Explanation shown = ShownOf(*row, fault.id);
    if (general && shown.message != common.message) common.message = general->message;
    if (general && shown.remedy != common.remedy) common.remedy = general->remedy;
  }
  return common;
}

/// A few rows, each in a line of its own.
std::string EachRow(const Fault& fault) {
  std::string text;
  for (const Json* row : fault.rows) {
    const Explanation shown = ShownOf(*row, fault.id);
    text += fmt::format("{}{}: {} [{}] {}\n", RowText(*row), ColumnText(fault), shown.message,
                        Printable(fault.id), shown.remedy);
  }
  return text;
}

/// Many rows in one line, and what is said of the first of them where that differs.
std::string ManyRows(const Fault& fault) {
  const Explanation common = Common(fault);
  std::string lines;
  std::string details;
  for (const Json* row : fault.rows | std::views::take(kRowsNamed)) {
    const size_t line = row->value("line", row->value("row", size_t{0}));
    lines += fmt::format("{}{}", lines.empty() ? "" : ", ", line);
    const std::string message = ShownOf(*row, fault.id).message;
    if (message == common.message) continue;
    details += fmt::format("  {}: {}\n", RowText(*row), message);
  }
  return fmt::format(fmt::runtime(Tr("{} rows (lines {}, ...)")), fault.rows.size(), lines) +
         fmt::format("{}: {} [{}] {}\n{}", ColumnText(fault), common.message, Printable(fault.id),
                     common.remedy, details);
}

/// What to do about the faults, when there are any.
std::string NextText(const std::vector<Fault>& faults, const std::string& file) {
  if (faults.empty()) return {};
  const bool no_key = std::ranges::any_of(faults, [](const Fault& fault) {
    return fault.id == "bulk.no_key_file" || fault.id == "config.no_key";
  });
  if (no_key) {
    return fmt::format("{} beian filing submit --bulk {} --keys {}\n", Tr("next:"), Printable(file),
                       Tr("FOLDER"));
  }
  return fmt::format("{} {}\n", Tr("next:"),
                     Tr("mend these rows and run the same command again: no row is filed twice"));
}

}  // namespace

std::string FailureText(const Json& rows) {
  std::string text;
  bool all_named = true;
  for (const Fault& fault : FaultsOf(rows)) {
    const bool few = fault.rows.size() <= kRowsNamed;
    text += few ? EachRow(fault) : ManyRows(fault);
    all_named = all_named && few;
  }
  if (!all_named) text += fmt::format("{}\n", Tr("Every row with its fault: add -o csv."));
  return text;
}

CommandResult BulkReport(Session& session, Json rows, const std::string& file,
                         const std::string& results_file) {
  auto outcome = ReportRows(session, std::move(rows));
  Report& report = outcome->report;
  report.columns.insert(report.columns.begin(), {"row", "Row", true});
  report.columns.insert(report.columns.begin() + 1, {"line", "File line", true});
  report.columns.insert(report.columns.begin() + 2, {"column", "Column"});
  report.body["results_file"] = results_file.empty() ? "-" : results_file;
  const Json& results = report.body["results"];
  report.text =
      FailureText(results) + SummaryText(results, results_file.empty(), session.out_style());
  const bool any_signed =
      std::ranges::any_of(results, [](const Json& row) { return row.contains("transaction"); });
  if (any_signed && !results_file.empty()) {
    report.text += fmt::format("{} {}  ({})\n", Tr("result file:"), Printable(results_file),
                               Tr("keep it: only it opens the personal data"));
  }
  report.text += NextText(FaultsOf(results), file);
  if (Interrupted()) {
    report.text += fmt::format(
        "{}\n", Tr("Interrupted: what was sent may still become final. Run the same command again: "
                   "it goes on where this ended, and files nothing twice."));
  }
  return outcome;
}

}  // namespace beian::client
