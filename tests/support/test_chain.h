#pragma once

#include <cstdint>
#include <vector>

#include "ledger/chain/certificate.h"
#include "ledger/chain/execute.h"
#include "tests/support/fixture.h"
#include "tests/support/memory_state.h"

namespace beian {

/// A chain that grows without consensus: every block is executed on the last one, a second later.
class TestChain {
 public:
  explicit TestChain(size_t n = 4);

  const GenesisFixture& fixture() const { return fixture_; }
  const Genesis& genesis() const { return fixture_.genesis; }
  const MemoryState& state() const { return state_; }
  const Header& tip() const { return tip_; }
  TimeMs NextTime() const { return tip_.time + 1'000; }

  /// A submission by a client of its own that expires soon after the next block.
  TransactionPtr Submit(uint64_t salt) const;
  /// A transaction of `actions` signed by `key`, likewise.
  TransactionPtr Sign(std::vector<v1::Action> actions, const PrivateKey& key) const;
  /// The filing that the first action of `transaction` makes.
  static FilingId FilingOf(const TransactionPtr& transaction);

  /// A good block on the tip, proposed by validator 0 in the next view that it leads.
  BlockPtr Make(std::vector<TransactionPtr> transactions) const;
  /// Makes a block and moves the tip to it; its execution stays in last().
  BlockPtr Extend(std::vector<TransactionPtr> transactions);
  const Execution& last() const { return last_; }

  /// The certificate that the first q validators sign.
  Certificate Certify(const Statement& statement) const;
  Certificate Finalize(const Header& header) const;

 private:
  GenesisFixture fixture_;
  MemoryState state_;
  Header tip_;
  LeaderSchedule leaders_;
  Execution last_;
};

}  // namespace beian
