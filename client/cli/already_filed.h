#pragma once

#include <expected>
#include <span>

#include "beian/v1/transaction.pb.h"
#include "client/sdk/client.h"

namespace beian::client {

/// Refuses a submission when one of the filings is on the ledger already: the same service of the
/// same subject, signed by the same key, and not refused since. A node lists the key's filings, and
/// the one it shows is believed only with its proof. What a node conceals, or what is in no block
/// yet, is not found: then the ledger gets two filings, of which an office refuses one.
/// Errors: "filing.already_filed" with the id of the filing that stands.
std::expected<void, ClientError> RefuseAlreadyFiled(Client& client, const KeyId& owner,
                                                    std::span<const v1::Filing* const> filings);

}  // namespace beian::client
