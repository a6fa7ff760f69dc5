#include "client/cli/bulk.h"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include "client/cli/actions.h"
#include "client/cli/bulk_journal.h"
#include "client/cli/interrupt.h"
#include "client/cli/language.h"
#include "client/cli/progress.h"
#include "client/sdk/files.h"
#include "client/sdk/key_file.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kBatchRowsDefault = 128;
constexpr uint64_t kBatchRowsMax = 256;
constexpr uint64_t kConnectionsDefault = 4;
constexpr uint64_t kConnectionsMax = 32;
constexpr std::chrono::milliseconds kProgressEvery{100};

/// The keys of the rows, each read once. Any thread.
class KeyRing {
 public:
  KeyRing(fs::path folder, const PrivateKey* otherwise)
      : folder_(std::move(folder)), otherwise_(otherwise) {}

  std::expected<const PrivateKey*, ClientError> Find(const std::string& name) {
    if (name.empty()) {
      if (otherwise_ != nullptr) return otherwise_;
      return std::unexpected(ClientError{"config.no_key", "No key is named to sign with.", "",
                                         "Give --key FILE, or a column key_file.", "", Exit::kUsage,
                                         0});
    }
    const std::lock_guard lock(mutex_);
    if (const auto found = keys_.find(name); found != keys_.end()) return &found->second;
    auto key = LoadKeyFile(PathOf(name));
    if (!key) return std::unexpected(key.error());
    return &keys_.emplace(name, *std::move(key)).first->second;
  }

 private:
  fs::path PathOf(const std::string& name) const {
    std::error_code ignored;
    const fs::path plain(name);
    if (folder_.empty() || plain.has_parent_path()) return plain;
    const fs::path with_ending = folder_ / (name + ".pem");
    return fs::exists(with_ending, ignored) ? with_ending : folder_ / plain;
  }

  const fs::path folder_;
  const PrivateKey* otherwise_;
  std::mutex mutex_;
  std::map<std::string, PrivateKey> keys_;
};

/// A row with its signed transaction, or why it has none.
struct Prepared {
  const BulkRow* row = nullptr;
  SignedActions sent;
  Json failure;      ///< null unless the row is bad
  std::string line;  ///< for the journal; empty when an earlier run wrote it
};

Json FailureRow(const BulkRow& row, const FieldError& error) {
  return {{"object", fmt::format("row {}", row.number)},
          {"row", row.number},
          {"column", error.path},
          {"state", "invalid"},
          {"accepted", false},
          {"error_id", error.id},
          {"message", error.message},
          {"remedy", error.remedy}};
}

class BulkRun {
 public:
  BulkRun(const Genesis& genesis, std::vector<std::string> nodes, std::vector<BulkRow> rows,
          BulkJournal& journal, KeyRing& keys, SubmitOptions options)
      : genesis_(genesis),
        nodes_(std::move(nodes)),
        rows_(std::move(rows)),
        journal_(journal),
        keys_(keys),
        options_(options),
        results_(rows_.size()) {}

  /// Takes `batch` rows at a time, a request each, until none is left. One thread of several.
  void Work(size_t thread, size_t batch) {
    Client client(genesis_, nodes_);
    client.StartAt(thread);
    while (!Interrupted() && !failed()) {
      const size_t first = next_.fetch_add(batch);
      if (first >= rows_.size()) return;
      if (auto error = Chunk(client, first, std::min(rows_.size(), first + batch))) {
        const std::lock_guard lock(mutex_);
        failure_ = std::move(error);
      }
    }
  }

  size_t done() const { return done_.load(); }
  size_t size() const { return rows_.size(); }
  bool failed() {
    const std::lock_guard lock(mutex_);
    return failure_.has_value();
  }
  const std::optional<ClientError>& failure() const { return failure_; }

  /// One row each; rows not reached are pending.
  Json TakeResults() {
    Json all = Json::array();
    for (size_t i = 0; i < results_.size(); ++i) {
      if (results_[i].is_null()) {
        results_[i] = {{"object", fmt::format("row {}", i + 1)},
                       {"row", i + 1},
                       {"state", "pending"},
                       {"accepted", false}};
      }
      all.push_back(std::move(results_[i]));
    }
    return all;
  }

