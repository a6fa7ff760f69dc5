#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>

#include "client/cli/actions.h"
#include "client/cli/already_filed.h"
#include "client/cli/bulk.h"
#include "client/cli/bulk_rows.h"
#include "client/cli/command.h"
#include "client/cli/content_in_force.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/session.h"
#include "client/cli/unfinished.h"
#include "client/sdk/files.h"
#include "client/sdk/filing_input.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

constexpr uint64_t kWaitStepMs = 20'000;
/// A transaction that no node knows may be on its way from one to another.
constexpr uint64_t kUnknownWaitMs = 2'000;
constexpr uint64_t kUnknownStepMs = 200;

ClientError FromFieldError(const FieldError& error, const std::string& file) {
  return {error.id,
          error.path.empty() ? error.message
                             : fmt::format("{}: {}", Printable(error.path), error.message),
          file,
          error.remedy,
          "beian filing template",
          Exit::kFailed,
          0};
}

CommandResult Template(Session&, const Values& values) {
  Outcome outcome;
  outcome.report.schema = "filing-template";
  const bool csv = values.Has("csv");
  outcome.report.text = csv ? BulkTemplate() : FilingTemplate(Tr);
  outcome.report.body["template"] = csv ? BulkTemplate() : FilingTemplate();
  return outcome;
}

std::expected<BuiltFiling, ClientError> BuildFrom(const FilingFields& fields,
                                                  const std::string& file) {
  auto built = BuildFiling(fields);
  if (!built) return std::unexpected(FromFieldError(built.error(), file));
  return *std::move(built);
}

/// One filing in each row, as `--bulk` takes it.
bool IsBulkFile(const std::string& file) {
  const auto text = ReadFile(file, kBulkBytesMax);
  const auto rows = text ? ParseBulk(*text, file) : std::unexpected(text.error());
  return rows && (rows->empty() || std::ranges::any_of(*rows, [](const BulkRow& row) {
                    return row.error.id != kBadRowId;
                  }));
}

ClientError BulkFile(const std::string& file, std::string remedy, std::string next) {
  return {"filing.bulk_file",
          "This is a bulk file: one filing in each row.",
          file,
          std::move(remedy),
          std::move(next),
          Exit::kFailed,
          0};
}

std::expected<FilingFields, ClientError> ReadForm(const std::string& file) {
  auto fields = ReadFilingFile(file);
  if (fields || fields.error().id == kNoFormId || !IsBulkFile(file)) return fields;
  const std::string command = fmt::format("beian filing submit --bulk {} --dry-run", file);
  return std::unexpected(
      BulkFile(file, fmt::format("Give it with --bulk; `{}` checks every row.", command), command));
}

/// Where there is no bulk submission.
std::expected<FilingFields, ClientError> ReadOneForm(const std::string& file) {
  auto fields = ReadForm(file);
  if (fields || fields.error().id != "filing.bulk_file") return fields;
  return std::unexpected(BulkFile(
      file, "Write the one filing as a form, in TOML: `beian filing template` makes an empty one.",
      "beian filing template"));
}

/// Everything that is wrong with one file.
std::vector<ClientError> ErrorsOf(const std::string& file) {
  const auto fields = ReadForm(file);
  if (!fields) return {fields.error()};
  std::vector<ClientError> errors;
  for (const FieldError& error : FilingErrors(*fields)) {
    errors.push_back(FromFieldError(error, file));
  }
  return errors;
}

CommandResult Validate(Session& session, const Values& values) {
  Json rows = Json::array();
  Outcome outcome;
  std::string& text = outcome.report.text;
  for (const std::string& file : values.Texts("files")) {
    const std::vector<ClientError> errors = ErrorsOf(file);
    Json row = {{"file", file}, {"valid", errors.empty()}};
    if (errors.empty()) {
      text += fmt::format("{}  {}\n", Green(Tr("valid"), session.out_style()), Printable(file));
    } else {
      const ClientError& first = errors.front();
      outcome.exit = first.exit == Exit::kNotFound ? Exit::kNotFound : Exit::kInvalid;
      row.update({{"error_id", first.id},
                  {"message", first.message},
                  {"remedy", first.remedy},
                  {"next", first.next}});
      text += fmt::format("{}  {}\n", Red(Tr("not valid"), session.out_style()), Printable(file));
    }
    row["errors"] = Json::array();
    for (const ClientError& error : errors) {
      row["errors"].push_back(
          {{"error_id", error.id}, {"message", error.message}, {"remedy", error.remedy}});
      const Explanation shown = Shown(error.id, error.message, error.remedy);
      text += fmt::format("  {} [{}]\n  {}\n", shown.message, error.id, shown.remedy);
    }
    const std::string next = row.value("next", "");
    if (!next.empty()) text += fmt::format("  {} {}\n", Tr("next:"), Printable(next));
    rows.push_back(std::move(row));
  }
  outcome.report.schema = "validation";
  outcome.report.rows = "files";
  outcome.report.columns = {{"file", "File"},
                            {"valid", "Valid"},
                            {"error_id", "Error"},
                            {"message", "Message"},
                            {"remedy", "Remedy", false, ShownRemedy}};
  outcome.report.body["files"] = std::move(rows);
  return outcome;
}

