#pragma once

#include <string>

#include "client/cli/command.h"
#include "client/cli/session.h"

namespace beian::client {

/// What is wrong with the rows, for people: rows with one fault stand together, and the first of
/// them are named. Empty when nothing is.
std::string FailureText(const Json& rows);

/// The report of a bulk submission: the faults by row, the summary that ReportRows makes, where the
/// results are and what to do next. `file` is that of the rows; `results_file` is empty when none
/// was written.
CommandResult BulkReport(Session& session, Json rows, const std::string& file,
                         const std::string& results_file);

}  // namespace beian::client
