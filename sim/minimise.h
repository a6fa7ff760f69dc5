#pragma once

#include <functional>
#include <optional>

#include "sim/checkers/findings.h"
#include "sim/options.h"

namespace beian::sim {

/// The first finding of a run with these options; nothing when it passes.
using Judge = std::function<std::optional<Finding>(const Options& options)>;

struct Minimised {
  Options options;     ///< the shortest that were found
  Finding finding;     ///< theirs
  size_t runs = 0;     ///< that the search took
};

/// Looks for shorter options that break the same invariant: switches faults, dishonest validators
/// and clients off one by one and halves durations and numbers, until nothing more can go. Nothing
/// when these options do not fail.
std::optional<Minimised> Minimise(const Options& options, const Judge& judge);

}  // namespace beian::sim
