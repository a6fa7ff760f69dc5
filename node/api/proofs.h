#pragma once

#include <optional>

#include "ledger/verify/chain_walk.h"
#include "ledger/verify/proofs.h"
#include "node/store/block_store.h"

namespace beian {

/// Proofs as of the tip of one snapshot, for ledger/verify. Nothing when the chain has no block
/// yet, so that there is no certificate; a store that lacks what it must hold aborts the process
/// itself.
std::optional<Receipt> MakeReceipt(const BlockReader& reader, const TransactionPlace& place);
/// With the record or its absence.
std::optional<RecordProof> MakeRecordProof(const BlockReader& reader, const MapKey& key);
/// Nothing when there is no such block; height 0 has none.
std::optional<StoredBlock> MakeStoredBlock(const BlockReader& reader, Height height,
                                           size_t set_size);

}  // namespace beian
