#pragma once

#include <string>

#include "sim/report/summary.h"

namespace beian::sim {

/// The tables of a summary in Markdown, padded so that they are read as well without it. Every
/// fault and every strategy has its row, also one that never fired.
std::string SummaryText(const Summary& summary);
/// The same numbers for a script, and the failures.
Json SummaryJson(const Summary& summary);

}  // namespace beian::sim
