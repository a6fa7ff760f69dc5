#pragma once

#include <expected>
#include <filesystem>
#include <optional>

#include "client/cli/session.h"
#include "client/sdk/filing_input.h"
#include "ledger/filing/record.h"

/// What a filing says now, on the ledger.
namespace beian::client {

/// From the transaction that the verified record names; nothing when no node shows it.
std::expected<v1::Filing, ClientError> ContentInForce(Client& client, const FilingRecord& record);

/// What anybody can read of it.
v1::Filing WithoutCommitments(v1::Filing filing);

/// Refuses a supplement that says what the ledger holds already: it would use up the step. Salts
/// hide whether the personal data is the same, so it is compared with what was kept in `folder` of
/// the content in force; without that, only the public fields are, and the error says so.
/// Errors: "filing.unchanged", "filing.unknown", those of the node.
std::expected<void, ClientError> RefuseUnchanged(Client& client, const FilingId& id,
                                                 const BuiltFiling& built,
                                                 const std::filesystem::path& folder);

}  // namespace beian::client
