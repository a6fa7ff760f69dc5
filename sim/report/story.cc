#include "sim/report/story.h"

#include <fmt/format.h>

#include <deque>

#include "sim/diagram.h"
#include "sim/option_fields.h"

namespace beian::sim {
namespace {

constexpr size_t kLastEvents = 30;

}  // namespace

std::string ReplayCommand(const Options& options, std::string_view invariant) {
  return RunCommand(options) + (invariant == "I13" ? " --check-determinism 1" : "");
}

std::string TellFailure(const Chain& chain, const Options& options, const Finding& first) {
  Diagram diagram(options);
  std::deque<std::string> last;
  const auto watch = [&](const Traced& traced) {
    diagram.Take(traced);
    last.push_back(Line(traced));
    if (last.size() > kLastEvents) last.pop_front();
  };
  const Outcome outcome = RunSeed(chain, {options, false, watch});
  std::string text = fmt::format("FAILED seed {}\n  {}: {}\n", options.seed, first.invariant,
                                 first.what);
  for (const Finding& finding : outcome.findings) {
    if (finding != first) text += fmt::format("  {}: {}\n", finding.invariant, finding.what);
  }
  text += fmt::format("  options: {}\n\n", options.Describe());
  for (const std::string& line : last) text += fmt::format("  | {}\n", line);
  text += fmt::format("\n{}\n", diagram.Draw());
  return text + fmt::format("  replay: {} --trace\n",
                            ReplayCommand(options, first.invariant));
}

}  // namespace beian::sim
