#pragma once

#include <string>
#include <vector>

#include "node/store/block_store.h"
#include "tests/support/fixture.h"
#include "tests/support/memory_state.h"

namespace beian {

/// Makes blocks as the replica hands them to the store, and keeps all of it as a model in memory.
class StoreChain {
 public:
  StoreChain() : fixture_(MakeGenesis(4)), tip_(RootHeader(fixture_.genesis)) {}

  const Genesis& genesis() const { return fixture_.genesis; }

  /// A block of these transactions on the last one, `step_ms` later.
  CommitBlock Add(const std::vector<TransactionPtr>& transactions, uint64_t step_ms = 2'000);
  /// One that `signer` signs, with these actions.
  TransactionPtr Sign(const PrivateKey& signer, std::vector<v1::Action> actions);
  /// By a provider of its own for each salt.
  TransactionPtr Submit(uint64_t salt, std::string_view division = "110105");

  /// Ten or so blocks: filings of two provinces go all the way to a published set, others stay on
  /// the way or are refused; empty blocks; a transaction whose action fails.
  void AddLifecycles();

  const std::vector<CommitBlock>& blocks() const { return blocks_; }
  const MemoryState& state() const { return state_; }
  const Header& tip() const { return tip_; }
  /// Octets of every log entry so far.
  const std::vector<Bytes>& entries() const { return entries_; }
  std::vector<FilingRecord> Filings() const;
  /// Ids of the filings in order of submission.
  const std::vector<FilingId>& submissions() const { return submissions_; }

 private:
  GenesisFixture fixture_;
  MemoryState state_;
  Header tip_;
  std::vector<CommitBlock> blocks_;
  std::vector<Bytes> entries_;
  std::vector<FilingId> submissions_;
  uint64_t salt_ = 1'000;
};

/// Every read of the interface says what the chain says.
void ExpectHolds(const BlockReader& reader, const StoreChain& chain);

}  // namespace beian
