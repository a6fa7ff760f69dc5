#include "tests/storage/faults.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "tests/storage/children.h"
#include "tests/support/disk_faults.h"

namespace beian::storage {
namespace {

/// What a process that lives with a fault leaves to the one that judges.
struct Life {
  DiskFaultSeen seen;
  Promised promised;
  bool went_on = false;  ///< something was accepted after a failure
};

struct Scenario {
  std::string_view name;
  std::string base;  ///< empty: a new validator
  Promised promised;
};

enum LifeEnd : int { kLived = 0, kHalted = 1 };

/// As the node dies: nothing is drained, nothing destroyed. Before, what failed must refuse more.
[[noreturn]] void Halt(DataDirectory& data, const Truth& truth, Life& life) {
  const bool store_failed = !data.store->SaveVoted();
  life.went_on = !store_failed && data.log->Append(truth.batches(1).back().front()) &&
                 data.log->Sync();
  ::_exit(kHalted);
}

void NoteFindings(const DataDirectory& data, Promised& promised) {
  promised.log_named |= Names(data, "votelog.");
  promised.store_named |= Names(data, "store.");
}

/// A start that is refused says why, and what it had found before.
void NoteError(const std::string& error, Promised& promised) {
  promised.log_named |= error.find("votelog.") != std::string::npos;
  promised.store_named |= error.find("store.damaged") != std::string::npos;
}

int Live(const std::string& directory, const Scenario& scenario, const Truth& truth, Life& life) {
  if (scenario.base.empty()) {
    if (!InitialiseDataDirectory(directory, truth.genesis(), kSelf, kLogOptions)) return kHalted;
    life.promised.records = 1;
  }
  auto data = OpenDataDirectory(directory, truth.genesis(), kSelf, RocksStore::kCheckedBytesMax,
                                kLogOptions);
  if (!data) {
    NoteError(data.error(), life.promised);
    return kHalted;
  }
  NoteFindings(*data, life.promised);
  if (!Redo(truth, *data)) Halt(*data, truth, life);
  for (size_t height = 1; height <= truth.height(); ++height) {
    const bool votes = !IsMute(*data) && life.promised.records < truth.RecordsAt(height);
    const auto done = votes ? RunBlock(*data, truth, height, life.promised)
                            : CommitOnly(*data, truth, height, life.promised);
    if (!done) Halt(*data, truth, life);
  }
  return EndOrderly(*data) ? kLived : kHalted;
}

/// What the first start mended, the second finds mended.
Verdict JudgeTwice(const Ground& ground, const std::string& directory, Promised promised) {
  const Verdict first = Judge(directory, ground.truth(), ground.answers(), promised);
  if (first.outcome > Outcome::kMute) return first;
  promised.log_named = first.outcome == Outcome::kMute;
  promised.store_named = false;
  const Verdict second = Judge(directory, ground.truth(), ground.answers(), promised);
  const bool mended = second.outcome <= Outcome::kRepaired ||
                      (second.outcome == Outcome::kMute && second.detail.empty());
  return mended ? first : Verdict{Outcome::kLost, "at the second start: " + second.detail};
}

/// Lives in one child and judges in another.
Verdict Try(const Ground& ground, const Scenario& scenario, DiskFaultPlan plan,
            const std::string& folder, Life& life) {
  const std::string directory = folder + "/data";
  if (!scenario.base.empty()) CopyDirectory(scenario.base, directory);
  life = {};
  life.promised = scenario.promised;
  plan.directory = directory;
  const auto lived = RunChild(folder, [&] {
    ArmDiskFault(plan, life.seen);
    const int end = Live(directory, scenario, ground.truth(), life);
    DisarmDiskFault();
    return end;
  });
  if (lived.exit_code < 0 && lived.verdict.outcome != Outcome::kEnded) return lived.verdict;
  if (life.went_on) return {Outcome::kLost, "what had failed accepted more"};
  Shared<Outcome> outcome;
  const auto judged = RunChild(folder, [&] {
    const Verdict verdict = JudgeTwice(ground, directory, life.promised);
    *outcome = verdict.outcome;
    std::fprintf(stderr, "%s\n", verdict.detail.c_str());
    return 0;
  });
  if (judged.exit_code < 0) return judged.verdict;
  return {*outcome, ReadTestFile(folder + "/last-words")};
}

constexpr std::array kFaults = {std::pair{DiskFault::kOnce, "fails once"},
                                std::pair{DiskFault::kForGood, "fails for good"},
                                std::pair{DiskFault::kPowerCut, "power cut"}};

/// Calls of a life that nothing fails.
size_t CountCalls(const Ground& ground, const Scenario& scenario) {
  const std::string folder = ground.folder() + "/whole-life";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  Shared<Life> life;
  DiskFaultPlan plan;
  plan.call = UINT64_MAX;
  const Verdict verdict = Try(ground, scenario, plan, folder, *life);
  CHECK(IsGood(verdict.outcome) && life->seen.calls > 0);
  return life->seen.calls;
}

void TryScenario(const Ground& ground, const CampaignOptions& options, const Scenario& scenario,
                 DiskFault fault, std::string_view fault_name, Table& table) {
  const std::string row = fmt::format("{}, {}", scenario.name, fault_name);
  if (!Wants(options, row)) return;
  const size_t calls = CountCalls(ground, scenario);
  const auto numbers = Draw(calls, options.sample, options.seed);
  Shared<DiskFaultSeen> seen(calls);
  const auto verdicts = RunCases(
      ground.folder() + "/cases", numbers, options.jobs,
      [&](size_t number, const std::string& folder) {
        Shared<Life> life;
        DiskFaultPlan plan;
        plan.call = number;
        plan.fault = fault;
        Verdict verdict = Try(ground, scenario, plan, folder, *life);
        seen[number] = life->seen;
        return verdict;
      });
  for (size_t i = 0; i < numbers.size(); ++i) {
    const DiskFaultSeen& what = seen[numbers[i]];
    if (!what.happened) continue;  // threads of RocksDB make a call more or less
    table.Add(row, fmt::format("call {}, {}", numbers[i], DiskCallName(what.call)),
              verdicts[i]);
  }
}

}  // namespace

void FailCalls(const Ground& ground, const CampaignOptions& options, Table& table) {
  const Truth& truth = ground.truth();
  const Promised nothing{0, 0, true, true};  // both are lost: mute, and refilled, it must be
  const Scenario scenarios[] = {
      {"new validator", "", {}},
      {"restart", ground.begun(),
       {truth.RecordsAt(Ground::kBegunBlocks), Ground::kBegunBlocks, false, false}},
      {"damaged data", ground.hurt(), nothing},
  };
  std::filesystem::create_directory(ground.folder() + "/cases");
  for (const Scenario& scenario : scenarios) {
    for (const auto& [fault, name] : kFaults) {
      TryScenario(ground, options, scenario, fault, name, table);
    }
  }
}

}  // namespace beian::storage
