#include "sim/command/campaign.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

#include "ledger/crypto/hash.h"
#include "sim/campaign_plan.h"
#include "sim/command/journal.h"
#include "sim/command/worker.h"
#include "sim/option_fields.h"
#include "sim/report/render.h"

namespace beian::sim {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kReportEvery = std::chrono::seconds(30);
constexpr auto kSeedMax = std::chrono::minutes(30);   // what takes longer hangs
constexpr int kWaitMs = 200;

volatile std::sig_atomic_t stopped = 0;
void OnStop(int) { stopped = 1; }

std::string FileText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// What must be the same for all seeds of a folder, so that they may be added up.
Json Heading(const CampaignArguments& arguments) {
  return {{"schema", "beian.campaign.v1"},
          {"program", Sha256(FileText("/proc/self/exe")).hex()},
          {"settings", arguments.settings},
          {"canary", arguments.bug.name}};
}

std::string_view Explain(JournalError error) {
  switch (error) {
    case JournalError::kCannotOpen: return "cannot be opened; is the folder yours?";
    case JournalError::kInUse: return "is in use by another campaign; wait for it or stop it";
    case JournalError::kOtherCampaign:
      return "was begun by another build or with other settings; take another --dir";
    case JournalError::kDamaged: return "has a line that is no record; take another --dir";
    case JournalError::kCannotWrite: return "cannot be written; is the disk full?";
  }
  return "";
}

/// Under another name first, so that a reader always finds a whole file.
void WriteWhole(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path part = path.string() + ".part";
  std::ofstream(part) << text;
  std::filesystem::rename(part, path);
}

class Campaign {
 public:
  Campaign(const CampaignArguments& arguments, Journal journal)
      : arguments_(arguments),
        dir_(arguments.dir),
        journal_(std::move(journal)),
        plan_(arguments.nodes, arguments.first, arguments.end) {
    for (const size_t nodes : arguments.nodes) chains_.try_emplace(nodes, MakeChain(nodes));
    for (const SeedRecord& record : journal_.records()) {
      if (plan_.Leave({record.seed, record.nodes})) summary_.Add(record);
    }
  }

  int Run() {
    const auto deadline = Clock::now() + std::chrono::seconds(arguments_.budget_s);
    auto report_at = Clock::now() + kReportEvery;
    if (summary_.all().seeds > 0) fmt::print("{} seeds were run before\n", summary_.all().seeds);
    while (stopped == 0 && !broken_) {
      while (running_.size() < arguments_.jobs && Clock::now() < deadline && StartNext()) continue;
      if (running_.empty()) break;
      for (const size_t place : Reversed(Apart::Ended(processes_, kWaitMs))) Finish(place);
      KillHanging();
      if (Clock::now() < report_at) continue;
      Report();
      report_at = Clock::now() + kReportEvery;
    }
    processes_.clear();   // what was under way when it was stopped never was
    Report();
    fmt::print("{}\n{}/report.md\n", SummaryText(summary_), arguments_.dir);
    if (broken_) return 2;
    return summary_.all().failed == 0 ? 0 : 1;
  }

 private:
  struct Running {
    Options options;
    Clock::time_point start;
  };

  static std::vector<size_t> Reversed(std::vector<size_t> places) {
    return {places.rbegin(), places.rend()};   // so that the earlier ones stay what they are
  }

  bool StartNext() {
    const auto unit = plan_.Next();
    if (!unit) return false;
    Options options = CampaignOptions(*unit);
    SwitchOn(arguments_.bug, options);
    if (!SetOptions(options, arguments_.settings)) {
      fmt::print(stderr, "beian-sim: seed {}: the settings contradict each other or the others\n",
                 unit->seed);
      broken_ = true;
      return false;
    }
    processes_.push_back(StartSeed(chains_.at(unit->nodes), {options, !arguments_.once}));
    running_.push_back({options, Clock::now()});
    return true;
  }

  void Finish(size_t place) {
    const Options options = running_[place].options;
    const SeedRecord record = RecordOf(options, processes_[place].Wait());
    processes_.erase(processes_.begin() + static_cast<std::ptrdiff_t>(place));
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(place));
    if (record.failure) TellFailureOf(options, *record.failure);
    if (const auto written = journal_.Append(record); !written) {
      fmt::print(stderr, "beian-sim: seeds.ndjson {}\n", Explain(written.error()));
      broken_ = true;
    }
    summary_.Add(record);
  }

  void TellFailureOf(const Options& options, const Failure& failure) {
    fmt::print("FAILED n={} seed {}: {}: {}\n  {}\n", options.nodes, options.seed,
               failure.invariant, failure.what, failure.command);
    std::fflush(stdout);
    WriteWhole(dir_ / "failures" / fmt::format("{}-{}.txt", options.nodes, options.seed),
               TellApart(chains_.at(options.nodes), options, failure));
  }

  void KillHanging() {
    for (size_t i = 0; i < running_.size(); ++i) {
      if (Clock::now() - running_[i].start > kSeedMax) processes_[i].Kill();
    }
  }

  void Report() const {
    const Json json = SummaryJson(summary_);
    WriteWhole(dir_ / "report.json", PrintJson(json, 2) + "\n");
    std::string text = "# Campaign of the simulator\n\n" + SummaryText(summary_);
    if (!summary_.failed().empty()) text += "\n## Failures\n\n";
    for (const Summary::Failed& failed : summary_.failed()) {
      text += fmt::format("- {} validators, seed {}: {}: {}\n  `{}`\n", failed.nodes, failed.seed,
                          failed.failure.invariant, failed.failure.what, failed.failure.command);
    }
    WriteWhole(dir_ / "report.md", text);
    fmt::print("seeds {} failed {}, {:.0f} seeds per core-hour\n", summary_.all().seeds,
               summary_.all().failed, summary_.all().SeedsPerCoreHour());
    std::fflush(stdout);
  }

  const CampaignArguments& arguments_;
  const std::filesystem::path dir_;
  Journal journal_;
  CampaignPlan plan_;
  Summary summary_;
  std::map<size_t, Chain> chains_;
  std::vector<Running> running_;     // what each of processes_ runs
  std::vector<Apart> processes_;
  bool broken_ = false;
};

}  // namespace

int RunCampaign(const CampaignArguments& arguments) {
  stopped = 0;
  std::signal(SIGINT, OnStop);
  std::signal(SIGTERM, OnStop);
  std::error_code error;   // what it would say, opening the journal says too
  std::filesystem::create_directories(std::filesystem::path(arguments.dir) / "failures", error);
  auto journal = Journal::Open(arguments.dir + "/seeds.ndjson", Heading(arguments));
  if (!journal) {
    fmt::print(stderr, "beian-sim: {}/seeds.ndjson {}\n", arguments.dir, Explain(journal.error()));
    return 2;
  }
  return Campaign(arguments, *std::move(journal)).Run();
}

}  // namespace beian::sim
