#pragma once

#include <map>
#include <optional>
#include <vector>

#include "ledger/verify/chain_walk.h"
#include "ledger/verify/proofs.h"
#include "tests/support/fixture.h"
#include "tests/support/memory_state.h"

namespace beian {

/// A chain without consensus that also proves what it holds, and that can be made to lie: its
/// validators sign whatever header they are given.
class SmallLedger {
 public:
  explicit SmallLedger(size_t n = 4);
  ~SmallLedger();

  const GenesisFixture& fixture() const { return fixture_; }
  const Genesis& genesis() const { return fixture_.genesis; }
  const Header& tip() const { return tip_; }
  const MemoryState& state() const { return state_; }
  const std::vector<StoredBlock>& blocks() const { return blocks_; }

  /// A header for the next block, good in everything that does not follow from its transactions.
  Header NextHeader(TimeMs time) const;

  /// Adds a good block and returns the results of its transactions. Without a time it is a second
  /// later than the tip.
  std::vector<TransactionResult> Extend(const std::vector<TransactionPtr>& transactions,
                                        std::optional<TimeMs> time = std::nullopt);

  /// A finalization of any header by the first q validators.
  FinalityProof Finalize(const Header& header) const;
  Certificate Certify(const Statement& statement, size_t signers) const;
  Bytes Seal(const Header& header) const;  ///< Finalize, encoded

  bool Holds(const TransactionId& id) const { return places_.contains(id); }
  /// As of the tip.
  Receipt ReceiptOf(const TransactionId& id) const;
  RecordProof ProofOf(const MapKey& key) const;

 private:
  TileReader Reader() const;

  GenesisFixture fixture_;
  MemoryState state_;
  Header tip_;
  LeaderSchedule leaders_;
  std::vector<StoredBlock> blocks_;
  std::vector<Bytes> entries_;
  std::map<TileId, Bytes> tiles_;
  std::map<TransactionId, LogIndex> places_;
};

}  // namespace beian
