#include "client/cli/bulk.h"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "client/cli/actions.h"
#include "client/cli/already_filed.h"
#include "client/cli/bulk_journal.h"
#include "client/cli/bulk_report.h"
#include "client/cli/interrupt.h"
#include "client/cli/language.h"
#include "client/cli/progress.h"
#include "client/cli/unfinished.h"
#include "client/sdk/files.h"
#include "client/sdk/key_file.h"
#include "client/sdk/text.h"

namespace beian::client {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kBatchRowsDefault = 128;
constexpr uint64_t kConnectionsDefault = 4;
constexpr std::chrono::milliseconds kProgressEvery{100};
constexpr std::string_view kKeyColumn = "key_file";
constexpr std::string_view kAlreadyFiledId = "filing.already_filed";

/// The keys of the rows, each read once.
class KeyRing {
 public:
  KeyRing(fs::path folder, const PrivateKey* otherwise)
      : folder_(std::move(folder)), otherwise_(otherwise) {}

  std::expected<const PrivateKey*, FieldError> Find(const std::string& name) {
    if (name.empty()) {
      if (otherwise_ != nullptr) return otherwise_;
      return std::unexpected(FieldError{std::string(kKeyColumn), "config.no_key",
                                        "No key is named to sign with.",
                                        "Give --key FILE, or a column key_file."});
    }
    if (const auto found = keys_.find(name); found != keys_.end()) return &found->second;
    const fs::path path = PathOf(name);
    auto key = LoadKeyFile(path);
    if (!key) return std::unexpected(Unreadable(path, key.error()));
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

  static FieldError Unreadable(const fs::path& path, const ClientError& error) {
    std::error_code ignored;
    if (fs::exists(path, ignored)) {
      return {std::string(kKeyColumn), error.id,
              fmt::format("{}: {}", Printable(path.string()), error.message), error.remedy};
    }
    return {std::string(kKeyColumn), "bulk.no_key_file",
            fmt::format("There is no key file {}.", Printable(path.string())),
            "Name the folder of the keys with --keys, or the file's path in key_file."};
  }

  const fs::path folder_;
  const PrivateKey* otherwise_;
  std::map<std::string, PrivateKey> keys_;
};

/// A row with the key that signs it; null where the row is bad.
struct OwnedRow {
  BulkRow row;
  const PrivateKey* key = nullptr;
};

/// Finds each row's key, and with it which filing the row is.
std::vector<OwnedRow> FindOwners(std::vector<BulkRow> rows, KeyRing& keys, const ChainId& chain) {
  std::vector<const PrivateKey*> owners(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].error.id.empty()) continue;
    const auto key = keys.Find(rows[i].key_file);
    if (!key) {
      rows[i].error = key.error();
      continue;
    }
    owners[i] = *key;
    rows[i].digest = FilingDigest(chain, owners[i]->public_key().id(), rows[i].fields);
  }
  RefuseRepeatedRows(rows);
  std::vector<OwnedRow> owned;
  for (size_t i = 0; i < rows.size(); ++i) owned.push_back({std::move(rows[i]), owners[i]});
  return owned;
}

/// A row with its signed transaction; without one when the row has its result already.
struct Prepared {
  const BulkRow* row = nullptr;
  SignedActions sent;
  std::string line;  ///< for the journal; empty when an earlier run wrote it
};

/// An error that is of no column.
FieldError WholeRow(const ClientError& error) {
  return {"", error.id, fmt::format("{} ({})", error.message, error.object), error.remedy};
}

/// A row of the report that has no transaction.
Json UnsentRow(const BulkRow& row, std::string_view state) {
  return {{"object", RowName(row)},
          {"row", row.number},
          {"line", row.line},
          {"state", state},
          {"accepted", false}};
}

Json FailureRow(const BulkRow& row, const FieldError& error) {
  Json json = UnsentRow(row, "invalid");
  json.update({{"column", error.path},
               {"error_id", error.id},
               {"message", error.message},
               {"remedy", error.remedy}});
  return json;
}

