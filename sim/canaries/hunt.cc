#include "sim/canaries/hunt.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>

#include "sim/run.h"

namespace beian::sim {
namespace {

constexpr uint64_t kTwiceEvery = 50;   // seeds, to see that the second run goes the same way

/// Written by the child while it runs, read by the parent when it has ended.
struct Progress {
  uint64_t seed = 0;     // under way
  bool ended = false;    // and not aborted
  bool found = false;
  char invariant[32] = "";
  char what[200] = "";
};

struct Unmap {
  void operator()(Progress* progress) const { ::munmap(progress, sizeof(Progress)); }
};
using SharedProgress = std::unique_ptr<Progress, Unmap>;

SharedProgress ShareProgress() {
  void* const memory = ::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory to share with a hunt");
  return SharedProgress(new (memory) Progress);
}

void RunTrials(const Seeds& seeds, const Trial& trial, Progress& progress) {
  for (uint64_t seed = seeds.first; seed < seeds.end; ++seed) {
    progress.seed = seed;
    const std::vector<Finding> findings = trial(seed);
    if (findings.empty()) continue;
    progress.found = true;
    const Finding& first = findings.front();
    std::snprintf(progress.invariant, sizeof(progress.invariant), "%s", first.invariant.c_str());
    std::snprintf(progress.what, sizeof(progress.what), "%s", first.what.c_str());
    break;
  }
  progress.ended = true;
}

/// What a process said before it aborted: the CHECK that failed.
std::string FirstLine(std::FILE* file) {
  char line[200] = "";
  std::rewind(file);
  if (std::fgets(line, sizeof(line), file) == nullptr) return "ended by a signal";
  const std::string text(line);
  return text.substr(0, text.find('\n'));
}

const Chain& ChainOf(size_t nodes) {
  static std::map<size_t, Chain> chains;
  const auto found = chains.find(nodes);
  if (found != chains.end()) return found->second;
  return chains.emplace(nodes, MakeChain(nodes)).first->second;
}

std::vector<Finding> Try(const Bug& bug, uint64_t seed) {
  Options options = HuntOptions(seed);
  const Chain& chain = ChainOf(options.nodes);
  SwitchOn(bug, options);
  const bool twice = seed % kTwiceEvery == 0;
  return (twice ? RunTwice(chain, {options}) : RunSeed(chain, {options})).findings;
}

}  // namespace

std::vector<Bug> AllBugs(std::span<const PlantedBug> planted) {
  std::vector<Bug> bugs{{std::string(kControl), "nothing: the control", -1, Canary::kNone}};
  for (size_t i = 0; i < planted.size(); ++i) {
    bugs.push_back({planted[i].name, planted[i].what, static_cast<int>(i), Canary::kNone});
  }
  for (uint8_t i = 1; i <= static_cast<uint8_t>(kLastCanary); ++i) {
    const auto canary = static_cast<Canary>(i);
    bugs.push_back({CanaryName(canary), "harness: " + CanaryWhat(canary), -1, canary});
  }
  return bugs;
}

void SwitchOn(const Bug& bug, Options& options) {
  planted_bug = bug.planted;
  options.canary = bug.canary;
}

Options HuntOptions(uint64_t seed) {
  Options options = DrawOptions(seed, seed % 5 == 4 ? 7 : 4);
  if (seed % 2 == 0) return options;
  const uint64_t strategies = static_cast<uint64_t>(kLastStrategy) + 1;
  options.strategy = static_cast<Strategy>(seed / 2 % strategies);
  options.dishonest = std::max<size_t>(options.dishonest, 1);
  return options;
}

Catch Hunt(const Seeds& seeds, const Trial& trial) {
  const SharedProgress progress = ShareProgress();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> said(std::tmpfile(), std::fclose);
  if (!said) throw std::runtime_error("no temporary file for a hunt");
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process for a hunt");
  if (child == 0) {
    ::dup2(::fileno(said.get()), STDERR_FILENO);
    RunTrials(seeds, trial, *progress);
    std::_Exit(0);
  }
  ::waitpid(child, nullptr, 0);
  if (!progress->ended) return {true, progress->seed, {"CHECK", FirstLine(said.get())}};
  return {progress->found, progress->seed, {progress->invariant, progress->what}};
}

Catch Hunt(const Seeds& seeds, const Bug& bug) {
  return Hunt(seeds, [&bug](uint64_t seed) { return Try(bug, seed); });
}

}  // namespace beian::sim
