#include "sim/command/run.h"

#include <fmt/format.h>

#include <cstdio>

#include "sim/command/worker.h"
#include "sim/minimise.h"
#include "sim/option_fields.h"
#include "sim/report/render.h"

namespace beian::sim {
namespace {

constexpr uint64_t kStoriesMax = 5;   // of the failures after these only a line each

class SeedRuns {
 public:
  explicit SeedRuns(const RunArguments& arguments)
      : arguments_(arguments), chain_(MakeChain(arguments.nodes)) {}

  /// False when there is nothing more to do.
  bool Run(const Options& options) {
    const uint64_t every = arguments_.check_determinism;
    const bool twice = every > 0 && options.seed % every == 0;
    SeedRecord record =
        RecordOf(options, StartSeed(chain_, {options, twice, arguments_.trace}).Wait());
    Options shown = options;
    if (record.failure && arguments_.minimise) shown = Shorten(options, *record.failure);
    summary_.Add(record);
    if (!arguments_.json) Print(shown, record);
    return !(record.failure && arguments_.stop_at_first);
  }

  const Summary& summary() const { return summary_; }

 private:
  /// Returns the shorter options and makes `failure` theirs.
  Options Shorten(const Options& options, Failure& failure) {
    const bool twice = failure.invariant == "I13";
    const auto judge = [&](const Options& tried) -> std::optional<Finding> {
      const auto found = RecordOf(tried, StartSeed(chain_, {tried, twice}).Wait()).failure;
      return found ? std::optional(Finding{found->invariant, found->what}) : std::nullopt;
    };
    const auto shortest = Minimise(options, judge);
    if (!shortest) return options;
    Outcome outcome;
    outcome.findings = {shortest->finding};
    failure = *MakeRecord(shortest->options, outcome).failure;
    if (!arguments_.json) {
      fmt::print("seed {} was shortened in {} runs\n", options.seed, shortest->runs);
    }
    return shortest->options;
  }

  void Print(const Options& options, const SeedRecord& record) {
    if (record.failure && summary_.all().failed <= kStoriesMax) {
      fmt::print("{}\n", TellApart(chain_, options, *record.failure));
    } else if (record.failure) {
      fmt::print("FAILED seed {}: {}: {}\n  replay: {} --trace\n", record.seed,
                 record.failure->invariant, record.failure->what, record.failure->command);
    }
    if (arguments_.verbose) {
      fmt::print("seed {} events {} blocks {} filings {} settled in {} ms\n", record.seed,
                 record.counts.events, record.counts.blocks, record.counts.filings,
                 record.settled_ms);
    }
    std::fflush(stdout);
  }

  const RunArguments& arguments_;
  const Chain chain_;
  Summary summary_;
};

}  // namespace

int RunSeeds(const RunArguments& arguments) {
  SeedRuns runs(arguments);
  for (uint64_t seed = arguments.first; seed < arguments.end; ++seed) {
    Options options = DrawOptions(seed, arguments.nodes);
    SwitchOn(arguments.bug, options);
    if (!SetOptions(options, arguments.settings)) {
      fmt::print(stderr, "beian-sim: seed {}: the settings contradict each other or the others\n",
                 seed);
      return 2;
    }
    if (!runs.Run(options)) break;
  }
  const Summary& summary = runs.summary();
  fmt::print("{}", arguments.json ? PrintJson(SummaryJson(summary), 2) + "\n"
                                  : SummaryText(summary));
  return summary.all().failed == 0 ? 0 : 1;
}

}  // namespace beian::sim
