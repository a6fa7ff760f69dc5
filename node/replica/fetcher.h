#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "node/consensus/effects.h"
#include "node/mempool/mempool.h"

namespace beian {

/// Gets what blocks need: the transactions of a proposal that gossip has not brought, and bodies
/// that only a certificate names. One question per block is open at a time; an unanswered one goes
/// to the next peer. Keys come from verified data only. Bounded by kFetchesMax. Pure.
class Fetcher {
 public:
  Fetcher(size_t validators, std::optional<ValidatorIndex> self)
      : validators_(validators), self_(self) {}

  /// A proposal to complete. Asks its leader for what `mempool` lacks. The block when complete.
  BlockPtr WantProposal(Now now, const Proposal& proposal, const Mempool& mempool,
                        std::vector<Send>& sends);
  /// The body of a block that is certified in `view`, or parent of one that was proposed in it.
  void WantBody(Now now, const BlockId& id, View view, std::vector<ValidatorIndex> holders,
                std::vector<Send>& sends);
  bool WantsBody(const BlockId& id) const { return bodies_.contains(id); }

  /// Proposals that `transactions` complete.
  std::vector<BlockPtr> OnTransactions(const std::vector<TransactionPtr>& transactions);
  void OnBody(const BlockId& id);                 ///< it is here: stop asking
  void DropProposalsBelow(View view);  ///< their views are over; certified ones have bodies
  /// A block of this view is committed: bodies wanted for it or before are here, or of a branch
  /// that was given up and may be kept by nobody.
  void DropBodiesUpTo(View committed);
  void Retry(Now now, std::vector<Send>& sends);
  std::optional<SteadyMs> NextDeadline() const;

 private:
  struct Question {
    std::vector<ValidatorIndex> holders;
    size_t next = 0;
    SteadyMs ask_at;
  };
  struct Incomplete {
    Proposal proposal;
    std::vector<TransactionPtr> transactions;     ///< null where missing
    std::map<WireId, std::vector<size_t>> missing;   ///< places; more than one in an invalid block
    Question question;
  };
  struct WantedBody {
    View view;
    Question question;
  };
  Question MakeQuestion(Now now, std::vector<ValidatorIndex> holders) const;
  std::optional<ValidatorIndex> NextHolder(Now now, Question& question) const;
  void Ask(Now now, Incomplete& incomplete, std::vector<Send>& sends) const;
  static BlockPtr Complete(const Incomplete& incomplete);

  size_t validators_;
  std::optional<ValidatorIndex> self_;
  std::map<BlockId, Incomplete> proposals_;
  std::map<BlockId, WantedBody> bodies_;
};

inline constexpr size_t kFetchesMax = 256;
inline constexpr uint64_t kFetchRetryMs = 300;
/// Gossip usually brings what is missing a moment later.
inline constexpr uint64_t kFetchPatienceMs = 5;

}  // namespace beian
