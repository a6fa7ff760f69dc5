#include "node/replica/fetcher.h"

namespace beian {

// The holders named come first, then everybody else.
Fetcher::Question Fetcher::MakeQuestion(Now now, std::vector<ValidatorIndex> holders) const {
  std::set<ValidatorIndex> named(holders.begin(), holders.end());
  for (uint16_t i = 0; i < validators_; ++i) {
    const ValidatorIndex peer(i);
    if (!named.contains(peer) && self_ != peer) holders.push_back(peer);
  }
  std::erase_if(holders, [&](ValidatorIndex holder) { return self_ == holder; });
  return {std::move(holders), 0, now.steady};
}

std::optional<ValidatorIndex> Fetcher::NextHolder(Now now, Question& question) const {
  if (question.holders.empty()) return std::nullopt;
  const ValidatorIndex holder = question.holders[question.next % question.holders.size()];
  ++question.next;
  question.ask_at = now.steady + kFetchRetryMs;
  return holder;
}

BlockPtr Fetcher::Complete(const Incomplete& incomplete) {
  return Block::Make(incomplete.proposal.header, incomplete.transactions);
}

BlockPtr Fetcher::WantProposal(Now now, const Proposal& proposal, const Mempool& mempool,
                               std::vector<Send>& sends) {
  Incomplete incomplete{proposal, {}, {}, {}};
  for (size_t i = 0; i < proposal.wire_ids.size(); ++i) {
    TransactionPtr transaction = mempool.Find(proposal.wire_ids[i]);
    if (transaction == nullptr) incomplete.missing[proposal.wire_ids[i]].push_back(i);
    incomplete.transactions.push_back(std::move(transaction));
  }
  if (incomplete.missing.empty()) return Complete(incomplete);
  if (proposals_.size() >= kFetchesMax) return nullptr;
  incomplete.question = MakeQuestion(now, {proposal.header.proposer});
  incomplete.question.ask_at = now.steady + kFetchPatienceMs;
  proposals_.insert_or_assign(proposal.header.id(), std::move(incomplete));
  Retry(now, sends);
  return nullptr;
}

void Fetcher::WantBody(Now now, const BlockId& id, View view, std::vector<ValidatorIndex> holders,
                       std::vector<Send>& sends) {
  if (bodies_.size() >= kFetchesMax || bodies_.contains(id)) return;
  Question question = MakeQuestion(now, std::move(holders));
  // A proposal under way usually completes by itself: ask for the body only if it does not.
  if (proposals_.contains(id)) question.ask_at = now.steady + kFetchRetryMs;
  bodies_.emplace(id, WantedBody{view, std::move(question)});
  Retry(now, sends);
}

std::vector<BlockPtr> Fetcher::OnTransactions(const std::vector<TransactionPtr>& transactions) {
  std::vector<BlockPtr> complete;
  for (auto it = proposals_.begin(); it != proposals_.end();) {
    Incomplete& incomplete = it->second;
    for (const TransactionPtr& transaction : transactions) {
      auto missing = incomplete.missing.find(transaction->wire_id());
      if (missing == incomplete.missing.end()) continue;
      for (const size_t place : missing->second) incomplete.transactions[place] = transaction;
      incomplete.missing.erase(missing);
    }
    if (!incomplete.missing.empty()) {
      ++it;
      continue;
    }
    complete.push_back(Complete(incomplete));
    it = proposals_.erase(it);
  }
  return complete;
}

void Fetcher::OnBody(const BlockId& id) {
  bodies_.erase(id);
  proposals_.erase(id);
}

void Fetcher::DropProposalsBelow(View view) {
  std::erase_if(proposals_, [&](const auto& entry) { return entry.second.proposal.view < view; });
}

void Fetcher::DropBodiesUpTo(View committed) {
  std::erase_if(bodies_, [&](const auto& entry) { return entry.second.view <= committed; });
}

void Fetcher::Ask(Now now, Incomplete& incomplete, std::vector<Send>& sends) const {
  const std::optional<ValidatorIndex> holder = NextHolder(now, incomplete.question);
  if (!holder) return;
  GetTransactions request{incomplete.proposal.header.id(), {}};
  for (const auto& [wire_id, places] : incomplete.missing) request.wire_ids.push_back(wire_id);
  sends.push_back({holder, std::move(request)});
}

void Fetcher::Retry(Now now, std::vector<Send>& sends) {
  for (auto& [id, incomplete] : proposals_) {
    if (now.steady >= incomplete.question.ask_at) Ask(now, incomplete, sends);
  }
  for (auto& [id, wanted] : bodies_) {
    if (now.steady < wanted.question.ask_at) continue;
    const std::optional<ValidatorIndex> holder = NextHolder(now, wanted.question);
    if (holder) sends.push_back({holder, GetBody{id}});
  }
}

std::optional<SteadyMs> Fetcher::NextDeadline() const {
  std::optional<SteadyMs> next;
  auto consider = [&](SteadyMs at) {
    if (!next || at < *next) next = at;
  };
  for (const auto& [id, incomplete] : proposals_) consider(incomplete.question.ask_at);
  for (const auto& [id, wanted] : bodies_) consider(wanted.question.ask_at);
  return next;
}

}  // namespace beian