 private:
  std::optional<ClientError> Chunk(Client& client, size_t first, size_t last) {
    std::vector<Prepared> chunk;
    std::string lines;
    for (size_t i = first; i < last; ++i) {
      Prepared prepared = Prepare(rows_[i], i);
      if (prepared.sent.transaction) {
        if (!prepared.line.empty()) lines += prepared.line + "\n";
        chunk.push_back(std::move(prepared));
      }
    }
    if (const auto saved = journal_.Append(lines); !saved) return saved.error();
    std::vector<TransactionPtr> wires;
    for (const Prepared& prepared : chunk) wires.push_back(prepared.sent.transaction);
    const auto submitted = client.Submit(wires, options_);
    if (!submitted) return submitted.error();
    std::string finals;
    for (size_t i = 0; i < chunk.size(); ++i) {
      const BulkRow& row = *chunk[i].row;
      Json result = BulkJournal::FinalLine(row, ResultRows(chunk[i].sent, (*submitted)[i])[0]);
      if ((*submitted)[i].state == SubmitResult::State::kCommitted) {
        finals += Dump(result, -1) + "\n";
      }
      results_[row.number - 1] = std::move(result);
      done_.fetch_add(1);
    }
    if (const auto saved = journal_.Append(finals); !saved) return saved.error();
    return std::nullopt;
  }

  /// What an earlier run signed is sent again as it is, unless it can no longer enter a block.
  Prepared Prepare(const BulkRow& row, size_t index) {
    const BulkJournal::Known* known = journal_.Find(row.number);
    if (known != nullptr && known->digest != row.digest) {
      return Refuse(row, index,
                    {"", "bulk.row_changed",
                     "The row is not the one that the result "
                     "file knows under this number.",
                     "Give another --results FILE."});
    }
    if (known != nullptr && !known->final_row.is_null()) {
      results_[index] = known->final_row;
      done_.fetch_add(1);
      return {};
    }
    if (known != nullptr && known->signed_transaction) {
      if (auto again = SendAgain(row, known->signed_transaction)) return *std::move(again);
    }
    return Sign(row, index);
  }

  /// Nothing when a node says that the transaction expired: only then may the row be signed anew.
  std::optional<Prepared> SendAgain(const BulkRow& row, const TransactionPtr& transaction) {
    if (transaction->expiry().value() + kClientExpiryMs < NowMs()) {
      Client client(genesis_, nodes_);
      const auto found = client.GetTransaction(transaction->id(), 0);
      if (found && found->state == SubmitResult::State::kExpired) return std::nullopt;
    }
    Prepared prepared;
    prepared.row = &row;
    prepared.sent.transaction = transaction;
    for (const v1::Action& action : transaction->body().actions()) {
      prepared.sent.actions.push_back({fmt::format("row {}", row.number), action});
    }
    return prepared;
  }

  Prepared Sign(const BulkRow& row, size_t index) {
    if (!row.error.id.empty()) return Refuse(row, index, row.error);
    const auto key = keys_.Find(row.key_file);
    if (!key) {
      return Refuse(row, index,
                    {"key_file", key.error().id, key.error().message, key.error().remedy});
    }
    auto built = BuildFiling(row.fields);
    if (!built) return Refuse(row, index, built.error());
    NamedAction action{built->filing.service().name(), {}};
    *action.action.mutable_submit()->mutable_filing() = std::move(built->filing);
    auto sent = SignActions(genesis_.chain_id, {std::move(action)}, **key);
    if (!sent) {
      return Refuse(row, index, {"", sent.error().id, sent.error().message, sent.error().remedy});
    }
    Prepared prepared;
    prepared.row = &row;
    prepared.sent = std::move(sent->front());
    prepared.line =
        Dump(BulkJournal::SignedLine(row, *prepared.sent.transaction, built->disclosures), -1);
    return prepared;
  }

  Prepared Refuse(const BulkRow& row, size_t index, const FieldError& error) {
    results_[index] = FailureRow(row, error);
    done_.fetch_add(1);
    return {};
  }

  const Genesis& genesis_;
  const std::vector<std::string> nodes_;
  const std::vector<BulkRow> rows_;
  BulkJournal& journal_;
  KeyRing& keys_;
  const SubmitOptions options_;
  std::vector<Json> results_;  ///< each element is written by the thread that took its row
  std::atomic<size_t> next_ = 0;
  std::atomic<size_t> done_ = 0;
  std::mutex mutex_;
  std::optional<ClientError> failure_;  ///< guarded by mutex_
};

