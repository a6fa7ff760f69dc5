#pragma once

#include <vector>

#include "ledger/chain/genesis.h"
#include "ledger/chain/transaction.h"

namespace beian::sim {

/// A genesis of `nodes` validators and all offices. Made once, since its keys are real (genesis
/// refuses others), and shared by every seed.
struct Chain {
  Genesis genesis;
  std::vector<PublicKey> offices;      ///< by the place of their province in Provinces()
  PublicKey cac;
};
Chain MakeChain(size_t nodes);

/// A client's key, and a transaction with a signature that only looks like one: the driver is what
/// verifies signatures, and the simulator's knows what it made.
PublicKey ClientKey(uint64_t number);
struct TransactionDraft {
  PublicKey signer;
  uint64_t nonce = 0;
  TimeMs expiry;
  v1::Action action;
};
TransactionPtr MakeTransaction(const ChainId& chain, const TransactionDraft& draft);

}  // namespace beian::sim
