#include "client/cli/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <thread>

#include "client/cli/interrupt.h"
#include "client/cli/language.h"
#include "client/cli/listing.h"
#include "client/cli/steps.h"
#include "client/sdk/files.h"
#include "client/sdk/text.h"
#include "ledger/crypto/hash.h"

namespace beian::client {
namespace {

constexpr std::string_view kNotSent = "valid; nothing was sent";  ///< of a dry run
constexpr size_t kEnvelopeBytes = 300;  ///< signer, nonce, expiry, signature, tags

Exit ExitOfReject(std::string_view id) {
  const bool authority = id == FilingRejectId(FilingReject::kNotAuthorised) ||
                         id == FilingRejectId(FilingReject::kNotTheOwner) ||
                         id == FilingRejectId(FilingReject::kWrongOffice) ||
                         id == FilingRejectId(FilingReject::kKeyBarred);
  if (authority) return Exit::kNotAuthorised;
  return id == FilingRejectId(FilingReject::kUnknownFiling) ? Exit::kNotFound : Exit::kFailed;
}

std::string_view StateId(SubmitResult::State state) {
  switch (state) {
    case SubmitResult::State::kPending:
      return "pending";
    case SubmitResult::State::kCommitted:
      return "committed";
    case SubmitResult::State::kRejected:
      return "rejected";
    case SubmitResult::State::kExpired:
      return "expired";
    case SubmitResult::State::kUnknown:
      return "unknown";
  }
  CHECK(!"an unknown state");
  return {};
}

ClientError BadFilingId(const std::string& text) {
  return {"usage.bad_filing_id",
          "This is neither a filing's id nor a registration code.",
          Printable(text),
          "Give 64 hex digits, or the code.",
          "beian filing list",
          Exit::kUsage,
          0};
}

std::string DisclosureText(const Json& row) {
  const std::string file = Printable(CellText(row.value("disclosure", Json())));
  if (file.empty()) return {};
  return fmt::format("{}  ({})", file, Tr("keep it: only it opens the personal data"));
}

/// Which step was asked for, where the filing is, and what is possible there.
void AddStatePairs(const Json& row, std::vector<std::pair<std::string, std::string>>& pairs) {
  pairs.emplace_back(fmt::format("  {}", Tr("Asked for")), Tr(row.value("action", "")));
  const std::string status(Tr(row.value("status", "")));
  pairs.emplace_back(fmt::format("  {}", Tr("Status")),
                     fmt::format("{}, {}", status, Tr(row.value("stage", ""))));
  for (const Json& command : row["possible"]) {
    pairs.emplace_back(fmt::format("  {}", Tr("Possible now")), command.get<std::string>());
  }
  if (row["possible"].empty()) {
    pairs.emplace_back(fmt::format("  {}", Tr("Possible now")), Tr("nothing: it is listed"));
  }
}

/// One row in words, for an answer about one action.
std::string DescribeRow(const Json& row, const Style& style) {
  std::string verdict;
  const std::string state = row.value("state", "");
  if (state == "committed") {
    verdict = row.value("accepted", false) ? Green(Tr("accepted and final"), style)
                                           : Red(Tr("rejected by the ledger"), style);
  } else if (state == "dry_run") {
    verdict = Green(Tr(kNotSent), style);
  } else if (state == "pending") {
    verdict = Yellow(Tr("accepted, not yet final"), style);
  } else if (const std::string node = row.value("node", ""); !node.empty()) {
    verdict = Red(fmt::format(fmt::runtime(Tr("node {} refused it; the ledger has not decided")),
                              Printable(node)),
                  style);
  } else {
    verdict = Red(Tr(state), style);
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto add = [&](std::string_view title, const char* key) {
    const auto found = row.find(key);
    if (found == row.end()) return;
    const std::string text = Printable(CellText(*found));
    if (!text.empty()) pairs.emplace_back(fmt::format("  {}", Tr(title)), text);
  };
  add("Object", "object");
  add("Filing", "filing");
  add("Code", "code_display");
  add("Transaction", "transaction");
  add("As of height", "as_of_height");
  if (const std::string error_id = row.value("error_id", ""); !error_id.empty()) {
    const Explanation shown =
        Shown(error_id, row.value("message", ""), Printable(row.value("remedy", "")));
    const std::string said = shown.message.empty() ? "" : shown.message + " ";
    pairs.emplace_back(fmt::format("  {}", Tr("Error")),
                       fmt::format("{}[{}]", said, Printable(error_id)));
    if (!shown.remedy.empty()) {
      pairs.emplace_back(fmt::format("  {}", Tr("Remedy")), shown.remedy);
    }
  }
  if (row.contains("possible")) AddStatePairs(row, pairs);
  if (const std::string disclosure = DisclosureText(row); !disclosure.empty()) {
    pairs.emplace_back(fmt::format("  {}", Tr("Disclosure")), disclosure);
  }
  std::string text = verdict + "\n" + RenderPairs(pairs);
  if (const std::string next = row.value("next", ""); !next.empty()) {
    text += fmt::format("  {} {}\n", Tr("next:"), next);
  }
  return text;
}

std::string ShownState(const Json& row) {
  const std::string node = row.value("node", "");
  return node.empty() ? ShownWord<"state">(row)
                      : fmt::format(fmt::runtime(Tr("refused by {}")), node);
}

void RemoveFile(const std::string& path) {
  std::error_code ignored;
  if (!path.empty()) std::filesystem::remove(path, ignored);
}

/// Commitments of what was rejected are for nobody to open, and what is settled is not sent again.
void RemoveSettled(const SignedActions& sent, const SubmitResult& result, Json& rows) {
  if (!IsSettled(sent, result)) return;
  const bool committed = result.state == SubmitResult::State::kCommitted;
  for (const std::string& file : sent.pending) RemoveFile(file);
  for (size_t i = 0; i < sent.actions.size(); ++i) {
    if (committed && rows[i].value("accepted", false)) continue;
    RemoveFile(sent.actions[i].disclosure);
    rows[i].erase("disclosure");
  }
}

/// No node was reached: what no node can have is as if it had never been signed.
void RemoveUnsent(Session& session, const SignedActions& sent, bool may_have_sent) {
  const bool unsent = !may_have_sent && !sent.sent_before;
  if (unsent) {
    for (const std::string& file : sent.pending) RemoveFile(file);
  }
  for (const NamedAction& action : sent.actions) {
    if (action.disclosure.empty()) continue;
    if (unsent) {
      RemoveFile(action.disclosure);
    } else {
      session.Say(fmt::format("{} {}", Tr("Disclosure"), action.disclosure));
    }
  }
}

/// A signal ended the waiting, not the work.
ClientError CutOff(const SignedActions& sent) {
  const bool continued = !sent.pending.empty();
  return {"client.interrupted",
          "Interrupted: what was sent may still become final.",
          sent.transaction->id().hex(),
          continued ? "Run the same command again: it goes on with the same transaction, and files "
                      "nothing twice."
                    : "See what became of it before you run the same command again.",
          "beian filing wait " + sent.transaction->id().hex(),
          Exit::kInterrupted,
          0};
}

Exit ExitOfRows(const Json& rows) {
  Exit worst = Exit::kOk;
  for (const Json& row : rows) {
    const std::string state = row.value("state", "");
    if (row.value("accepted", false) || state == "dry_run") continue;
    if (state == "pending") {
      worst = worst == Exit::kOk ? Exit::kNotFinal : worst;
    } else {
      worst = ExitOfReject(row.value("error_id", ""));
      if (worst == Exit::kFailed) break;
    }
  }
  return worst;
}

}  // namespace

bool IsSettled(const SignedActions& sent, const SubmitResult& result) {
  const bool refused =
      result.state == SubmitResult::State::kRejected && !result.may_be_known && !sent.sent_before;
  return refused || result.state == SubmitResult::State::kCommitted;
}

std::string SummaryText(const Json& rows, bool dry_run, const Style& style) {
  size_t accepted = 0;
  size_t pending = 0;
  size_t valid = 0;
  std::map<std::string, size_t> errors;
  for (const Json& row : rows) {
    const std::string state = row.value("state", "");
    if (row.value("accepted", false)) {
      ++accepted;
    } else if (state == "dry_run") {
      ++valid;
    } else if (state == "pending") {
      ++pending;
    } else {
      ++errors[row.value("error_id", state)];
    }
  }
  std::string text = dry_run
                         ? fmt::format("{}: {}", Green(Tr(kNotSent), style), valid)
                         : fmt::format("{} {}", Green(Tr("accepted and final:"), style), accepted);
  if (pending > 0) text += fmt::format("  {} {}", Yellow(Tr("not final:"), style), pending);
  for (const auto& [id, count] : errors) {
    text += fmt::format("  {} {}", Red(id + ":", style), count);
  }
  return text + "\n";
}

std::vector<Option> SubmitOptionList() {
  return {{"--wait", "wait until it is final (default)", Option::Kind::kFlag, ""},
          {"--no-wait", "return as soon as a node has it", Option::Kind::kFlag, ""},
          {"--timeout", "seconds to wait", Option::Kind::kNumber, "60"},
          {"--dry-run", "sign, but send nothing", Option::Kind::kFlag, ""}};
}

uint64_t NowMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

void SleepMs(uint64_t ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

SubmitOptions SubmitOptionsOf(const Values& values) {
  SubmitOptions options;
  options.wait = !values.Has("no-wait");
  options.timeout_ms =
      values.Number("timeout", kDefaultSubmitTimeoutMs / kMsPerSecond) * kMsPerSecond;
  return options;
}

std::expected<Client*, ClientError> TimedClient(Session& session, const Values& values) {
  const auto client = session.client();
  if (!client) return client;
  const uint64_t time_ms = SubmitOptionsOf(values).timeout_ms;
  (*client)->EndIn(time_ms);
  (*client)->StopWhen(Interrupted);
  const auto named = std::make_shared<std::set<std::string>>();
  (*client)->TellOfNoAnswer([&session, named, time_ms](const std::string& node,
                                                       const ClientError& error) {
    if (!named->insert(node).second) return;
    session.Say(fmt::format(fmt::runtime(Tr("{} does not answer [{}]; going on for up to {} s")),
                            Printable(node), error.id, time_ms / kMsPerSecond));
  });
  return client;
}

v1::TransactionBody NewBody() {
  v1::TransactionBody body;
  body.set_nonce(RandomBytes(kNonceBytes));
  body.set_expiry_ms(NowMs() + kClientExpiryMs);
  return body;
}

std::expected<std::vector<SignedActions>, ClientError> SignActions(const ChainId& chain,
                                                                   std::vector<NamedAction> actions,
                                                                   const PrivateKey& key) {
  std::vector<SignedActions> all;
  size_t next = 0;
  while (next < actions.size()) {
    v1::TransactionBody body = NewBody();
    SignedActions part;
    size_t cost = kEnvelopeBytes;
    while (next < actions.size() && part.actions.size() < kActionsMax) {
      cost += actions[next].action.ByteSizeLong() + kResultBytes + sizeof(uint64_t);
      if (cost > kTransactionCostMax && !part.actions.empty()) break;
      *body.add_actions() = actions[next].action;
      part.actions.push_back(std::move(actions[next]));
      ++next;
    }
    part.transaction = Transaction::Sign(chain, std::move(body), key);
    if (!part.transaction) {
      return std::unexpected(ClientError{
          std::string(TransactionErrorId(TransactionError::kTooLarge)),
          "The action does not fit into a transaction.", part.actions.front().object,
          std::string(TransactionErrorRemedy(TransactionError::kTooLarge)), "", Exit::kFailed, 0});
    }
    all.push_back(std::move(part));
  }
  return all;
}

std::string FilingDigest(const ChainId& chain, const KeyId& signer, const FilingFields& fields) {
  constexpr size_t kDigestCharacters = 32;
  std::string text = chain.hex() + signer.hex();
  for (const auto& [path, value] : fields) {
    if (value.empty()) continue;
    text += fmt::format("{}:{}{}:{}", path.size(), path, value.size(), value);
  }
  return Sha256(text).hex().substr(0, kDigestCharacters);
}

bool HasExpired(Client& client, const Transaction& transaction) {
  constexpr uint64_t kClocksDifferMs = 60'000;
  const uint64_t now_ms = NowMs();
  if (transaction.expiry().value() >= now_ms) return false;
  const auto found = client.GetTransaction(transaction.id(), 0);
  if (!found) return false;
  // Nodes that were restarted have forgotten it; their clocks may differ from this machine's.
  const bool surely = transaction.expiry().value() + kClocksDifferMs < now_ms;
  return found->state == SubmitResult::State::kExpired ||
         (found->state == SubmitResult::State::kUnknown && surely);
}

std::string FilingOfAction(const v1::Action& action, const TransactionId& transaction,
                           uint16_t index) {
  if (action.has_submit()) return MakeFilingId(transaction, index).hex();
  const auto* field = v1::Action::descriptor()->FindFieldByNumber(action.kind_case());
  if (field == nullptr) return {};
  const auto& kind = action.GetReflection()->GetMessage(action, field);
  const auto* id = kind.GetDescriptor()->FindFieldByName("filing_id");
  return id == nullptr ? std::string() : ToHex(kind.GetReflection()->GetString(kind, id));
}

Json ResultRows(const SignedActions& sent, const SubmitResult& result) {
  Json rows = Json::array();
  for (size_t i = 0; i < sent.actions.size(); ++i) {
    const v1::Action& action = sent.actions[i].action;
    const TransactionId& transaction = sent.transaction->id();
    Json row = {{"object", sent.actions[i].object},
                {"action", ActionName(action)},
                {"filing", FilingOfAction(action, transaction, static_cast<uint16_t>(i))},
                {"transaction", transaction.hex()},
                {"state", StateId(result.state)},
                {"accepted", false}};
    if (!sent.actions[i].disclosure.empty()) row["disclosure"] = sent.actions[i].disclosure;
    if (result.state == SubmitResult::State::kPending) {
      row["next"] = "beian filing wait " + sent.transaction->id().hex();
    }
    if (result.receipt) {
      row["as_of_height"] = result.receipt->header.height.value();
      row.update(ResultsJson(result.receipt->result)[i]);
    } else if (!result.error_id.empty()) {
      if (!result.node.empty()) row["node"] = result.node;
      row["error_id"] = result.error_id;
      row["remedy"] = result.remedy;
    } else if (result.state == SubmitResult::State::kExpired) {
      row["error_id"] = "transaction.expired";
      row["remedy"] = "It is in no block and never will be: submit again.";
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// A step that the filing's state does not allow: the state, as a proof shows it, and what it does
/// allow. Of a few rows; what no node shows now is left out.
void AddStates(Session& session, Json& rows) {
  constexpr size_t kAskedMax = 16;
  size_t asked = 0;
  for (Json& row : rows) {
    if (row.value("error_id", "") != FilingRejectId(FilingReject::kWrongState)) continue;
    const auto id = ParseId<FilingId>(row.value("filing", ""));
    const auto client = session.client();
    if (!id || !client || asked++ == kAskedMax) return;
    const auto verified = (*client)->GetFiling(*id);
    const auto record =
        verified ? DecodeFiling(*verified, id->hex()) : std::unexpected(verified.error());
    if (!record) return;
    row["status"] = FilingStatusId(record->status);
    row["stage"] = StageId(record->stage);
    row["possible"] = CommandsFrom(*record);
  }
}

CommandResult ReportRows(Session& session, Json rows) {
  AddStates(session, rows);
  for (Json& row : rows) {
    const auto explained = ExplainInEnglish(row.value("error_id", ""));
    if (explained && !row.contains("message")) row["message"] = explained->message;
  }
  Outcome outcome;
  outcome.exit = ExitOfRows(rows);
  Report& report = outcome.report;
  report.schema = "results";
  report.rows = "results";
  report.columns = {{"object", "Object"},
                    {"action", "Action", false, ShownWord<"action">},
                    {"state", "State", false, ShownState},
                    {"accepted", "Accepted"},
                    {"filing", "Filing"},
                    {"code", "Code"},
                    {"error_id", "Error"},
                    {"remedy", "Remedy", false, ShownRemedy},
                    {"as_of_height", "As of height", true},
                    {"transaction", "Transaction"}};
  const bool disclosed =
      std::ranges::any_of(rows, [](const Json& row) { return row.contains("disclosure"); });
  if (disclosed) report.columns.push_back({"disclosure", "Disclosure"});
  constexpr size_t kDescribedRows = 3;
  for (const Json& row : rows) {
    const bool describe = rows.size() <= kDescribedRows || !row.value("accepted", false);
    if (describe) {
      report.text += DescribeRow(row, session.out_style());
    } else if (row.contains("disclosure")) {
      report.text += fmt::format("  {}  {}\n", Tr("Disclosure"), DisclosureText(row));
    }
  }
  if (rows.empty()) report.text = fmt::format("{}\n", Tr("There is nothing to do."));
  const bool dry_run = !rows.empty() && rows.front().value("state", "") == "dry_run";
  if (rows.size() > kDescribedRows) {
    report.text += SummaryText(rows, dry_run, session.out_style());
  }
  report.body["results"] = std::move(rows);
  return outcome;
}

CommandResult SubmitActions(Session& session, const Values& values,
                            std::vector<SignedActions> transactions) {
  Json rows = Json::array();
  if (values.Has("dry-run")) {
    for (const SignedActions& sent : transactions) {
      SubmitResult nothing;
      for (Json& row : ResultRows(sent, nothing)) {
        row["state"] = "dry_run";
        row.erase("next");
        // The transaction that will be sent has another time and other salts, and so another id.
        row.erase("transaction");
        if (row["action"] == "submit") row.erase("filing");
        rows.push_back(std::move(row));
      }
    }
    return ReportRows(session, std::move(rows));
  }
  BEIAN_TRY(client, TimedClient(session, values));
  std::vector<TransactionPtr> wires;
  for (const SignedActions& sent : transactions) wires.push_back(sent.transaction);
  CatchInterrupts();
  const auto results = client->Submit(wires, SubmitOptionsOf(values));
  if (!results) {
    for (const SignedActions& sent : transactions) {
      RemoveUnsent(session, sent, client->may_have_sent());
    }
    const bool cut = Interrupted() && client->may_have_sent();
    return std::unexpected(cut ? CutOff(transactions.front()) : results.error());
  }
  for (size_t i = 0; i < transactions.size(); ++i) {
    Json part = ResultRows(transactions[i], (*results)[i]);
    RemoveSettled(transactions[i], (*results)[i], part);
    for (Json& row : part) rows.push_back(std::move(row));
  }
  const auto open =
      std::ranges::find(*results, SubmitResult::State::kPending, &SubmitResult::state);
  if (Interrupted() && open != results->end()) {
    return std::unexpected(CutOff(transactions[static_cast<size_t>(open - results->begin())]));
  }
  return ReportRows(session, std::move(rows));
}

CommandResult SignAndSubmit(Session& session, const Values& values,
                            std::vector<NamedAction> actions) {
  BEIAN_TRY(genesis, session.genesis());
  BEIAN_TRY(key, session.key());
  BEIAN_TRY(sent, SignActions(genesis->chain_id, std::move(actions), *key));
  return SubmitActions(session, values, std::move(sent));
}

std::expected<FilingRecord, ClientError> DecodeFiling(const VerifiedRecord& verified,
                                                      const std::string& object) {
  if (!verified.record) {
    return std::unexpected(ClientError{
        "filing.unknown", "The ledger holds no such filing, as a proof shows.", Printable(object),
        "Check it for typing errors.", "beian filing list", Exit::kNotFound, 0});
  }
  auto record = FilingRecord::Decode(*verified.record);
  if (record) return *std::move(record);
  return std::unexpected(ClientError{"verify.bad_record", "The record does not decode.",
                                     Printable(object), "Use a client of the chain's version.", "",
                                     Exit::kUnchecked, 0});
}

std::expected<std::vector<FilingId>, ClientError> ResolveFilings(
    Session& session, const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  for (const std::string& text : texts) {
    if (text != "-" && !text.starts_with('@')) {
      words.push_back(text);
      continue;
    }
    const auto list = ReadFile(text == "-" ? "-" : text.substr(1), kTextFileBytesMax);
    if (!list) return std::unexpected(list.error());
    std::istringstream stream(*list);
    for (std::string word; stream >> word;) words.push_back(word);
  }
  std::vector<FilingId> ids;
  for (const std::string& word : words) {
    if (const auto id = ParseId<FilingId>(word)) {
      ids.push_back(*id);
      continue;
    }
    const auto code = RegistrationCode::Parse(word);
    if (!code) return std::unexpected(BadFilingId(word));
    BEIAN_TRY(client, session.client());
    const auto verified = client->GetCode(*code);
    if (!verified) return std::unexpected(verified.error());
    const auto record = DecodeFiling(*verified, word);
    if (!record) return std::unexpected(record.error());
    ids.push_back(record->id);
  }
  return ids;
}

}  // namespace beian::client
