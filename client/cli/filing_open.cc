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

/// One row for each field: of the file, and then those that the filing has besides.
Json FieldRows(const std::string& filing, const KeptDisclosures& kept, const v1::Filing& content) {
  auto commitments = CommitmentsOf(content);
  Json rows = Json::array();
  const auto add = [&](const std::string& path, const Json& text, std::string_view state) {
    rows.push_back({{"filing", filing},
                    {"transaction", kept.transaction.hex()},
                    {"path", path},
                    {"text", text},
                    {"state", state}});
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

Outcome OpenReport(Json rows, const Style& style) {
  const bool differs =
      std::ranges::any_of(rows, [](const Json& row) { return row["state"] == kDiffers; });
  Outcome outcome;
  outcome.exit = differs ? Exit::kInvalid : Exit::kOk;
  Report& report = outcome.report;
  report.schema = "disclosure-check";
  report.rows = "fields";
  report.columns = {{"path", "Field", false, ShownPath},
                    {"text", "Value"},
                    {"state", "State", false, ShownWord<"state">},
                    {"filing", "Filing"}};
  report.body = {{"genuine", !differs}, {"fields", std::move(rows)}};
  const std::string verdict =
      differs ? Red(Tr("DIFFERENT: not every value is the one that was committed to."), style)
              : Green(Tr("GENUINE: every value is the one that was committed to."), style);
  report.text = verdict + "\n" + RenderTable(report.body["fields"], report.columns);
  return outcome;
}

}  // namespace

CommandResult OpenFiling(Session& session, const Values& values) {
  const std::string file = values.Text("file");
  const auto text = ReadFile(file, kBulkBytesMax);
  if (!text) return std::unexpected(text.error());
  BEIAN_TRY(all, ParseDisclosures(*text, file));
  BEIAN_TRY(client, session.client());
  Json rows = Json::array();
  for (const KeptDisclosures& kept : all) {
    BEIAN_TRY(part, OpenOne(*client, kept, file));
    for (Json& row : part) rows.push_back(std::move(row));
  }
  return OpenReport(std::move(rows), session.out_style());
}

}  // namespace beian::client