void RunThreads(Session& session, BulkRun& run, uint64_t connections, uint64_t batch) {
  CatchInterrupts();
  std::atomic<size_t> working = connections;
  std::vector<std::thread> threads;
  for (uint64_t i = 0; i < connections; ++i) {
    threads.emplace_back([&run, &working, i, batch] {
      run.Work(i, batch);
      working.fetch_sub(1);
    });
  }
  Progress progress(session, std::string(Tr("filings")), run.size());
  while (working.load() > 0) {
    progress.Set(run.done());
    std::this_thread::sleep_for(kProgressEvery);
  }
  for (std::thread& thread : threads) thread.join();
}

/// Bad rows by number and column, before the summary that ReportRows makes.
CommandResult BulkReport(Session& session, Json rows, const std::string& results_file) {
  auto outcome = ReportRows(session, std::move(rows));
  Report& report = outcome->report;
  report.columns.insert(report.columns.begin(), {"row", "Row", true});
  report.columns.insert(report.columns.begin() + 1, {"column", "Column"});
  report.body["results_file"] = results_file;
  std::string errors;
  for (const Json& row : report.body["results"]) {
    if (row.value("state", "") != "invalid") continue;
    errors += fmt::format("{} {}, {} {}: {} [{}]\n", Tr("row"), row.value("row", 0), Tr("column"),
                          Printable(row.value("column", "")),
                          Shown(row.value("error_id", ""), row.value("message", ""), "").message,
                          row.value("error_id", ""));
  }
  report.text = errors + SummaryText(report.body["results"], session.out_style()) +
                fmt::format("{} {}\n", Tr("result file:"), results_file);
  return outcome;
}

/// What can be known of every row without a key or a node.
CommandResult DryRun(Session& session, const std::vector<BulkRow>& rows) {
  Json results = Json::array();
  for (const BulkRow& row : rows) {
    FieldError error = row.error;
    if (error.id.empty()) {
      if (auto built = BuildFiling(row.fields); !built) error = built.error();
    }
    results.push_back(!error.id.empty() ? FailureRow(row, error)
                                        : Json{{"object", fmt::format("row {}", row.number)},
                                               {"row", row.number},
                                               {"state", "dry_run"},
                                               {"accepted", false}});
  }
  return BulkReport(session, std::move(results), "-");
}

/// The key of the run, if there is one: rows may name their own.
const PrivateKey* OptionalKey(Session& session) {
  if (session.connection().key.value.empty()) return nullptr;
  const auto key = session.key();
  return key ? *key : nullptr;
}

}  // namespace

CommandResult SubmitBulk(Session& session, const Values& values) {
  const std::string file = values.Text("bulk");
  BEIAN_TRY(genesis, session.genesis());
  BEIAN_TRY(client, session.client());
  const auto text = ReadFile(file, kBulkBytesMax);
  if (!text) return std::unexpected(text.error());
  BEIAN_TRY(rows, ParseBulk(*text, file));
  if (values.Has("dry-run")) return DryRun(session, rows);
  std::string results_file = values.Text("results");
  if (results_file.empty()) results_file = file + ".results.ndjson";
  BEIAN_TRY(journal, BulkJournal::Open(results_file, genesis->chain_id));
  KeyRing keys(values.Text("keys"), OptionalKey(session));
  BulkRun run(*genesis, client->nodes(), std::move(rows), *journal, keys,
              SubmitOptionsOf(values));
  const uint64_t connections =
      std::clamp<uint64_t>(values.Number("connections", kConnectionsDefault), 1, kConnectionsMax);
  const uint64_t batch =
      std::clamp<uint64_t>(values.Number("batch", kBatchRowsDefault), 1, kBatchRowsMax);
  RunThreads(session, run, connections, batch);
  if (run.failure()) {
    ClientError error = *run.failure();
    error.remedy +=
        fmt::format(" What was done stands in {}; run the same command again.", results_file);
    return std::unexpected(std::move(error));
  }
  return BulkReport(session, run.TakeResults(), results_file);
}

}  // namespace beian::client