class BulkRun {
 public:
  BulkRun(const Genesis& genesis, std::vector<std::string> nodes, std::vector<OwnedRow> rows,
          BulkJournal& journal, bool again, SubmitOptions options)
      : genesis_(genesis),
        nodes_(std::move(nodes)),
        rows_(std::move(rows)),
        journal_(journal),
        again_(again),
        options_(options),
        results_(rows_.size()) {}

  /// Takes `batch` rows at a time, a request each, until none is left. One thread of several.
  void Work(size_t thread, size_t batch) {
    Client client(genesis_, nodes_);
    client.StartAt(thread);
    client.StopWhen(Interrupted);
    while (!Interrupted() && !failed()) {
      const size_t first = next_.fetch_add(batch);
      if (first >= rows_.size()) return;
      if (auto error = Chunk(client, thread, first, std::min(rows_.size(), first + batch))) {
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
      if (results_[i].is_null()) results_[i] = UnsentRow(rows_[i].row, "pending");
      all.push_back(std::move(results_[i]));
    }
    return all;
  }

 private:
  std::optional<ClientError> Chunk(Client& client, size_t thread, size_t first, size_t last) {
    Client asking(genesis_, nodes_);  // its time is the chunk's, not the run's
    asking.StartAt(thread);
    asking.StopWhen(Interrupted);
    asking.EndIn(options_.timeout_ms);
    std::vector<Prepared> chunk;
    std::string lines;
    for (size_t i = first; i < last; ++i) {
      auto prepared = Prepare(asking, rows_[i], i);
      if (Interrupted()) return std::nullopt;  // what was asked of a node may have been cut
      if (!prepared) return prepared.error();
      if (!prepared->sent.transaction) continue;
      if (!prepared->line.empty()) lines += prepared->line + "\n";
      chunk.push_back(*std::move(prepared));
    }
    if (const auto saved = journal_.Append(lines); !saved) return saved.error();
    std::vector<TransactionPtr> wires;
    for (const Prepared& prepared : chunk) wires.push_back(prepared.sent.transaction);
    const auto submitted = client.Submit(wires, options_);
    if (!submitted && Interrupted()) return std::nullopt;
    if (!submitted) return submitted.error();
    std::string settled;
    for (size_t i = 0; i < chunk.size(); ++i) {
      const BulkRow& row = *chunk[i].row;
      Json result = BulkJournal::FinalLine(row, ResultRows(chunk[i].sent, (*submitted)[i])[0]);
      if (IsSettled(chunk[i].sent, (*submitted)[i])) settled += PrintJson(result) + "\n";
      results_[row.number - 1] = std::move(result);
      done_.fetch_add(1);
    }
    if (const auto saved = journal_.Append(settled); !saved) return saved.error();
    return std::nullopt;
  }

  /// What an earlier run signed is sent again as it is, unless it can no longer enter a block. An
  /// error is the run's; a bad row has its result and no transaction.
  std::expected<Prepared, ClientError> Prepare(Client& client, const OwnedRow& owned,
                                               size_t index) {
    const BulkRow& row = owned.row;
    if (!row.error.id.empty()) return Refuse(row, index, row.error);
    const BulkJournal::Known* known = journal_.Find(row.digest);
    if (known != nullptr && !known->final_row.is_null()) {
      results_[index] = known->final_row;
      results_[index].update({{"row", row.number}, {"line", row.line}});
      done_.fetch_add(1);
      return Prepared{};
    }
    if (known != nullptr && known->signed_transaction) {
      if (auto again = SendAgain(client, row, known->signed_transaction)) return *std::move(again);
    }
    return Sign(client, owned, index);
  }

  /// Nothing when the row may be signed anew.
  static std::optional<Prepared> SendAgain(Client& client, const BulkRow& row,
                                           const TransactionPtr& transaction) {
    if (HasExpired(client, *transaction)) return std::nullopt;
    Prepared prepared;
    prepared.row = &row;
    prepared.sent.transaction = transaction;
    prepared.sent.sent_before = true;
    for (const v1::Action& action : transaction->body().actions()) {
      prepared.sent.actions.push_back({RowName(row), action});
    }
    return prepared;
  }

  std::expected<Prepared, ClientError> Sign(Client& client, const OwnedRow& owned, size_t index) {
    const BulkRow& row = owned.row;
    auto built = BuildFiling(row.fields);
    if (!built) return Refuse(row, index, built.error());
    if (!again_) {
      const v1::Filing* const one[] = {&built->filing};
      const auto fresh = filed_.Refuse(client, owned.key->public_key().id(), one);
      if (!fresh && fresh.error().id != kAlreadyFiledId) return std::unexpected(fresh.error());
      if (!fresh) return Refuse(row, index, WholeRow(fresh.error()));
      const auto none =
          RefuseUnderWay(client, owned.key->public_key().id(),
                         journal_.UnfinishedOf(built->filing.service().name()), built->filing);
      if (!none) return Refuse(row, index, WholeRow(none.error()));
    }
    NamedAction action{built->filing.service().name(), {}};
    *action.action.mutable_submit()->mutable_filing() = std::move(built->filing);
    auto sent = SignActions(genesis_.chain_id, {std::move(action)}, *owned.key);
    if (!sent) return Refuse(row, index, WholeRow(sent.error()));
    Prepared prepared;
    prepared.row = &row;
    prepared.sent = std::move(sent->front());
    prepared.line =
        PrintJson(BulkJournal::SignedLine(row, *prepared.sent.transaction, built->disclosures));
    return prepared;
  }

  Prepared Refuse(const BulkRow& row, size_t index, const FieldError& error) {
    results_[index] = FailureRow(row, error);
    done_.fetch_add(1);
    return {};
  }

  const Genesis& genesis_;
  const std::vector<std::string> nodes_;
  const std::vector<OwnedRow> rows_;
  BulkJournal& journal_;
  const bool again_;  ///< what a key has filed already is filed once more
  const SubmitOptions options_;
  FiledAlready filed_;
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

/// What can be known of every row without a node. Without its key too the content is judged.
CommandResult DryRun(Session& session, const std::vector<OwnedRow>& rows, const std::string& file) {
  Json results = Json::array();
  for (const OwnedRow& owned : rows) {
    FieldError error = owned.row.error;
    if (error.id.empty() || error.path == kKeyColumn) {
      if (auto built = BuildFiling(owned.row.fields); !built) error = built.error();
    }
    results.push_back(error.id.empty() ? UnsentRow(owned.row, "dry_run")
                                       : FailureRow(owned.row, error));
  }
  return BulkReport(session, std::move(results), file, "");
}

/// The key of the run; null when none is named, for rows may name their own.
std::expected<const PrivateKey*, ClientError> OptionalKey(Session& session) {
  if (session.connection().key.value.empty()) return nullptr;
  return session.key();
}

}  // namespace

CommandResult SubmitBulk(Session& session, const Values& values) {
  const std::string file = values.Text("bulk");
  BEIAN_TRY(genesis, session.genesis());
  BEIAN_TRY(client, session.client());
  const auto text = ReadFile(file, kBulkBytesMax);
  if (!text) return std::unexpected(text.error());
  BEIAN_TRY(rows, ParseBulk(*text, file));
  BEIAN_TRY(key, OptionalKey(session));
  KeyRing keys(values.Text("keys"), key);
  auto owned = FindOwners(std::move(rows), keys, genesis->chain_id);
  if (values.Has("dry-run")) return DryRun(session, owned, file);
  std::string results_file = values.Text("results");
  if (results_file.empty()) results_file = file + ".results.ndjson";
  BEIAN_TRY(journal, BulkJournal::Open(session, results_file, genesis->chain_id));
  BulkRun run(*genesis, client->nodes(), std::move(owned), *journal, values.Has("again"),
              SubmitOptionsOf(values));
  RunThreads(session, run, values.Number("connections", kConnectionsDefault),
             values.Number("batch", kBatchRowsDefault));
  if (run.failure()) {
    ClientError error = *run.failure();
    error.remedy +=
        fmt::format(" What was done stands in {}; run the same command again.", results_file);
    return std::unexpected(std::move(error));
  }
  return BulkReport(session, run.TakeResults(), file, results_file);
}

}  // namespace beian::client
