#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/cli/actions.h"

/// Submissions whose fate is not known: until it is, the transaction of a form stands in
/// DIGEST.pending beside the personal data, so that a second run sends it and signs no other.
namespace beian::client {

inline constexpr std::string_view kPendingEnding = ".pending";

/// The personal data of one action of a transaction.
std::filesystem::path DisclosureFile(const std::filesystem::path& folder, const TransactionId& id,
                                     size_t action);

/// The transaction that an earlier run sent for the form, unless none did, or it has expired.
std::optional<SignedActions> FindPending(Session& session, Client& client, const std::string& file);

/// One transaction carries several forms: it is sent once.
void AddPending(std::vector<SignedActions>& all, SignedActions found);

/// The transactions whose fate is not known that stand in `folder`.
std::vector<TransactionPtr> PendingIn(const ChainId& chain, const std::filesystem::path& folder);

/// Refuses to sign `filing` while a submission of the same service by the same key, in another
/// form, is under way: one of `unfinished`.
/// Errors: "filing.submission_under_way" with the id of the transaction.
std::expected<void, ClientError> RefuseUnderWay(Client& client, const KeyId& owner,
                                                std::span<const TransactionPtr> unfinished,
                                                const v1::Filing& filing);

}  // namespace beian::client
