#include "sim/checkers/durability.h"

#include <fmt/format.h>

#include <algorithm>

namespace beian::sim {

DurabilityChecker::DurabilityChecker(size_t nodes, VoteChecker& votes, Findings& findings)
    : shadows_(nodes), votes_(votes), findings_(findings) {}

void DurabilityChecker::OnAppend(ValidatorIndex node, const LogRecord& record) {
  if (const auto* body = std::get_if<BlockRecord>(&record)) votes_.OnHeader(body->block->header);
  if (const auto* held = std::get_if<CertificateRecord>(&record)) {
    votes_.OnCertificate(node, held->certificate);
  }
  shadows_[node.value()].pending.push_back(record);
}

void DurabilityChecker::OnSync(ValidatorIndex node) {
  std::vector<LogRecord> pending;
  pending.swap(shadows_[node.value()].pending);
  for (const LogRecord& record : pending) Keep(node, record);
}

void DurabilityChecker::OnCrash(ValidatorIndex node, size_t kept) {
  std::vector<LogRecord> pending;
  pending.swap(shadows_[node.value()].pending);
  for (size_t i = 0; i < std::min(kept, pending.size()); ++i) Keep(node, pending[i]);
  shadows_[node.value()].answerers.clear();
}

void DurabilityChecker::OnLost(ValidatorIndex node) {
  Shadow fresh;
  fresh.votes.swap(shadows_[node.value()].votes);   // they were synced when they left
  shadows_[node.value()] = std::move(fresh);
}

void DurabilityChecker::Keep(ValidatorIndex node, const LogRecord& record) {
  Shadow& shadow = shadows_[node.value()];
  if (const auto* own = std::get_if<VoteRecord>(&record)) {
    KeepVote(node, own->vote.statement);
  } else if (const auto* held = std::get_if<CertificateRecord>(&record)) {
    const Statement& statement = held->certificate.statement;
    if (statement.kind == VoteKind::kNotarize) {
      shadow.notarized.emplace(statement.view, statement.id);
    }
    if (statement.kind == VoteKind::kFinalize) {
      shadow.final_view = std::max(shadow.final_view, statement.view);
    }
  } else if (const auto* body = std::get_if<BlockRecord>(&record)) {
    shadow.bodies.insert(body->block->id);
  } else if (const auto* proposal = std::get_if<ProposalRecord>(&record)) {
    shadow.proposals.insert(proposal->proposal.header.id());
  } else if (const auto* last = std::get_if<FinalRecord>(&record)) {
    shadow.final_view = std::max(shadow.final_view, last->finalization.statement.view);
  } else if (std::holds_alternative<ReentryRecord>(record)) {
    shadow.muted = true;
  } else if (const auto* floor = std::get_if<FloorRecord>(&record)) {
    KeepFloor(node, floor->floor);
  }
}

void DurabilityChecker::KeepVote(ValidatorIndex node, const Statement& statement) {
  Shadow& shadow = shadows_[node.value()];
  if (!shadow.logged.insert(statement).second) {
    findings_.Add("I2", fmt::format("validator {} votes again what its log holds: {} view {}",
                                    node.value(), VoteKindName(statement.kind),
                                    statement.view.value()));
  }
  shadow.votes.insert(statement);
  shadow.voted_view = std::max(shadow.voted_view, statement.view);
  votes_.OnVote(node, statement);
}

void DurabilityChecker::KeepFloor(ValidatorIndex node, View floor) {
  Shadow& shadow = shadows_[node.value()];
  shadow.muted = false;
  shadow.floor = std::max(shadow.floor, floor);
  if (shadow.answerers.size() < votes_.quorum()) {
    findings_.Add("I6", fmt::format("the floor of validator {} rests on {} answers", node.value(),
                                    shadow.answerers.size()));
  }
  for (const Statement& statement : shadow.votes) {
    if (statement.view <= floor) continue;
    findings_.Add("I6", fmt::format("validator {} has voted in view {} and its floor is {}",
                                    node.value(), statement.view.value(), floor.value()));
    return;
  }
}

void DurabilityChecker::CheckVote(ValidatorIndex node, const Statement& statement, bool direct) {
  const Shadow& shadow = shadows_[node.value()];
  const auto broken = [&](std::string invariant, std::string_view rule) {
    findings_.Add(std::move(invariant),
                  fmt::format("validator {} sends {} view {} block {}: {}", node.value(),
                              VoteKindName(statement.kind), statement.view.value(),
                              statement.id.hex().substr(0, 8), rule));
  };
  votes_.OnVote(node, statement);
  if (!shadow.votes.contains(statement)) broken("I6", "its record is not synced");
  if (!direct) return;   // in a certificate: it left before
  if (shadow.muted) broken("I6", "its log was lost and its floor is not yet synced");
  if (shadow.floor != View(0) && statement.view <= shadow.floor) broken("I6", "below its floor");
  if (statement.kind == VoteKind::kFinalize &&
      !shadow.notarized.contains({statement.view, statement.id})) {
    broken("I5", "the notarization is not synced");
  }
  if (statement.kind == VoteKind::kNotarize && !shadow.bodies.contains(statement.id)) {
    broken("I8", "the body is not synced");
  }
}

void DurabilityChecker::OnSend(ValidatorIndex node, const Message& message) {
  const Shadow& shadow = shadows_[node.value()];
  if (const auto* proposal = std::get_if<Proposal>(&message)) {
    const bool known = shadow.proposals.contains(proposal->header.id());
    if (!known && proposal->header.proposer == node) {
      findings_.Add("I6", fmt::format("validator {} sends a proposal of view {} that is not synced",
                                      node.value(), proposal->view.value()));
    }
  }
  if (shadow.muted && std::holds_alternative<ReentryAnswer>(message)) {
    findings_.Add("I6", fmt::format("validator {} answers while it is mute", node.value()));
  }
  const bool direct = std::holds_alternative<Vote>(message) ||
                      std::holds_alternative<Proposal>(message);
  for (const Statement& statement : OwnVotesIn(message, node)) {
    const bool in_proof = std::holds_alternative<Proposal>(message) &&
                          statement != std::get<Proposal>(message).leader_vote.statement;
    CheckVote(node, statement, direct && !in_proof);
  }
}

}  // namespace beian::sim
