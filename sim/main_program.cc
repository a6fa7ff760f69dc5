#include "sim/main_program.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <deque>
#include <map>
#include <optional>

#include "sim/run.h"

// beian-sim: runs whole clusters from seeds, and says how to see a failure again.
namespace beian::sim {
namespace {

constexpr size_t kLastLines = 60;

struct Arguments {
  size_t nodes = 4;
  std::string seeds = "0:100";
  bool trace = false;
  bool verbose = false;
  bool first = false;                // stop at the first failure
  uint64_t check_determinism = 50;   // every so many seeds; 0: never
  std::string canary = "none";
  std::string strategy;              // of dishonest validators; empty: the seed decides
};

struct Totals {
  uint64_t seeds = 0, failed = 0, events = 0, blocks = 0, transactions = 0, filings = 0, codes = 0;
  uint64_t crashes = 0, lost_logs = 0, reentries = 0, evidence = 0;
  uint64_t virtual_ms = 0, settled_ms_max = 0;
};

// A CHECK or a fault inside a replica ends the process: the seed must be known all the same.
char running[160];
void OnAbort(int) {
  std::fflush(stdout);
  std::fputs(running, stderr);
  std::_Exit(1);
}

std::string ReplayCommand(const Arguments& arguments, uint64_t seed) {
  std::string command = fmt::format("beian-sim run --nodes {} --seeds {}:{} --trace",
                                    arguments.nodes, seed, seed + 1);
  if (arguments.canary != "none") command += " --canary " + arguments.canary;
  if (!arguments.strategy.empty()) command += " --strategy " + arguments.strategy;
  return command;
}

void ReportFailure(const Chain& chain, const Arguments& arguments, const Options& options,
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
  fmt::print("  replay: {}\n", ReplayCommand(arguments, options.seed));
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

Canary CanaryOf(const std::string& name) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastCanary); ++i) {
    if (CanaryName(static_cast<Canary>(i)) == name) return static_cast<Canary>(i);
  }
  throw CLI::ValidationError("--canary", "no canary is called " + name);
}

std::optional<Strategy> StrategyOf(const std::string& name) {
  if (name.empty()) return std::nullopt;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastStrategy); ++i) {
    if (StrategyName(static_cast<Strategy>(i)) == name) return static_cast<Strategy>(i);
  }
  throw CLI::ValidationError("--strategy", "no strategy is called " + name);
}

int Run(const Arguments& arguments) {
  const size_t colon = arguments.seeds.find(':');
  if (colon == std::string::npos) throw CLI::ValidationError("--seeds", "expected FIRST:END");
  const uint64_t first = std::stoull(arguments.seeds.substr(0, colon));
  const uint64_t end = std::stoull(arguments.seeds.substr(colon + 1));
  const Chain chain = MakeChain(arguments.nodes);
  const Canary canary = CanaryOf(arguments.canary);
  const std::optional<Strategy> strategy = StrategyOf(arguments.strategy);
  Totals totals;
  World::TraceSink trace;
  if (arguments.trace) trace = [](const std::string& line) { fmt::print("{}\n", line); };
  std::signal(SIGABRT, OnAbort);
  std::signal(SIGSEGV, OnAbort);
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t seed = first; seed < end; ++seed) {
    Options options = DrawOptions(seed, arguments.nodes);
    options.canary = canary;
    if (strategy) {
      options.strategy = *strategy;
      options.dishonest = std::max<size_t>(options.dishonest, 1);   // capped at f by the world
    }
    const std::string banner =
        fmt::format("\nABORTED seed {}\n  replay: {}\n", seed, ReplayCommand(arguments, seed));
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

}  // namespace

int RunProgram(int argc, char** argv) {
  CLI::App app("Runs whole beian clusters in one thread from seeds");
  Arguments arguments;
  CLI::App* run = app.add_subcommand("run", "run seeds; exit code 1 when one fails");
  run->add_option("--nodes", arguments.nodes, "validators")->check(CLI::Range(1, 10));
  run->add_option("--seeds", arguments.seeds, "FIRST:END, the end not included");
  run->add_flag("--trace", arguments.trace, "print every event and action");
  run->add_flag("--verbose", arguments.verbose, "a line for each seed, last events of a failure");
  run->add_flag("--first", arguments.first, "stop at the first failure");
  run->add_option("--check-determinism", arguments.check_determinism,
                  "run every so manieth seed twice and compare; 0: none");
  run->add_option("--strategy", arguments.strategy, "of dishonest validators, in every seed");
  run->add_option("--canary", arguments.canary, "break the harness on purpose, by name");
  app.require_subcommand(1);
  try {
    app.parse(argc, argv);
    return Run(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "beian-sim: {}\n", error.what());
    return 2;
  }
}

}  // namespace beian::sim