/// --disclosures, else the folder of the filing's file; of standard input the current one.
std::filesystem::path DisclosureFolder(const Values& values, const std::string& file) {
  if (values.Has("disclosures")) return values.Text("disclosures");
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  return folder.empty() ? std::filesystem::path(".") : folder;
}

/// A filing's personal data with the file that it was read from.
struct FromFile {
  std::string file;
  std::vector<Disclosure> disclosures;
  std::string pending = {};  ///< file that is to hold the transaction until its fate is known
};

/// Written before anything is sent: without the salts nobody can open the commitments again, and
/// without the transaction a second run would make another one.
std::expected<void, ClientError> WriteDisclosures(const Values& values,
                                                  std::vector<SignedActions>& sent,
                                                  const std::vector<FromFile>& filings) {
  if (values.Has("disclosures")) {
    const auto made = MakeFolder(values.Text("disclosures"), 0700);
    if (!made) return made;
  }
  size_t index = 0;
  for (SignedActions& part : sent) {
    const TransactionId& id = part.transaction->id();
    for (size_t i = 0; i < part.actions.size(); ++i, ++index) {
      const FromFile& filing = filings[index];
      const auto path = DisclosureFile(DisclosureFolder(values, filing.file), id, i);
      auto written = WriteFile(
          path, DisclosureJson(id, static_cast<uint16_t>(i), filing.disclosures), kPrivateFileMode);
      if (!written) return written;
      part.actions[i].disclosure = path.string();
      if (filing.pending.empty()) continue;
      written = WriteFile(filing.pending, part.transaction->wire(), kPrivateFileMode);
      if (!written) return written;
      part.pending.push_back(filing.pending);
    }
  }
  return {};
}

std::vector<const v1::Filing*> FilingsIn(const std::vector<SignedActions>& sent) {
  std::vector<const v1::Filing*> filings;
  for (const SignedActions& part : sent) {
    for (const NamedAction& action : part.actions) filings.push_back(FilingOf(action.action));
  }
  return filings;
}

ClientError SameServiceTwice(const std::string& first, const std::string& second, bool again) {
  return {"usage.same_service",
          again ? "Two of the files hold the same filing."
                : "Two of the files are of the same service of the same subject.",
          fmt::format("{}, {}", Printable(first), Printable(second)),
          again ? "Leave one of them out." : "Leave one of them out, or give --again.",
          "beian filing submit --help",
          Exit::kUsage,
          0};
}

/// A filing as it was written, and the file that is to hold its transaction.
struct Form {
  std::string file;
  BuiltFiling built;
  std::string kept;
};

/// Reads every form. One service is filed once in one command, and with --again no form twice.
std::expected<std::vector<Form>, ClientError> ReadForms(const Values& values, const ChainId& chain,
                                                        const KeyId& owner) {
  std::vector<Form> forms;
  std::map<std::string, std::string> files;  // by digest
  for (const std::string& file : values.Texts("files")) {
    BEIAN_TRY(fields, ReadForm(file));
    BEIAN_TRY(built, BuildFrom(fields, file));
    const std::string digest = FilingDigest(chain, owner, fields);
    const auto same = std::ranges::find_if(forms, [&](const Form& form) {
      return !values.Has("again") && SameService(owner, form.built.filing, built.filing);
    });
    const auto [first, fresh] = files.emplace(digest, file);
    if (same != forms.end() || !fresh) {
      return std::unexpected(
          SameServiceTwice(fresh ? same->file : first->second, file, values.Has("again")));
    }
    const auto kept = DisclosureFolder(values, file) / (digest + std::string(kPendingEnding));
    forms.push_back({file, std::move(built), kept.string()});
  }
  return forms;
}

/// What is on the ledger already, or under way to it, is not filed once more.
std::expected<void, ClientError> RefuseFiled(Session& session, const Values& values,
                                             const KeyId& owner,
                                             const std::vector<SignedActions>& sent,
                                             const std::vector<FromFile>& filings) {
  BEIAN_TRY(client, TimedClient(session, values));
  const auto all = FilingsIn(sent);
  const auto fresh = FiledAlready().Refuse(*client, owner, all);
  if (!fresh) return fresh;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto folder = std::filesystem::path(filings[i].pending).parent_path();
    const auto pending = PendingIn(client->genesis().chain_id, folder);
    const auto none = RefuseUnderWay(*client, owner, pending, *all[i]);
    if (!none) return none;
  }
  return {};
}

