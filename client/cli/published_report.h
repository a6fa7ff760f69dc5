#pragma once

#include "client/cli/command.h"
#include "client/cli/session.h"
#include "client/published/comparison.h"

/// The published tables: `set plan`, and `stats sets` and `stats provinces` beside them.
namespace beian::client {

/// `set plan`: the filings of published sets as a file for `filing submit --bulk`.
Command SetPlanCommand();

/// --published, --sets: for the commands that compare.
std::vector<Option> PublishedOptionList();

/// What was counted from a replayed chain beside what --published holds. The exit is kFailed, and
/// every cell that differs is named, unless all are the same. `basis` says where it was counted.
CommandResult CompareSetsReport(Session& session, const Values& values, const CountedSets& counts,
                                Json basis);
CommandResult CompareProvincesReport(Session& session, const Values& values,
                                     const CountedSets& counts, Json basis);

}  // namespace beian::client
