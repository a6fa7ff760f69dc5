#pragma once

#include <functional>
#include <vector>

#include "ledger/chain/certificate.h"
#include "ledger/chain/genesis.h"
#include "node/replica/events.h"
#include "sim/checkers/findings.h"

namespace beian::sim {

/// I3: all committed chains are beginnings of one chain: the same block, state and time at a
/// height, each height once and in order, each final by a proof that verifies; an empty block at
/// least a second after its parent, no block later than honest clocks allow.
class ChainChecker {
 public:
  ChainChecker(const Genesis& genesis, VoteVerifier verifier, Findings& findings);
  void OnStart(ValidatorIndex node, Height tip);
  /// `latest`: the fastest honest clock, and how far ahead of its own clock a validator accepts.
  void OnCommit(ValidatorIndex node, const CommitBlock& commit, TimeMs latest);
  /// Called once for every height, when its block is first committed anywhere.
  void OnFirst(std::function<void(const CommitBlock&)> observer) {
    observer_ = std::move(observer);
  }
  Height height() const { return Height(chain_.size() - 1); }
  const Header& At(Height height) const { return chain_.at(height.value()).header; }

 private:
  struct Link {
    BlockId id;
    Header header;
  };
  void CheckNew(const CommitBlock& commit, TimeMs latest);
  void CheckProof(ValidatorIndex node, const CommitBlock& commit);
  void Broken(ValidatorIndex node, const Header& header, std::string_view rule);

  const Genesis& genesis_;
  VoteVerifier verifier_;
  Findings& findings_;
  std::vector<Link> chain_;      ///< from height 0
  std::vector<Height> next_;     ///< by validator: the height it must commit next
  std::function<void(const CommitBlock&)> observer_;
};

}  // namespace beian::sim
