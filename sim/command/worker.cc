#include "sim/command/worker.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "sim/report/story.h"

namespace beian::sim {
namespace {

SeedRecord RunMeasured(const Chain& chain, const SeedWork& work) {
  const auto real_start = std::chrono::steady_clock::now();
  const std::clock_t core_start = std::clock();
  World::TraceSink trace;
  if (work.trace) trace = [](const Traced& traced) { fmt::print("{}\n", Line(traced)); };
  const RunRequest request{work.options, false, trace};
  const Outcome outcome = work.twice ? RunTwice(chain, request) : RunSeed(chain, request);
  SeedRecord record = MakeRecord(work.options, outcome);
  const std::chrono::duration<double, std::micro> real =
      std::chrono::steady_clock::now() - real_start;
  record.counts.real_us = static_cast<uint64_t>(real.count());
  record.counts.core_us =
      static_cast<uint64_t>(std::clock() - core_start) * 1'000'000 / CLOCKS_PER_SEC;
  return record;
}

}  // namespace

Apart StartSeed(const Chain& chain, const SeedWork& work) {
  return Apart([&] { return PrintJson(RecordJson(RunMeasured(chain, work))); });
}

SeedRecord RecordOf(const Options& options, const Apart::End& end) {
  if (end.signal == 0) {
    if (auto record = ParseRecord(ParseJson(end.text))) return *std::move(record);
  }
  Outcome outcome;
  outcome.findings = {{"abort", fmt::format("the process ended by signal {}", end.signal)}};
  return MakeRecord(options, outcome);
}

std::string TellApart(const Chain& chain, const Options& options, const Failure& failure) {
  const Finding finding{failure.invariant, failure.what};
  if (failure.invariant != "abort") {
    const auto end = Apart([&] { return TellFailure(chain, options, finding); }).Wait();
    if (end.signal == 0) return end.text;
  }
  return fmt::format("FAILED seed {}\n  {}: {}\n  replay: {} --trace\n", options.seed,
                     finding.invariant, finding.what, failure.command);
}

}  // namespace beian::sim
