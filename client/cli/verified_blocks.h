#pragma once

#include <expected>
#include <vector>

#include "client/sdk/client.h"
#include "ledger/verify/chain_walk.h"

namespace beian::client {

/// The blocks of heights `first` to `last`, or fewer when the node bounds its reply, at least one.
/// Each is final by its own proof and holds exactly the transactions of its header; `level` says
/// whether their signatures are checked. The results beside them are the node's word: a receipt
/// proves them. Errors: "block.unknown" when the chain does not reach `first`; audit.*.
std::expected<std::vector<PreparedBlock>, ClientError> FetchBlocks(Client& client, Height first,
                                                                   Height last, AuditLevel level);

}  // namespace beian::client
