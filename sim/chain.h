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
/// A filing that passes CheckContent. The subject follows from the provider.
struct FilingDraft {
  uint64_t provider = 0; ///< below a thousand million
  size_t office = 0;     ///< place of the province in Provinces()
  size_t number = 0;     ///< of the service
};
v1::Filing MakeFiling(const FilingDraft& draft);
struct TransactionDraft {
  PublicKey signer;
  uint64_t nonce = 0;
  TimeMs expiry;
  v1::Action action;
};
TransactionPtr MakeTransaction(const ChainId& chain, const TransactionDraft& draft);
/// The same body with another signature of its signer: the same id, other octets.
TransactionPtr SignAgain(const ChainId& chain, const Transaction& transaction);

}  // namespace beian::sim
