#include "sim/main_program.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <deque>
#include <optional>

#include "sim/main_arguments.h"
#include "sim/main_canaries.h"
#include "sim/run.h"

// beian-sim run: whole clusters from seeds, and how to see a failure again.
namespace beian::sim {
namespace {

constexpr size_t kLastLines = 60;

struct RunArguments {
  Replay replay;
  std::string seeds = "0:100";
  bool trace = false;
  bool verbose = false;
  bool first = false;                // stop at the first failure
  uint64_t check_determinism = 50;   // every so many seeds; 0: never
};

struct Totals {
  uint64_t seeds = 0, failed = 0, events = 0, blocks = 0, transactions = 0, filings = 0, codes = 0;
  uint64_t crashes = 0, lost_logs = 0, reentries = 0, evidence = 0;
  uint64_t virtual_ms = 0, settled_ms_max = 0;
};

// A CHECK or a fault inside a replica ends the process: the seed must be known all the same.
char running[240];
void OnAbort(int) {
  std::fflush(stdout);
  std::fputs(running, stderr);
  std::_Exit(1);
}

void ReportFailure(const Chain& chain, const RunArguments& arguments, const Options& options,
                   const std::vector<Finding>& findings) {
  fmt::print("FAILED seed {}\n", options.seed);
  for (const Finding& finding : findings) {
    fmt::print("  {}: {}\n", finding.invariant, finding.what);
  }
  fmt::print("  options: {}\n", options.Describe());
  if (!arguments.trace && arguments.verbose) {
    std::deque<std::string> last;
    RunSeed(chain, {options, false, [&](const std::string& line) {
                      last.push_back(line);
                      if (last.size() > kLastLines) last.pop_front();
                    }});
    for (const std::string& line : last) fmt::print("  | {}\n", line);
  }
  fmt::print("  replay: {}\n", ReplayCommand(arguments.replay, options.seed));
  std::fflush(stdout);
}

void Add(Totals& totals, const Outcome& outcome) {
  ++totals.seeds;
  totals.failed += outcome.findings.empty() ? 0 : 1;
  totals.events += outcome.statistics.events;
  totals.blocks += outcome.blocks;
  totals.transactions += outcome.transactions;
  totals.filings += outcome.filings;
  totals.codes += outcome.codes;
  totals.crashes += outcome.statistics.crashes;
  totals.lost_logs += outcome.statistics.lost_logs;
  totals.reentries += outcome.statistics.reentries;
  totals.evidence += outcome.statistics.evidence;
  totals.virtual_ms += outcome.virtual_ms;
  totals.settled_ms_max = std::max(totals.settled_ms_max, outcome.settled_ms);
}

Bug BugOf(const std::string& name, std::span<const PlantedBug> planted) {
  for (const Bug& bug : AllBugs(planted)) {
    if (bug.name == name) return bug;
  }
  throw CLI::ValidationError("--canary", "no canary of this program is called " + name);
}

std::optional<Strategy> StrategyOf(const std::string& name) {
  if (name.empty()) return std::nullopt;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastStrategy); ++i) {
    if (StrategyName(static_cast<Strategy>(i)) == name) return static_cast<Strategy>(i);
  }
  throw CLI::ValidationError("--strategy", "no strategy is called " + name);
}

