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

std::string TellFailure(const Chain& chain, const Options& options,
                        const std::vector<Finding>& findings) {
  Diagram diagram(options);
  std::deque<std::string> last;
  RunSeed(chain, {options, false, [&](const Traced& traced) {
                    diagram.Take(traced);
                    last.push_back(Line(traced));
                    if (last.size() > kLastEvents) last.pop_front();
                  }});
  std::string text = fmt::format("FAILED seed {} with {} validators\n", options.seed,
                                 options.nodes);
  for (const Finding& finding : findings) {
    text += fmt::format("  {}: {}\n", finding.invariant, finding.what);
  }
  text += fmt::format("  options: {}\n\n", options.Describe());
  for (const std::string& line : last) text += fmt::format("  | {}\n", line);
  text += fmt::format("\n{}\n", diagram.Draw());
  return text + fmt::format("  replay: {} --trace\n",
                            ReplayCommand(options, findings.front().invariant));
}

}  // namespace beian::sim