CommandResult SubmitFilings(Session& session, const Values& values) {
  const auto files = values.Texts("files");
  if (values.Has("bulk")) {
    if (files.empty()) return SubmitBulk(session, values);
    return std::unexpected(
        ClientError{"usage.bulk_and_files", "Filing files are named beside a bulk file.",
                    Printable(files.front()), "Give either filing files or --bulk FILE.",
                    "beian filing submit --help", Exit::kUsage, 0});
  }
  if (files.empty()) {
    return std::unexpected(ClientError{"usage.no_file", "No filing file is named.", "",
                                       "Give a filing file, or --bulk FILE for many.",
                                       "beian filing template", Exit::kUsage, 0});
  }
  BEIAN_TRY(genesis, session.genesis());
  BEIAN_TRY(key, session.key());
  const KeyId owner = key->public_key().id();
  BEIAN_TRY(forms, ReadForms(values, genesis->chain_id, owner));
  const bool dry_run = values.Has("dry-run");
  std::vector<NamedAction> actions;
  std::vector<FromFile> filings;
  std::vector<SignedActions> pending;
  for (Form& form : forms) {
    if (!dry_run) {
      BEIAN_TRY(client, TimedClient(session, values));
      if (auto found = FindPending(session, *client, form.kept)) {
        AddPending(pending, *std::move(found));
        continue;
      }
    }
    NamedAction action{form.built.filing.service().name(), {}};
    *action.action.mutable_submit()->mutable_filing() = std::move(form.built.filing);
    actions.push_back(std::move(action));
    filings.push_back({form.file, std::move(form.built.disclosures), form.kept});
  }
  BEIAN_TRY(sent, SignActions(genesis->chain_id, std::move(actions), *key));
  if (!dry_run && !sent.empty()) {
    if (!values.Has("again")) {
      const auto fresh = RefuseFiled(session, values, owner, sent, filings);
      if (!fresh) return std::unexpected(fresh.error());
    }
    const auto written = WriteDisclosures(values, sent, filings);
    if (!written) return std::unexpected(written.error());
  }
  std::ranges::move(sent, std::back_inserter(pending));
  return SubmitActions(session, values, std::move(pending));
}

/// A supplement or a resubmission: the filing as a whole, under the same id.
template <auto Mutable>
CommandResult Replace(Session& session, const Values& values) {
  BEIAN_TRY(ids, ResolveFilings(session, {values.Text("filing")}));
  BEIAN_TRY(genesis, session.genesis());
  BEIAN_TRY(key, session.key());
  const std::string file = values.Text("file");
  BEIAN_TRY(fields, ReadOneForm(file));
  BEIAN_TRY(built, BuildFrom(fields, file));
  NamedAction action{ids.front().hex(), {}};
  auto& kind = *(action.action.*Mutable)();
  // A resubmission may say the same: of what an ended key filed, with the new one.
  if (action.action.has_supplement() && !values.Has("again") && !values.Has("dry-run")) {
    BEIAN_TRY(client, TimedClient(session, values));
    const auto changed =
        RefuseUnchanged(*client, ids.front(), built, DisclosureFolder(values, file));
    if (!changed) return std::unexpected(changed.error());
  }
  kind.set_filing_id(Bytes(ids.front().view()));
  *kind.mutable_filing() = std::move(built.filing);
  BEIAN_TRY(sent, SignActions(genesis->chain_id, {std::move(action)}, *key));
  if (!values.Has("dry-run")) {
    const auto written = WriteDisclosures(values, sent, {{file, built.disclosures}});
    if (!written) return std::unexpected(written.error());
  }
  return SubmitActions(session, values, std::move(sent));
}

CommandResult ListAll(Session& session, const Values& values) {
  BEIAN_TRY(client, session.client());
  BEIAN_TRY(rows, ListFilings(*client, FilterOf(values)));
  return FilingRows("filings", std::move(rows));
}