int Run(const RunArguments& arguments, std::span<const PlantedBug> planted) {
  const Replay& replay = arguments.replay;
  const Seeds seeds = ParseSeeds(arguments.seeds);
  const Chain chain = MakeChain(replay.nodes);
  const Bug bug = BugOf(replay.canary, planted);
  const std::optional<Strategy> strategy = StrategyOf(replay.strategy);
  Totals totals;
  World::TraceSink trace;
  if (arguments.trace) trace = [](const std::string& line) { fmt::print("{}\n", line); };
  std::signal(SIGABRT, OnAbort);
  std::signal(SIGSEGV, OnAbort);
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t seed = seeds.first; seed < seeds.end; ++seed) {
    Options options = DrawOptions(seed, replay.nodes, strategy);
    SwitchOn(bug, options);
    const std::string banner =
        fmt::format("\nABORTED seed {}\n  replay: {}\n", seed, ReplayCommand(replay, seed));
    std::snprintf(running, sizeof(running), "%s", banner.c_str());
    Outcome outcome = RunSeed(chain, {options, false, trace});
    const bool twice = arguments.check_determinism > 0 && seed % arguments.check_determinism == 0;
    if (twice && outcome.findings.empty()) {
      if (auto finding = CheckDeterminism(chain, options)) outcome.findings.push_back(*finding);
    }
    Add(totals, outcome);
    if (!outcome.findings.empty()) ReportFailure(chain, arguments, options, outcome.findings);
    if (!outcome.findings.empty() && arguments.first) break;
    if (arguments.verbose) {
      fmt::print("seed {} events {} blocks {} filings {} settled in {} ms\n", seed,
                 outcome.statistics.events, outcome.blocks, outcome.filings, outcome.settled_ms);
    }
  }
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  fmt::print(
      "seeds {} failed {} events {} blocks {} transactions {} filings {} codes {} crashes {} "
      "lost logs {} re-entries {} evidence {}\n"
      "virtual time {:.0f} s, longest recovery {:.1f} s, real time {:.1f} s, "
      "{:.0f} seeds per core-hour\n",
      totals.seeds, totals.failed, totals.events, totals.blocks, totals.transactions,
      totals.filings, totals.codes, totals.crashes, totals.lost_logs,
      totals.reentries, totals.evidence,
      static_cast<double>(totals.virtual_ms) / 1000,
      static_cast<double>(totals.settled_ms_max) / 1000, spent.count(),
      static_cast<double>(totals.seeds) * 3600 / spent.count());
  return totals.failed == 0 ? 0 : 1;
}

void AddRun(CLI::App& run, RunArguments& arguments) {
  Replay& replay = arguments.replay;
  run.add_option("--nodes", replay.nodes, "validators")->check(CLI::Range(1, 10));
  run.add_option("--seeds", arguments.seeds, "FIRST:END, the end not included");
  run.add_flag("--trace", arguments.trace, "print every event and action");
  run.add_flag("--verbose", arguments.verbose, "a line for each seed, last events of a failure");
  run.add_flag("--first", arguments.first, "stop at the first failure");
  run.add_option("--check-determinism", arguments.check_determinism,
                 "run every so manieth seed twice and compare; 0: none");
  run.add_option("--strategy", replay.strategy, "of dishonest validators, in every seed");
  run.add_option("--canary", replay.canary, "break something on purpose, by name: see canaries");
}

void AddCanaries(CLI::App& canaries, CanariesArguments& arguments) {
  canaries.add_option("--seeds", arguments.seeds, "FIRST:END, the end not included; for each");
  canaries.add_option("--only", arguments.only, "one of them, by name");
  canaries.add_option("-o,--output", arguments.output, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

int RunProgram(int argc, char** argv, std::span<const PlantedBug> planted) {
  CLI::App app("Runs whole beian clusters in one thread from seeds");
  RunArguments run_arguments;
  CanariesArguments canaries_arguments;
  CLI::App* run = app.add_subcommand("run", "run seeds; exit code 1 when one fails");
  CLI::App* canaries = app.add_subcommand(
      "canaries", "bugs made on purpose, one after another; exit code 1 when one is not found");
  AddRun(*run, run_arguments);
  AddCanaries(*canaries, canaries_arguments);
  if (!planted.empty()) run_arguments.replay.program = "beian-sim-canaries";
  app.require_subcommand(1);
  try {
    app.parse(argc, argv);
    if (run->parsed()) return Run(run_arguments, planted);
    return planted.empty() ? BecomeTwin(argv) : RunCanaries(canaries_arguments, planted);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "beian-sim: {}\n", error.what());
    return 2;
  }
}

}  // namespace beian::sim
