#pragma once

#include <memory>

#include "client/audit/audit.h"
#include "client/cli/command.h"
#include "client/cli/session.h"

/// Where a walk gets its blocks from and how it shows its progress: shared by audit, stats and
/// import.
namespace beian::client {

/// --export, --data-dir, --to, --threads, --progress-file.
std::vector<Option> WalkOptionList();

/// An export file, the store of a stopped node through `beiand --export`, or the nodes; nothing is
/// read when the options do not fit together.
std::expected<std::unique_ptr<BlockSource>, ClientError> OpenSource(Session& session,
                                                                    const Values& values,
                                                                    AuditLevel level);

/// Runs the audit with a progress bar; ends early when interrupted. `ids`, unless null, takes the
/// id of every good block, from height 1.
AuditReport Walk(Session& session, const Values& values, const Genesis& genesis,
                 BlockSource& source, ChainWalk& walk, AuditLevel level,
                 std::vector<BlockId>* ids = nullptr);

/// Text of the report: scope, verdict, counts, limits, the finding with a command to reproduce it.
std::string AuditText(const Session& session, const Values& values, const AuditReport& report,
                      const Genesis& genesis);

/// 0 only when everything asked for was checked.
Exit ExitOfAudit(const AuditReport& report);

/// `chain import`: verifies an export file and says what it holds.
Command ImportCommand();
/// `audit evidence`: who signed two statements that no honest validator signs both.
Command EvidenceCommand();

}  // namespace beian::client