CommandResult WaitFor(Session& session, const Values& values) {
  const auto id = ParseId<TransactionId>(values.Text("transaction"));
  if (!id) {
    return std::unexpected(ClientError{"usage.bad_transaction_id", "This is no transaction's id.",
                                       Printable(values.Text("transaction")),
                                       "Give 64 hex digits, as submit printed them.", "",
                                       Exit::kUsage, 0});
  }
  BEIAN_TRY(client, TimedClient(session, values));
  const uint64_t unknown_ms = std::min(client->LeftMs(), kUnknownWaitMs);
  const uint64_t unknown_deadline = NowMs() + unknown_ms;
  while (true) {
    BEIAN_TRY(result, AskWhileUnreachable(*client, [&client, &id] {
                // A node keeps some of the time for its answer.
                const uint64_t left_ms = client->LeftMs();
                return client->GetTransaction(*id, std::min(kWaitStepMs, left_ms - left_ms / 4));
              }));
    if (result.state == SubmitResult::State::kPending && client->LeftMs() > kRetryPauseMs) continue;
    if (result.state == SubmitResult::State::kUnknown) {
      if (NowMs() >= unknown_deadline) return std::unexpected(UnknownTransaction(*id));
      SleepMs(kUnknownStepMs);
      continue;
    }
    SignedActions sent;
    Json rows = Json::array();
    if (result.receipt) {
      sent.transaction = result.receipt->transaction;
      for (const v1::Action& action : sent.transaction->body().actions()) {
        sent.actions.push_back({ActionName(action), action});
      }
      rows = ResultRows(sent, result);
    } else {
      const bool expired = result.state == SubmitResult::State::kExpired;
      rows.push_back({{"object", id->hex()},
                      {"transaction", id->hex()},
                      {"state", expired ? "expired" : "pending"},
                      {"accepted", false}});
      if (!expired) rows.back()["next"] = "beian filing wait " + id->hex();
    }
    return ReportRows(session, std::move(rows));
  }
}

std::vector<Option> WithDisclosures(std::vector<Option> options) {
  options.push_back({"--disclosures", "folder for the personal data and salts", Option::Kind::kText,
                     "beside the filing's file"});
  return options;
}

std::vector<Option> SupplementOptions() {
  std::vector<Option> options = WithDisclosures(SubmitOptionList());
  options.push_back(
      {"--again", "send a form that says what the ledger holds already", Option::Kind::kFlag, ""});
  return options;
}

std::vector<Option> BulkOptions() {
  std::vector<Option> options = WithDisclosures(SubmitOptionList());
  options.push_back({"--again", "file a service once more that this key has filed already",
                     Option::Kind::kFlag, ""});
  options.push_back(
      {"--bulk", "CSV or NDJSON file with one filing in each row", Option::Kind::kText, ""});
  options.push_back({"--results", "result file; a second run goes on where it ends",
                     Option::Kind::kText, "FILE.results.ndjson"});
  options.push_back(
      {"--keys", "folder of the keys that the column key_file names", Option::Kind::kText, ""});
  options.push_back({"--connections",
                     "requests under way at one time, at most 32",
                     Option::Kind::kCount,
                     "4",
                     {},
                     kBulkConnectionsMax});
  options.push_back({"--batch",
                     "rows in one request, at most 256",
                     Option::Kind::kCount,
                     "128",
                     {},
                     kBulkBatchRowsMax});
  return options;
}

}  // namespace

std::vector<Command> FilingCommands() {
  const Parameter filing{"filing", "id or code of the filing"};
  const Parameter file{"file", "filing file, TOML or JSON"};
  return {
      {"filing",
       "template",
       "a commented filing file to fill in",
       {},
       {{"--csv", "the columns of a bulk file, with one row as an example", Option::Kind::kFlag}},
       Template},
      {"filing",
       "validate",
       "check filing files without sending them",
       {{"files", "filing files, TOML or JSON", true, true}},
       {},
       Validate},
      {"filing",
       "submit",
       "submit filings",
       {{"files", "filing files, TOML or JSON", false, true}},
       BulkOptions(),
       SubmitFilings},
      {"filing",
       "supplement",
       "supplement a filing as the office asked",
       {filing, file},
       SupplementOptions(),
       Replace<&v1::Action::mutable_supplement>},
      {"filing",
       "resubmit",
       "submit a filing again that was not passed",
       {filing, file},
       WithDisclosures(SubmitOptionList()),
       Replace<&v1::Action::mutable_resubmit>},
      {"filing", "get", "one filing with its content, verified", {filing}, {}, GetFiling},
      {"filing",
       "open",
       "check kept personal data against its commitments on the ledger, and show it",
       {{"file", "what submit wrote: .disclosure.json, or the result file of a bulk submission"}},
       {},
       OpenFiling},
      {"filing", "history", "every change of a filing, from the blocks", {filing}, {}, ShowHistory},
      {"filing", "list", "filings of every provider, newest first", {}, ListOptions(), ListAll},
      {"filing",
       "wait",
       "wait until a transaction is final",
       {{"transaction", "id of the transaction"}},
       {{"--timeout", "seconds to wait", Option::Kind::kNumber, "60"}},
       WaitFor},
  };
}

}  // namespace beian::client
