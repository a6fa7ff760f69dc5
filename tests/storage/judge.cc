#include "tests/storage/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/replica/replica.h"

namespace beian::storage {
namespace {

constexpr std::string_view kCutTail = "votelog.cut_tail";

std::optional<Verdict> JudgeRecords(const Truth& truth, const DataDirectory& data, bool log_lost,
                                    const Promised& promised) {
  if (log_lost) {
    if (IsMute(data)) return std::nullopt;
    return Verdict{Outcome::kLost, "the log was lost, and its validator votes"};
  }
  const auto& whole = truth.records();
  const size_t count = data.records.size();
  if (count < promised.records || count > whole.size()) {
    return Verdict{Outcome::kLost, fmt::format("the log holds {} records, {} were promised", count,
                                               promised.records)};
  }
  for (size_t i = 0; i < count; ++i) {
    if (EncodeLogRecord(data.records[i], truth.genesis().validators.size()) == whole[i]) continue;
    return Verdict{Outcome::kLost, fmt::format("record {} is another", i)};
  }
  return std::nullopt;
}

std::optional<Verdict> JudgeStore(const RocksStore& store, const Truth& truth,
                                  const std::vector<Bytes>& answers, uint64_t blocks) {
  const uint64_t height = store.Tip().height.value();
  if (height < blocks || height >= answers.size()) {
    return Verdict{Outcome::kLost,
                   fmt::format("the store holds {} blocks, {} were promised", height, blocks)};
  }
  if (truth.Answers(store) == answers[height]) return std::nullopt;
  return Verdict{Outcome::kLost, fmt::format("the store of height {} answers otherwise", height)};
}

std::expected<void, std::string> Refill(const Truth& truth, RocksStore& store) {
  for (size_t height = 1; height <= truth.height(); ++height) {
    if (auto done = store.Commit(truth.commit(height)); !done) return done;
  }
  return {};
}

/// What the store notes of votes is only ever behind the log whose votes they are.
bool NotesAllVotes(const DataDirectory& data) {
  const auto noted = data.store->voted();
  return noted && noted->highest == data.log->voted();
}

std::string Join(const std::vector<std::string>& findings) {
  std::string all;
  for (const std::string& finding : findings) all += finding + "; ";
  return all;
}

}  // namespace

std::string_view OutcomeName(Outcome outcome) {
  constexpr std::string_view kNames[kOutcomes] = {"intact",  "repaired", "refilled",
                                                  "mute",    "refused",  "ended",
                                                  "lost",    "crashed",  "hung"};
  return kNames[static_cast<size_t>(outcome)];
}

bool IsGood(Outcome outcome) {
  return outcome <= Outcome::kEnded;
}

bool IsMute(const DataDirectory& data) {
  return std::ranges::any_of(data.records, [](const LogRecord& record) {
    return std::holds_alternative<ReentryRecord>(record);
  });
}

bool Names(const DataDirectory& data, std::string_view part) {
  return std::ranges::any_of(data.findings, [&](const std::string& finding) {
    return finding.starts_with(part) && !finding.starts_with(kCutTail);
  });
}

std::expected<void, std::string> Redo(const Truth& truth, DataDirectory& data) {
  const Header tip = data.store->Tip();
  ReplicaConfig config;
  config.self = kSelf;
  Replica replica(
      config, truth.genesis(), *data.store, tip, data.store->ProofAt(tip.height),
      [&](BytesView message) { return truth.key().Sign(message); }, data.records);
  const Now now{SteadyMs(1'000), truth.tip().time + 1'000};
  for (const Action& action : replica.Start(now)) {
    const auto* commit = std::get_if<CommitBlock>(&action);
    if (commit == nullptr) continue;
    if (auto done = data.store->Commit(*commit); !done) return done;
  }
  return {};
}

Verdict JudgeLog(const std::filesystem::path& directory, const Truth& truth) {
  const Genesis& genesis = truth.genesis();
  const LogIdentity identity{genesis.chain_id, genesis.validators.at(kSelf).consensus_key,
                             genesis.validators.size()};
  auto opened = VoteLog::Open(directory / "votes", identity, kLogOptions);
  if (!opened) return {Outcome::kRefused, opened.error()};
  if (opened->recovered.finding) {
    const bool mute = opened->log == nullptr && opened->recovered.records.empty();
    return {mute ? Outcome::kMute : Outcome::kLost, opened->recovered.finding->detail};
  }
  DataDirectory data;
  data.records = std::move(opened->recovered.records);
  const Promised all{truth.records().size(), 0, false, false};
  if (auto wrong = JudgeRecords(truth, data, false, all)) return *std::move(wrong);
  if (opened->recovered.cut_tail) return {Outcome::kRepaired, *opened->recovered.cut_tail};
  return {Outcome::kIntact, ""};
}

Verdict Judge(const std::filesystem::path& directory, const Truth& truth,
              const std::vector<Bytes>& answers, const Promised& promised) {
  auto data = OpenDataDirectory(directory, truth.genesis(), kSelf, RocksStore::kCheckedBytesMax,
                                kLogOptions);
  if (!data) return {Outcome::kRefused, data.error()};
  const std::string said = Join(data->findings);
  const bool log_lost = promised.log_named || Names(*data, "votelog.");
  const bool store_lost = promised.store_named || Names(*data, "store.");
  if (auto wrong = JudgeRecords(truth, *data, log_lost, promised)) return *std::move(wrong);
  const bool noted = log_lost || store_lost || NotesAllVotes(*data);
  const Height found = data->store->Tip().height;
  if (auto redone = Redo(truth, *data); !redone) return {Outcome::kLost, redone.error()};
  const bool redo = data->store->Tip().height > found;
  if (store_lost) {
    if (auto filled = Refill(truth, *data->store); !filled) return {Outcome::kLost, filled.error()};
  }
  if (auto wrong = JudgeStore(*data->store, truth, answers, promised.blocks)) {
    return *std::move(wrong);
  }
  if (log_lost) return {Outcome::kMute, said};
  if (store_lost) return {Outcome::kRefilled, said};
  if (redo || !noted || !data->findings.empty()) return {Outcome::kRepaired, said};
  return {Outcome::kIntact, ""};
}

}  // namespace beian::storage
