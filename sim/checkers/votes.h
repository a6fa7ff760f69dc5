#pragma once

#include <map>
#include <set>

#include "ledger/chain/certificate.h"
#include "ledger/chain/validator_set.h"
#include "node/consensus/messages.h"
#include "sim/checkers/findings.h"

namespace beian::sim {

/// Every vote of `self` that a message carries, in certificates too.
std::vector<Statement> OwnVotesIn(const Message& message, ValidatorIndex self);

/// Sees every vote that any validator ever made durable or sent, and counts what could be put
/// together from them, whoever received them.
///   I1  no two notarizations, no two finalizations, no nullification with a finalization of a view
///   I2  each validator's votes in a view, over all its restarts and lost logs: nothing -> N -> F,
///       N -> X, X, F; never two different N, two different F, X with F, N after X or F
///   I4  a certificate is kept only if a quorum has signed it; N only above a notarized (or root)
///       parent with every view between nullified
class VoteChecker {
 public:
  VoteChecker(const ValidatorSet& set, const BlockId& root, Findings& findings);
  /// A block that somebody may vote for; before its votes.
  void OnHeader(const Header& header);
  /// Its votes count for certificates, and that is all that holds for it.
  void SetDishonest(ValidatorIndex signer) { dishonest_.insert(signer); }
  void OnVote(ValidatorIndex signer, const Statement& statement);
  /// `holder` keeps it; after the votes in it.
  void OnCertificate(ValidatorIndex holder, const Certificate& certificate);
  size_t votes() const { return count_; }
  size_t quorum() const { return quorum_; }
  using Signers = std::set<ValidatorIndex>;
  /// Who voted what in a view.
  const std::map<Statement, Signers>& StatementsAt(View view) const;

 private:
  struct Own {
    std::optional<Statement> notarize;
    bool nullify = false;
    std::optional<Statement> finalize;
  };
  struct ViewVotes {
    std::map<Statement, Signers> signers;
    std::map<ValidatorIndex, Own> own;
  };
  void CheckAutomaton(ValidatorIndex signer, const Statement& statement, Own& own);
  void CheckCertificates(const Statement& statement, const ViewVotes& votes);
  void CheckParent(ValidatorIndex signer, const Statement& statement);
  bool Notarized(Epoch epoch, View view, const BlockId& id) const;
  bool Nullified(Epoch epoch, View view) const;

  size_t quorum_;
  BlockId root_;
  Findings& findings_;
  std::map<std::pair<Epoch, View>, ViewVotes> views_;
  std::map<BlockId, BlockId> parents_;
  std::set<ValidatorIndex> dishonest_;
  size_t count_ = 0;
};

}  // namespace beian::sim
