#include "sim/checkers/votes.h"

#include <fmt/format.h>

namespace beian::sim {
namespace {

std::string Name(const Statement& statement) {
  return fmt::format("{} view {} parent view {} block {}", VoteKindName(statement.kind),
                     statement.view.value(), statement.parent_view.value(),
                     statement.id.hex().substr(0, 8));
}

}  // namespace

std::vector<Statement> OwnVotesIn(const Message& message, ValidatorIndex self) {
  std::vector<Statement> own;
  const auto look = [&](const Certificate& certificate) {
    if (certificate.HasSigner(self)) own.push_back(certificate.statement);
  };
  if (const auto* vote = std::get_if<Vote>(&message)) {
    if (vote->signer == self) own.push_back(vote->statement);
  } else if (const auto* certificate = std::get_if<Certificate>(&message)) {
    look(*certificate);
  } else if (const auto* proposal = std::get_if<Proposal>(&message)) {
    if (proposal->leader_vote.signer == self) own.push_back(proposal->leader_vote.statement);
    for (const Certificate& evidence : proposal->justification) look(evidence);
  } else if (const auto* blocks = std::get_if<Blocks>(&message)) {
    if (blocks->proof) look(blocks->proof->finalization);
  } else if (const auto* answer = std::get_if<ReentryAnswer>(&message)) {
    if (answer->certificate) look(*answer->certificate);
  }
  return own;
}

VoteChecker::VoteChecker(const ValidatorSet& set, const BlockId& root, Findings& findings)
    : quorum_(set.quorum()), root_(root), findings_(findings) {}

void VoteChecker::OnHeader(const Header& header) { parents_.emplace(header.id(), header.parent); }

void VoteChecker::OnVote(ValidatorIndex signer, const Statement& statement) {
  ViewVotes& votes = views_[{statement.epoch, statement.view}];
  if (!votes.signers[statement].insert(signer).second) return;   // sent again
  ++count_;
  CheckCertificates(statement, votes);
  if (dishonest_.contains(signer)) return;
  CheckAutomaton(signer, statement, votes.own[signer]);
  if (statement.kind == VoteKind::kNotarize) CheckParent(signer, statement);
}

void VoteChecker::OnCertificate(ValidatorIndex holder, const Certificate& certificate) {
  const Statement& statement = certificate.statement;
  const auto& statements = StatementsAt(statement.view);
  const auto voted = statements.find(statement);
  Signers signers;
  for (const auto& [signer, signature] : certificate.signatures) {
    if (voted != statements.end() && voted->second.contains(signer)) signers.insert(signer);
  }
  if (signers.size() >= quorum_) return;
  findings_.Add("I4", fmt::format("validator {} keeps a certificate that {} have signed: {}",
                                  holder.value(), signers.size(), Name(statement)));
}

const std::map<Statement, VoteChecker::Signers>& VoteChecker::StatementsAt(View view) const {
  static const std::map<Statement, Signers> kNone;
  const auto found = views_.find({Epoch(0), view});
  return found == views_.end() ? kNone : found->second.signers;
}

void VoteChecker::CheckAutomaton(ValidatorIndex signer, const Statement& statement, Own& own) {
  const auto broken = [&](std::string_view rule) {
    findings_.Add("I2", fmt::format("validator {} {}: {}", signer.value(), rule, Name(statement)));
  };
  switch (statement.kind) {
    case VoteKind::kNotarize:
      if (own.notarize) broken("notarizes twice");
      if (own.nullify) broken("notarizes after nullify");
      if (own.finalize) broken("notarizes after finalize");
      own.notarize = statement;
      break;
    case VoteKind::kNullify:
      if (own.finalize) broken("nullifies after finalize");
      own.nullify = true;
      break;
    case VoteKind::kFinalize:
      if (own.nullify) broken("finalizes after nullify");
      if (own.finalize) broken("finalizes twice");
      own.finalize = statement;
      break;
  }
}

void VoteChecker::CheckCertificates(const Statement& statement, const ViewVotes& votes) {
  if (votes.signers.at(statement).size() < quorum_) return;
  for (const auto& [other, signers] : votes.signers) {
    if (signers.size() < quorum_ || other == statement) continue;
    const bool same_kind = other.kind == statement.kind;
    const bool exclude = (other.kind == VoteKind::kNullify &&
                          statement.kind == VoteKind::kFinalize) ||
                         (other.kind == VoteKind::kFinalize &&
                          statement.kind == VoteKind::kNullify);
    if (same_kind || exclude) {
      findings_.Add("I1", fmt::format("two certificates: {} and {}", Name(statement), Name(other)));
    }
  }
}

bool VoteChecker::Notarized(Epoch epoch, View view, const BlockId& id) const {
  const auto found = views_.find({epoch, view});
  if (found == views_.end()) return false;
  for (const auto& [statement, signers] : found->second.signers) {
    const bool counts = statement.kind != VoteKind::kNullify && statement.id == id;
    if (counts && signers.size() >= quorum_) return true;
  }
  return false;
}

bool VoteChecker::Nullified(Epoch epoch, View view) const {
  const auto found = views_.find({epoch, view});
  if (found == views_.end()) return false;
  const Statement nullify{VoteKind::kNullify, epoch, view, View(0), BlockId{}};
  const auto signers = found->second.signers.find(nullify);
  return signers != found->second.signers.end() && signers->second.size() >= quorum_;
}

void VoteChecker::CheckParent(ValidatorIndex signer, const Statement& statement) {
  const auto broken = [&](const std::string& rule) {
    findings_.Add("I4", fmt::format("validator {}: {}: {}", signer.value(), rule, Name(statement)));
  };
  const auto parent = parents_.find(statement.id);
  if (parent == parents_.end()) return broken("votes for a block that nobody has made");
  if (statement.parent_view == View(0)) {
    if (parent->second != root_) broken("the parent at view 0 is not the root");
  } else if (!Notarized(statement.epoch, statement.parent_view, parent->second)) {
    broken("the parent is not notarized");
  }
  for (View view = statement.parent_view.Next(); view < statement.view; view = view.Next()) {
    if (!Nullified(statement.epoch, view)) {
      broken(fmt::format("view {} was skipped and not nullified", view.value()));
    }
  }
}

}  // namespace beian::sim
