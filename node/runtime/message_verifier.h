#pragma once

#include <deque>
#include <mutex>
#include <unordered_set>

#include "ledger/chain/genesis.h"
#include "node/consensus/messages.h"

namespace beian {

/// Wire ids of transactions whose signature is known to be good: the newest. Any thread.
class VerifiedCache {
 public:
  bool Contains(const WireId& id) const;
  void Add(const WireId& id);

 private:
  struct Hash {
    size_t operator()(const WireId& id) const;   ///< the first octets: the id is a hash already
  };
  mutable std::mutex mutex_;
  std::unordered_set<WireId, Hash> ids_;
  std::deque<WireId> order_;
};
inline constexpr size_t kVerifiedMax = 65'536;

/// Checks every signature of a message, on the pool; only what passes reaches the replica. Blocks
/// of catch-up are final: their proof is checked, their clients' signatures were by a quorum.
class MessageVerifier {
 public:
  explicit MessageVerifier(const Genesis& genesis) : genesis_(genesis) {}
  bool VerifyMessage(const Message& message);
  bool VerifyTransaction(const TransactionPtr& transaction);   ///< remembers what passed

 private:
  bool VerifyAll(const std::vector<TransactionPtr>& transactions);
  bool Verify(const Vote& vote) const;
  bool Verify(const Certificate& certificate) const;
  bool Verify(const Proposal& proposal) const;
  bool Verify(const ReentryAnswer& answer) const;

  const Genesis& genesis_;
  VerifiedCache verified_;
};

}  // namespace beian
