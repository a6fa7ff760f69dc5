#include "sim/command/program.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <thread>

#include "sim/command/campaign.h"
#include "sim/command/canaries.h"
#include "sim/command/run.h"
#include "sim/option_fields.h"

// The command line: what it takes, and whom it calls.
namespace beian::sim {
namespace {

constexpr size_t kNodesMax = 32;

std::optional<uint64_t> NumberOf(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

/// FIRST:END; without END as `Arguments` have it where that is allowed.
template <class Arguments>
void TakeSeeds(const std::string& text, bool end_needed, Arguments& arguments) {
  const size_t colon = std::min(text.find(':'), text.size());
  const auto first = NumberOf(text.substr(0, colon));
  const bool open = colon == text.size() && !end_needed;
  const auto end = open ? arguments.end : NumberOf(text.substr(std::min(colon + 1, text.size())));
  if (!first || !end) throw CLI::ValidationError("--seeds", "expected FIRST:END, not " + text);
  arguments.first = *first;
  arguments.end = *end;
}

Bug BugOf(const std::string& name) {
  for (const Bug& bug : AllBugs(planted_bugs)) {
    if (bug.name == name) return bug;
  }
  throw CLI::ValidationError("--canary", "no canary of this program is called " + name);
}

/// Says what is wrong with a setting; empty: nothing.
std::string FaultOfSetting(const std::string& setting) {
  Options options;
  const auto set = SetOption(options, setting);
  if (set) return "";
  if (set.error() == OptionError::kBadValue) return setting + ": a value out of its range";
  std::string names;
  for (const OptionField& field : OptionFields()) names += fmt::format(" {}", field.name);
  return setting + ": expected NAME=VALUE with one of the names" + names;
}

/// What both commands take.
template <class Arguments>
void AddCommon(CLI::App& command, Arguments& arguments) {
  command
      .add_option("--set", arguments.settings, "NAME=VALUE of sim/options.h, over what is drawn")
      ->check(FaultOfSetting)
      ->allow_extra_args(false);
  command.add_option_function<std::string>(
      "--canary", [&](const std::string& name) { arguments.bug = BugOf(name); },
      "break something on purpose, by name: see canaries");
}

void AddRun(CLI::App& app, RunArguments& arguments) {
  CLI::App* run = app.add_subcommand("run", "run seeds; exit code 1 when one fails");
  run->add_option("--nodes", arguments.nodes, "validators")
      ->check(CLI::Range(size_t{1}, kNodesMax));
  run->add_option_function<std::string>(
      "--seeds", [&](const std::string& text) { TakeSeeds(text, true, arguments); },
      "FIRST:END, the end not included; 0:100 unless given");
  AddCommon(*run, arguments);
  run->add_flag("--trace", arguments.trace, "print every event and action");
  run->add_flag("--verbose", arguments.verbose, "a line for each seed");
  run->add_flag("--first", arguments.stop_at_first, "stop at the first failure");
  run->add_flag("--minimise", arguments.minimise, "shorten what fails, and tell of the shortest");
  run->add_option("--check-determinism", arguments.check_determinism,
                  "run every so manieth seed twice and compare; 0: none");
  run->add_option_function<std::string>(
         "-o,--output", [&](const std::string& form) { arguments.json = form == "json"; },
         "text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

void AddCampaign(CLI::App& app, CampaignArguments& arguments) {
  CLI::App* campaign = app.add_subcommand(
      "campaign", "run seeds on all cores until stopped, and go on where it stopped");
  campaign->add_option("--dir", arguments.dir, "for its state and its reports")->required();
  campaign->add_option("--budget", arguments.budget_s, "90s, 30m or 8h; no seed begins later")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, uint64_t>{{"s", 1}, {"m", 60}, {"h", 3'600}}));
  arguments.jobs = std::max(1u, std::thread::hardware_concurrency());
  campaign->add_option("--jobs", arguments.jobs, "seeds at a time")->check(CLI::Range(1, 1'024));
  campaign->add_option("--nodes", arguments.nodes, "sizes of clusters: 4,7,10")
      ->delimiter(',')
      ->check(CLI::Range(size_t{1}, kNodesMax));
  campaign->add_option_function<std::string>(
      "--seeds", [&](const std::string& text) { TakeSeeds(text, false, arguments); },
      "FIRST or FIRST:END; from 0 unless given");
  campaign->add_flag("--once", arguments.once, "do not run each seed a second time to compare");
  AddCommon(*campaign, arguments);
}

void AddCanaries(CLI::App& app, CanariesArguments& arguments) {
  CLI::App* canaries = app.add_subcommand(
      "canaries", "bugs made on purpose, one after another; exit code 1 when one is not found");
  canaries->add_option_function<std::string>(
      "--seeds", [&](const std::string& text) { TakeSeeds(text, true, arguments.seeds); },
      "FIRST:END, the end not included; for each");
  canaries->add_option("--only", arguments.only, "one of them, by name");
  canaries->add_option_function<std::string>(
          "-o,--output", [&](const std::string& form) { arguments.json = form == "json"; },
          "text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

int RunProgram(int argc, char** argv, std::span<const PlantedBug> planted) {
  planted_bugs = planted;
  CLI::App app("Runs whole beian clusters from seeds, each in one thread");
  RunArguments run;
  CampaignArguments campaign;
  CanariesArguments canaries;
  AddRun(app, run);
  AddCampaign(app, campaign);
  AddCanaries(app, canaries);
  app.require_subcommand(1);
  try {
    app.parse(argc, argv);
    if (app.got_subcommand("campaign")) return RunCampaign(campaign);
    if (app.got_subcommand("run")) return RunSeeds(run);
    return planted.empty() ? BecomeTwin(argv) : RunCanaries(canaries);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "beian-sim: {}\n", error.what());
    return 2;
  }
}

}  // namespace beian::sim
