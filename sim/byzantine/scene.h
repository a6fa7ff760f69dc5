#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "ledger/chain/execute.h"
#include "node/consensus/messages.h"
#include "sim/byzantine/book.h"
#include "sim/checkers/votes.h"
#include "sim/oracle.h"
#include "sim/random.h"

namespace beian::sim {

/// What a dishonest validator sees and can do at one moment. It sees all; it can sign for nobody
/// but itself, and what it sends travels over its own links.
struct Scene {
  ValidatorIndex self;
  const Genesis& genesis;
  const LeaderSchedule& leaders;
  const VoteChecker& votes;
  SignatureOracle& oracle;
  Book& book;
  Random& random;
  const std::vector<ValidatorIndex>& honest;
  const std::vector<TransactionPtr>& transactions;   ///< all that clients have made, oldest first
  View top;                                          ///< highest view of an honest replica
  TimeMs wall;
  /// `sender_view`: what the envelope claims.
  std::function<void(ValidatorIndex to, Message message, View sender_view)> send;

  void Send(ValidatorIndex to, Message message) const { send(to, std::move(message), top); }
  /// To each honest one with that chance.
  void SendSome(const Message& message, uint64_t per_mille) const;

  Vote Sign(const Statement& statement) const;
  /// A certificate from all who signed that statement and this validator; nothing if too few did.
  std::optional<Certificate> Assemble(const Statement& statement) const;
  std::optional<Certificate> Notarization(View view) const;
  std::optional<Certificate> Nullification(View view) const;
  std::optional<Certificate> Finalization(View view) const;
  /// Certified block at a view, the root at 0.
  std::optional<BlockId> CertifiedAt(View view) const;
  /// Highest view below `view` with a certified block.
  View ParentBelow(View view) const;
  /// Evidence for the parent, and for the views between as far as there is any.
  std::vector<Certificate> Justify(View parent_view, View view) const;

  struct Draft {
    View view;
    View parent_view;
    uint64_t later_ms = 0;                       ///< than it need be
    std::vector<TransactionPtr> transactions;    ///< those that fit are taken
  };
  /// A block that is valid on its parent; nothing when its parent's state is out of reach.
  BlockPtr Build(const Draft& draft) const;
  Proposal Propose(const Draft& draft, const BlockPtr& block) const;
  /// Up to `count` of the clients' youngest transactions.
  std::vector<TransactionPtr> Youngest(size_t count) const;
};

}  // namespace beian::sim
