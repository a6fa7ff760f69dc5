#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>

#include "sim/command/run.h"
#include "sim/option_fields.h"

// beian-sim: runs whole clusters from seeds, and says how to see a failure again.
namespace {

using namespace beian::sim;

constexpr size_t kNodesMax = 32;

std::optional<uint64_t> NumberOf(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

void TakeSeeds(const std::string& text, RunArguments& arguments) {
  const size_t colon = std::min(text.find(':'), text.size());
  const auto first = NumberOf(text.substr(0, colon));
  const auto end = NumberOf(colon < text.size() ? text.substr(colon + 1) : "");
  if (!first || !end) throw CLI::ValidationError("--seeds", "expected FIRST:END, not " + text);
  arguments.first = *first;
  arguments.end = *end;
}

void TakeCanary(const std::string& name, RunArguments& arguments) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(kLastCanary); ++i) {
    arguments.canary = static_cast<Canary>(i);
    if (CanaryName(arguments.canary) == name) return;
  }
  throw CLI::ValidationError("--canary", "no canary is called " + name);
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

void AddSettings(CLI::App& command, std::vector<std::string>& settings) {
  command.add_option("--set", settings, "NAME=VALUE of sim/options.h, over what the seed draws")
      ->check(FaultOfSetting)
      ->allow_extra_args(false);
}

void AddRun(CLI::App& app, RunArguments& arguments) {
  CLI::App* run = app.add_subcommand("run", "run seeds; exit code 1 when one fails");
  run->add_option("--nodes", arguments.nodes, "validators")
      ->check(CLI::Range(size_t{1}, kNodesMax));
  run->add_option_function<std::string>(
      "--seeds", [&](const std::string& text) { TakeSeeds(text, arguments); },
      "FIRST:END, the end not included; 0:100 unless given");
  AddSettings(*run, arguments.settings);
  run->add_flag("--trace", arguments.trace, "print every event and action");
  run->add_flag("--verbose", arguments.verbose, "a line for each seed");
  run->add_flag("--first", arguments.stop_at_first, "stop at the first failure");
  run->add_option("--check-determinism", arguments.check_determinism,
                  "run every so manieth seed twice and compare; 0: none");
  run->add_option_function<std::string>(
      "--canary", [&](const std::string& name) { TakeCanary(name, arguments); },
      "break the harness on purpose, by name");
  run->add_option_function<std::string>(
         "-o,--output", [&](const std::string& form) { arguments.json = form == "json"; },
         "text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs whole beian clusters in one thread from seeds");
  RunArguments run;
  AddRun(app, run);
  app.require_subcommand(1);
  try {
    app.parse(argc, argv);
    return RunSeeds(run);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "beian-sim: {}\n", error.what());
    return 2;
  }
}
