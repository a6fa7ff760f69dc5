// Opens the commitments of filings with the personal data that was kept when they were submitted.
// The transaction is shown by its receipt; what the file says is compared with what it commits to.

#include <fmt/format.h>

#include <algorithm>

#include "client/cli/actions.h"
#include "client/cli/bulk_rows.h"
#include "client/cli/command.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/session.h"
#include "client/sdk/disclosure.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

constexpr std::string_view kOpens = "opens";
constexpr std::string_view kDiffers = "differs";
constexpr std::string_view kNotInFile = "not_in_file";
constexpr std::string_view kNotOnLedger = "not_on_ledger";

/// What every row has: of a bulk file the number too.
Json RowOf(const KeptDisclosures& kept, std::string_view state) {
  Json row = {{"transaction", kept.transaction.hex()}, {"state", state}};
  if (kept.row > 0) row["row"] = kept.row;
  return row;
}

/// One row for each field: of the file, and then those that the filing has besides.
Json FieldRows(const std::string& filing, const KeptDisclosures& kept, const v1::Filing& content) {
  auto commitments = CommitmentsOf(content);
  Json rows = Json::array();
  const auto add = [&](const std::string& path, const Json& text, std::string_view state) {
    rows.push_back(RowOf(kept, state));
    rows.back().update({{"filing", filing}, {"path", path}, {"text", text}});
  };
  for (const Disclosure& field : kept.fields) {
    const auto found = commitments.find(field.path);
    const bool opens = found != commitments.end() && found->second == Commit(field).view();
    add(field.path, field.text, opens ? kOpens : kDiffers);
    if (found != commitments.end()) commitments.erase(found);
  }
  for (const auto& [path, commitment] : commitments) add(path, nullptr, kNotInFile);
  return rows;
}

ClientError NotOfThisAction(const KeptDisclosures& kept, const std::string& file) {
  return {"disclosure.bad_file",
          "The transaction has no filing where the file says.",
          fmt::format("{}: {}", file, kept.transaction.hex()),
          "Give the file as the submission wrote it.",
          "beian filing wait " + kept.transaction.hex(),
          Exit::kInvalid,
          0};
}

/// Believed with the receipt only.
std::expected<Json, ClientError> OpenOne(Client& client, const KeptDisclosures& kept,
                                         const std::string& file) {
  BEIAN_TRY(found, client.GetTransaction(kept.transaction, 0));
  if (!found.receipt) return std::unexpected(UnknownTransaction(kept.transaction));
  const v1::TransactionBody& body = found.receipt->transaction->body();
  const v1::Filing* content =
      kept.action < body.actions_size() ? FilingOf(body.actions(kept.action)) : nullptr;
  if (content == nullptr) return std::unexpected(NotOfThisAction(kept, file));
  const bool accepted =
      found.receipt->result.actions[kept.action].reject == FilingReject::kAccepted;
  const std::string filing =
      FilingOfAction(body.actions(kept.action), kept.transaction, kept.action);
  return FieldRows(accepted ? filing : "", kept, *content);
}

std::string ShownPath(const Json& row) {
  return std::string(Tr(row.value("path", "")));
}

/// What became of the file's filings.
struct Opened {
  Json rows = Json::array();
  size_t abandoned = 0;  ///< not on the ledger, as the file itself knows
  size_t lost = 0;       ///< not on the ledger, and the file does not say why

  size_t Count(std::string_view state) const {
    return static_cast<size_t>(
        std::ranges::count_if(rows, [&](const Json& row) { return row["state"] == state; }));
  }
};

