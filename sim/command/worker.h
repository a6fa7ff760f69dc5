#pragma once

#include "sim/command/apart.h"
#include "sim/report/seed_record.h"

namespace beian::sim {

/// A seed in a process of its own: a check that fails inside a replica is a failure like others.
struct SeedWork {
  Options options;
  bool twice = false;      ///< by RunTwice; the time is that of both runs, all else of the first
  bool trace = false;      ///< every event and action to the standard output
};
/// `chain` is needed until it has ended.
Apart StartSeed(const Chain& chain, const SeedWork& work);
/// What became of it. A process that was killed or died has failed with "abort".
SeedRecord RecordOf(const Options& options, const Apart::End& end);

/// The story of a failure, for people (sim/report/story.h). A run that ends its process tells no
/// more than its finding.
std::string TellApart(const Chain& chain, const Options& options, const Failure& failure);

}  // namespace beian::sim
