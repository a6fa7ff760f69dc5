#include "sim/command/canaries.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "ledger/json/json.h"
#include "sim/option_fields.h"

namespace beian::sim {
namespace {

constexpr const char* kTwin = "beian-sim-canaries";

struct Row {
  const Bug& bug;
  Catch caught;
  uint64_t seeds;   // tried
  bool good;        // found, as it should be; or the control, and nothing found
};

Row HuntOne(const Bug& bug, const Seeds& seeds) {
  const Catch caught = Hunt(seeds, bug);
  return {bug, caught, caught.seed + 1 - seeds.first, caught.found == (bug.name != kControl)};
}

/// Empty when nothing was found.
std::string ReplayOf(const Row& row) {
  if (!row.caught.found) return {};
  Options options = HuntOptions(row.caught.seed);
  SwitchOn(row.bug, options);
  return RunCommand(options) + " --trace";
}

std::string_view Verdict(const Row& row) {
  if (row.bug.name == kControl) return row.good ? "quiet" : "ALARM";
  return row.good ? "found" : "MISSED";
}

void PrintRow(const Row& row) {
  fmt::print("{:6} {:32} {:>4} seeds  {:12} {}\n", Verdict(row), row.bug.name, row.seeds,
             row.caught.finding.invariant, row.bug.what);
  const bool alarm = row.caught.found && !row.good;
  if (alarm) fmt::print("       {}\n       {}\n", row.caught.finding.what, ReplayOf(row));
  std::fflush(stdout);
}

Json RowJson(const Row& row) {
  return {{"name", row.bug.name}, {"what", row.bug.what},
          {"in", row.bug.planted < 0 ? "harness" : "code"}, {"found", row.caught.found},
          {"good", row.good}, {"seeds", row.seeds}, {"checker", row.caught.finding.invariant},
          {"finding", row.caught.finding.what}, {"replay", ReplayOf(row)}};
}

}  // namespace

int RunCanaries(const CanariesArguments& arguments) {
  const Seeds& seeds = arguments.seeds;
  if (seeds.first >= seeds.end) throw CLI::ValidationError("--seeds", "there is none");
  const bool json = arguments.json;
  Json rows = Json::array();
  size_t count = 0;
  size_t bad = 0;
  for (const Bug& bug : AllBugs(planted_bugs)) {
    if (!arguments.only.empty() && bug.name != arguments.only) continue;
    const Row row = HuntOne(bug, seeds);
    count += bug.name == kControl ? 0 : 1;
    bad += row.good ? 0 : 1;
    if (json) rows.push_back(RowJson(row));
    if (!json) PrintRow(row);
  }
  if (count == 0 && !arguments.only.empty() && arguments.only != kControl) {
    throw CLI::ValidationError("--only", "no canary is called " + arguments.only);
  }
  if (json) {
    fmt::print("{}\n", PrintJson({{"schema", "beian.canaries.v1"}, {"canaries", rows},
                                  {"bad", bad}}, 1));
  } else {
    fmt::print("{} canaries, {} not as they should be\n", count, bad);
  }
  return bad == 0 ? 0 : 1;
}

int BecomeTwin(char** argv) {
  const auto twin = std::filesystem::read_symlink("/proc/self/exe").parent_path() / kTwin;
  ::execv(twin.c_str(), argv);
  fmt::print(stderr,
             "beian-sim: canaries need the program {}, whose sources have bugs planted in them; it "
             "does not run: {}\n  build it: cmake --build build/release --target {}\n",
             kTwin, twin.string(), kTwin);
  return 2;
}

}  // namespace beian::sim