/// Of a bulk file, what is not on the ledger is a row of its own and the others go on.
std::expected<Opened, ClientError> OpenAll(Client& client, const std::vector<KeptDisclosures>& all,
                                           const std::string& file) {
  Opened opened;
  for (const KeptDisclosures& kept : all) {
    auto part = OpenOne(client, kept, file);
    if (part) {
      for (Json& row : *part) opened.rows.push_back(std::move(row));
      continue;
    }
    const bool absent = part.error().id == UnknownTransaction(kept.transaction).id;
    if (!absent || kept.row == 0) return std::unexpected(part.error());
    opened.rows.push_back(RowOf(kept, kNotOnLedger));
    ++(kept.abandoned ? opened.abandoned : opened.lost);
  }
  return opened;
}

/// A line for each value that differs.
std::string DifferingText(const Json& rows) {
  std::string text;
  for (const Json& row : rows) {
    if (row["state"] != kDiffers) continue;
    const std::string place =
        row.contains("row") ? fmt::format("{} {}, ", Tr("row"), row["row"].get<size_t>()) : "";
    text += fmt::format("  {}{}: {}\n", place, Printable(row.value("path", "")),
                        Printable(CellText(row["text"])));
  }
  return text;
}

std::string VerdictText(const Opened& opened, const Style& style) {
  const size_t differ = opened.Count(kDiffers);
  const size_t open = opened.Count(kOpens);
  std::string text;
  if (differ > 0) {
    const auto verdict =
        fmt::format(fmt::runtime(Tr("DIFFERENT: {} of {} values are not the ones that were "
                                    "committed to:")),
                    differ, differ + open);
    text = Red(verdict, style) + "\n" + DifferingText(opened.rows);
  } else if (open > 0) {
    text = Green(Tr("GENUINE: every value in the file is the one that was committed to."), style) +
           "\n";
  } else {
    text = Yellow(Tr("NOTHING TO OPEN: no filing of this file is on the ledger."), style) + "\n";
  }
  const auto absent = [&text](size_t count, std::string_view form) {
    if (count > 0) text += fmt::format(fmt::runtime(form), count) + "\n";
  };
  absent(opened.Count(kNotInFile),
         Tr("Not in the file, and not opened: {} committed values"));
  absent(opened.abandoned,
         Tr("Not on the ledger: {} (refused or signed anew, as the result file says)"));
  absent(opened.lost, Tr("Not on the ledger: {} (the result file does not say why; run the same "
                         "bulk submission again)"));
  return text;
}

Outcome OpenReport(Opened opened, const Style& style) {
  const size_t differ = opened.Count(kDiffers);
  const size_t open = opened.Count(kOpens);
  Outcome outcome;
  if (opened.lost > 0) outcome.exit = Exit::kNotFound;
  if (differ > 0) outcome.exit = Exit::kInvalid;
  Report& report = outcome.report;
  report.schema = "disclosure-check";
  report.rows = "fields";
  report.columns = {{"path", "Field", false, ShownPath},
                    {"text", "Value"},
                    {"state", "State", false, ShownWord<"state">},
                    {"filing", "Filing"}};
  const bool bulk = std::ranges::any_of(opened.rows, [](const Json& row) {
    return row.contains("row");
  });
  if (bulk) report.columns.insert(report.columns.begin(), {"row", "Row", true});
  report.text = VerdictText(opened, style) + RenderTable(opened.rows, report.columns);
  report.body = {{"genuine", differ + open == 0 ? Json(nullptr) : Json(differ == 0)},
                 {"values_open", open},
                 {"values_differ", differ},
                 {"values_not_in_file", opened.Count(kNotInFile)},
                 {"not_on_ledger", opened.abandoned + opened.lost},
                 {"fields", std::move(opened.rows)}};
  return outcome;
}

}  // namespace

CommandResult OpenFiling(Session& session, const Values& values) {
  const std::string file = values.Text("file");
  const auto text = ReadFile(file, kBulkBytesMax);
  if (!text) return std::unexpected(text.error());
  BEIAN_TRY(all, ParseDisclosures(*text, file));
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(opened, OpenAll(*client, all, file));
  return OpenReport(std::move(opened), session.out_style());
}

}  // namespace beian::client
