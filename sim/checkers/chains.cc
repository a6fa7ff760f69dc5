#include "sim/checkers/chains.h"

#include <fmt/format.h>

namespace beian::sim {

ChainChecker::ChainChecker(const Genesis& genesis, VoteVerifier verifier, Findings& findings)
    : genesis_(genesis),
      verifier_(std::move(verifier)),
      findings_(findings),
      next_(genesis.validators.size(), Height(1)) {
  const Header root = RootHeader(genesis);
  chain_.push_back({root.id(), root});
}

void ChainChecker::OnStart(ValidatorIndex node, Height tip) { next_[node.value()] = tip.Next(); }

void ChainChecker::Broken(ValidatorIndex node, const Header& header, std::string_view rule) {
  findings_.Add("I3", fmt::format("validator {} commits height {} view {}: {}", node.value(),
                                  header.height.value(), header.view.value(), rule));
}

void ChainChecker::OnCommit(ValidatorIndex node, const CommitBlock& commit, TimeMs latest) {
  const Header& header = commit.block->header;
  Height& next = next_[node.value()];
  if (header.height != next) {
    return Broken(node, header, fmt::format("height {} is due", next.value()));
  }
  next = next.Next();
  if (commit.block->id != header.id()) Broken(node, header, "its id is not its header's");
  if (commit.execution->map_root != header.map_root) Broken(node, header, "another map root");
  if (commit.execution->log_root != header.log_root) Broken(node, header, "another log root");
  CheckProof(node, commit);
  if (header.height <= height()) {
    if (chain_[header.height.value()].id != commit.block->id) {
      Broken(node, header, "another block is final at this height");
    }
    return;
  }
  if (header.height != height().Next() || header.parent != chain_.back().id) {
    return Broken(node, header, "its parent is not the block below");
  }
  CheckNew(commit, latest);
  chain_.push_back({commit.block->id, header});
  if (observer_) observer_(commit);
}

void ChainChecker::CheckNew(const CommitBlock& commit, TimeMs latest) {
  const Header& header = commit.block->header;
  const Header& parent = chain_.back().header;
  if (header.time <= parent.time) Broken(header.proposer, header, "time stands still");
  if (header.time > latest) Broken(header.proposer, header, "its time has not come");
  const bool hasty = header.time < parent.time + kEmptyBlockGapMs;
  if (header.tx_count == 0 && hasty) Broken(header.proposer, header, "an empty block in a hurry");
  if (header.view <= parent.view) Broken(header.proposer, header, "view goes back");
}

void ChainChecker::CheckProof(ValidatorIndex node, const CommitBlock& commit) {
  const FinalityProof& proof = commit.proof;
  BlockId at = commit.block->id;
  for (const Header& child : proof.descendants) {
    if (child.parent != at) return Broken(node, commit.block->header, "its proof has a gap");
    at = child.id();
  }
  const Certificate& finalization = proof.finalization;
  if (finalization.statement.kind != VoteKind::kFinalize || finalization.statement.id != at) {
    return Broken(node, commit.block->header, "its proof finalizes another block");
  }
  if (!VerifyCertificate(finalization, genesis_.chain_id, genesis_.validators, verifier_)) {
    Broken(node, commit.block->header, "its finalization does not verify");
  }
}

}  // namespace beian::sim
