#pragma once

#include "sim/report/seed_record.h"

namespace beian::sim {

/// A run and what is kept of it, with the time that it took this machine.
struct Measured {
  Outcome outcome;
  SeedRecord record;
};
/// `twice`: by RunTwice; the time is that of both runs, all else that of the first.
Measured RunMeasured(const Chain& chain, const RunRequest& request, bool twice);

}  // namespace beian::sim
