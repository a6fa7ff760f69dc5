#include "sim/command/run.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "sim/command/measured.h"
#include "sim/option_fields.h"
#include "sim/report/render.h"
#include "sim/report/story.h"

namespace beian::sim {
namespace {

constexpr uint64_t kStoriesMax = 5;   // of the failures after these only a line each

// A CHECK or a fault inside a replica ends the process: the seed must be known all the same.
char running[600];
void OnAbort(int) {
  std::fflush(stdout);
  std::fputs(running, stderr);
  std::_Exit(1);
}

void NameTheSeed(const Options& options) {
  const std::string banner = fmt::format("\nABORTED seed {}\n  replay: {} --trace\n", options.seed,
                                         RunCommand(options));
  std::snprintf(running, sizeof(running), "%s", banner.c_str());
}

void PrintFailure(const Chain& chain, const Options& options, const Measured& measured,
                  const Summary& summary) {
  if (summary.all().failed <= kStoriesMax) {
    fmt::print("{}\n", TellFailure(chain, options, measured.outcome.findings));
  } else {
    const Failure& failure = *measured.record.failure;
    fmt::print("FAILED seed {}: {}: {}\n  replay: {} --trace\n", options.seed, failure.invariant,
               failure.what, failure.command);
  }
  std::fflush(stdout);
}

void PrintSeed(const SeedRecord& record) {
  fmt::print("seed {} events {} blocks {} filings {} settled in {} ms\n", record.seed,
             record.counts.events, record.counts.blocks, record.counts.filings,
             record.settled_ms);
}

void PrintSummary(const Summary& summary, bool json) {
  fmt::print("{}", json ? PrintJson(SummaryJson(summary), 2) + "\n" : SummaryText(summary));
}

}  // namespace

std::optional<Options> MakeOptions(uint64_t seed, size_t nodes,
                                   const std::vector<std::string>& settings) {
  Options options = DrawOptions(seed, nodes);
  for (const std::string& setting : settings) {
    if (!SetOption(options, setting)) return std::nullopt;
  }
  return Consistent(options) ? std::optional(options) : std::nullopt;
}

int RunSeeds(const RunArguments& arguments) {
  std::signal(SIGABRT, OnAbort);
  std::signal(SIGSEGV, OnAbort);
  const Chain chain = MakeChain(arguments.nodes);
  Summary summary;
  World::TraceSink trace;
  if (arguments.trace) trace = [](const Traced& traced) { fmt::print("{}\n", Line(traced)); };
  for (uint64_t seed = arguments.first; seed < arguments.end; ++seed) {
    auto options = MakeOptions(seed, arguments.nodes, arguments.settings);
    if (!options) {
      fmt::print(stderr, "beian-sim: seed {}: the settings contradict each other or the others\n",
                 seed);
      return 2;
    }
    options->canary = arguments.canary;
    NameTheSeed(*options);
    const bool twice = arguments.check_determinism > 0 && seed % arguments.check_determinism == 0;
    const Measured measured = RunMeasured(chain, {*options, false, trace}, twice);
    summary.Add(measured.record);
    const bool failed = !measured.outcome.findings.empty();
    if (failed && !arguments.json) PrintFailure(chain, *options, measured, summary);
    if (arguments.verbose && !arguments.json) PrintSeed(measured.record);
    if (failed && arguments.stop_at_first) break;
  }
  PrintSummary(summary, arguments.json);
  return summary.all().failed == 0 ? 0 : 1;
}

}  // namespace beian::sim
