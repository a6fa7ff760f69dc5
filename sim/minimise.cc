#include "sim/minimise.h"

#include <algorithm>

#include "sim/option_fields.h"

namespace beian::sim {
namespace {

constexpr size_t kRunsMax = 500;   // some minutes

class Search {
 public:
  Search(Minimised& best, const Judge& judge) : best_(best), judge_(judge) {}

  /// One pass over all fields. True when something could go.
  bool Pass() {
    bool better = false;
    for (const OptionField& field : OptionFields()) {
      better = SwitchOff(field) || better;
      better = Halve(field) || better;
    }
    return better;
  }

 private:
  bool SwitchOff(const OptionField& field) {
    return field.calm && field.Get(best_.options) != *field.calm && Try(field, *field.calm);
  }

  bool Halve(const OptionField& field) {
    bool better = false;
    while (field.least) {
      const uint64_t value = field.Get(best_.options);
      const uint64_t half = std::max(*field.least, value / 2);
      if (half >= value || !Try(field, half)) break;
      better = true;
    }
    return better;
  }

  bool Try(const OptionField& field, uint64_t value) {
    Options candidate = best_.options;
    field.Set(candidate, value);
    if (best_.runs >= kRunsMax || !Consistent(candidate)) return false;
    ++best_.runs;
    auto finding = judge_(candidate);
    if (!finding || finding->invariant != best_.finding.invariant) return false;
    best_.options = candidate;
    best_.finding = *std::move(finding);
    return true;
  }

  Minimised& best_;
  const Judge& judge_;
};

}  // namespace

std::optional<Minimised> Minimise(const Options& options, const Judge& judge) {
  auto finding = judge(options);
  if (!finding) return std::nullopt;
  Minimised best{options, *std::move(finding), 1};
  Search search(best, judge);
  while (search.Pass()) continue;
  return best;
}

}  // namespace beian::sim
