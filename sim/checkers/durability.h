#pragma once

#include <set>
#include <vector>

#include "node/consensus/log_record.h"
#include "sim/checkers/findings.h"
#include "sim/checkers/votes.h"

namespace beian::sim {

/// Keeps for every validator a shadow of its log: what has been appended, and what of that is
/// synced, and judges every message at the moment it leaves.
///   I2  what its log holds as voted it does not vote again
///   I5  a FINALIZE leaves only with its notarization synced
///   I6  a vote leaves only with its record synced; a proposal with its own and its block's record;
///       nothing of the kind leaves a validator that lost its log before its floor is synced, and
///       no vote at or below the floor ever; the floor rests on the answers of a quorum and is not
///       below any view it has voted in
///   I8  a NOTARIZE leaves only with the block's body synced
class DurabilityChecker {
 public:
  DurabilityChecker(size_t nodes, VoteChecker& votes, Findings& findings);
  void OnAppend(ValidatorIndex node, const LogRecord& record);
  void OnSync(ValidatorIndex node);
  void OnSend(ValidatorIndex node, const Message& message);
  /// `answerer` has told it in what view it is, for its re-entry.
  void OnAnswer(ValidatorIndex node, ValidatorIndex answerer) {
    shadows_[node.value()].answerers.insert(answerer);
  }
  /// Of the unsynced records the first `kept` are on the disk all the same.
  void OnCrash(ValidatorIndex node, size_t kept);
  void OnLost(ValidatorIndex node);
  /// What a restart finds, for I7: views of the last synced finalization and own vote.
  View FinalView(ValidatorIndex node) const { return shadows_[node.value()].final_view; }
  View VotedView(ValidatorIndex node) const { return shadows_[node.value()].voted_view; }
  /// The floor of the last re-entry; 0: none since the log was made.
  View Floor(ValidatorIndex node) const { return shadows_[node.value()].floor; }

 private:
  struct Shadow {
    std::vector<LogRecord> pending;
    std::set<Statement> votes;                      ///< ever synced, also in logs since lost
    std::set<Statement> logged;                     ///< synced in this log
    std::set<std::pair<View, BlockId>> notarized;   ///< certificates in the log
    std::set<BlockId> bodies;
    std::set<BlockId> proposals;
    std::set<ValidatorIndex> answerers;             ///< since its start
    bool muted = false;
    View floor;
    View final_view;
    View voted_view;
  };
  void Keep(ValidatorIndex node, const LogRecord& record);
  void KeepVote(ValidatorIndex node, const Statement& statement);
  void KeepFloor(ValidatorIndex node, View floor);
  void CheckVote(ValidatorIndex node, const Statement& statement, bool direct);

  std::vector<Shadow> shadows_;
  VoteChecker& votes_;
  Findings& findings_;
};

}  // namespace beian::sim
