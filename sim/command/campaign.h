#pragma once

#include <string>
#include <vector>

#include "sim/canaries/hunt.h"

namespace beian::sim {

/// What `beian-sim campaign` is told.
struct CampaignArguments {
  std::string dir;                          ///< its state and its reports; made if missing
  uint64_t budget_s = 1'800;                ///< no seed is begun later than that
  size_t jobs = 1;                          ///< seeds at a time
  std::vector<size_t> nodes = {4, 7, 10};   ///< sizes of clusters
  uint64_t first = 0;
  uint64_t end = UINT64_MAX;                ///< of the seeds, not included
  std::vector<std::string> settings;        ///< "name=value", over what a campaign mixes
  Bug bug;                                  ///< switched on
  bool once = false;                        ///< no second run of each seed to compare with
};

/// Runs seeds in processes of their own until the budget, the seeds or a signal ends it, and goes
/// on where an earlier run in the same folder stopped or was killed. Writes to `dir`:
///   seeds.ndjson             a line for each finished seed; the only state
///   report.json, report.md   sums of all of them, every half a minute and at the end
///   failures/N-SEED.txt      the story of each failure
/// Returns the exit code: 1 when a seed has failed, now or earlier; 2 when it cannot run.
int RunCampaign(const CampaignArguments& arguments);

}  // namespace beian::sim
