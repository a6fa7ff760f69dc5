#pragma once

#include "client/cli/command.h"
#include "client/cli/session.h"

namespace beian::client {

inline constexpr uint64_t kBulkConnectionsMax = 32;
inline constexpr uint64_t kBulkBatchRowsMax = 256;  ///< a node takes 512 in one request

/// `filing submit --bulk FILE`: one transaction for each row of a CSV or NDJSON file. Columns are
/// the paths of a filing file ("service.name") and key_file, the key that signs the row.
///
/// Every signed row is in the result file, synced, before it is sent; so a run that was interrupted
/// sends the same octets again, and no row is filed twice: a row is known by its content and its
/// key, wherever it stands. What a key has filed by other ways is refused unless --again is given;
/// each key's filings are listed once. Bad rows are reported by row and column and the others go
/// on. The result file has mode 0600: it holds the salts.
CommandResult SubmitBulk(Session& session, const Values& values);

}  // namespace beian::client
