#include "sim/byzantine/scene.h"

#include <algorithm>

namespace beian::sim {

void Scene::SendSome(const Message& message, uint64_t per_mille) const {
  for (const ValidatorIndex to : honest) {
    if (random.Chance(per_mille)) Send(to, message);
  }
}

Vote Scene::Sign(const Statement& statement) const {
  return {statement, self,
          oracle.Sign(self, statement.SignedBytes(genesis.chain_id, genesis.validators.hash()))};
}

std::optional<Certificate> Scene::Assemble(const Statement& statement) const {
  VoteChecker::Signers signers{self};
  const auto& statements = votes.StatementsAt(statement.view);
  if (const auto found = statements.find(statement); found != statements.end()) {
    signers.insert(found->second.begin(), found->second.end());
  }
  if (signers.size() < genesis.validators.quorum()) return std::nullopt;
  Certificate certificate{statement, {}};
  const Bytes octets = statement.SignedBytes(genesis.chain_id, genesis.validators.hash());
  for (const ValidatorIndex signer : signers) {   // the others made theirs before
    certificate.signatures.emplace_back(signer, oracle.Sign(signer, octets));
  }
  return certificate;
}

std::optional<Certificate> Scene::Notarization(View view) const {
  for (const auto& [statement, signers] : votes.StatementsAt(view)) {
    if (statement.kind != VoteKind::kNotarize) continue;
    if (auto certificate = Assemble(statement)) return certificate;
  }
  return std::nullopt;
}

std::optional<Certificate> Scene::Finalization(View view) const {
  for (const auto& [statement, signers] : votes.StatementsAt(view)) {
    if (statement.kind != VoteKind::kFinalize) continue;
    if (auto certificate = Assemble(statement)) return certificate;
  }
  return std::nullopt;
}

std::optional<Certificate> Scene::Nullification(View view) const {
  return Assemble({VoteKind::kNullify, Epoch(0), view, View(0), BlockId{}});
}

std::optional<BlockId> Scene::CertifiedAt(View view) const {
  if (view == View(0)) return RootHeader(genesis).id();
  if (const auto certificate = Notarization(view)) return certificate->statement.id;
  if (const auto certificate = Finalization(view)) return certificate->statement.id;
  return std::nullopt;
}

View Scene::ParentBelow(View view) const {
  for (View parent = view.Previous(); parent > View(0); parent = parent.Previous()) {
    if (CertifiedAt(parent)) return parent;
  }
  return View(0);
}

std::vector<Certificate> Scene::Justify(View parent_view, View view) const {
  std::vector<Certificate> justification;
  if (auto parent = Notarization(parent_view)) {
    justification.push_back(*std::move(parent));
  } else if (auto final = Finalization(parent_view)) {
    justification.push_back(*std::move(final));
  }
  for (View gap = parent_view.Next(); gap < view; gap = gap.Next()) {
    auto certificate = Nullification(gap);
    if (certificate && justification.size() < kJustificationMax) {
      justification.push_back(*std::move(certificate));
    }
  }
  return justification;
}

BlockPtr Scene::Build(const Draft& draft) const {
  const auto parent_id = CertifiedAt(draft.parent_view);
  if (!parent_id) return nullptr;
  const auto parent = book.After(*parent_id);
  if (!parent) return nullptr;
  Header header;
  header.chain_id = genesis.chain_id;
  header.view = draft.view;
  header.height = parent->header.height.Next();
  header.parent = *parent_id;
  header.proposer = self;
  header.time = std::max(wall, parent->header.time + 1) + draft.later_ms;
  BlockBuilder builder(genesis, *parent->view, header.time, header.height);
  std::vector<WireId> wire_ids;
  for (const TransactionPtr& transaction : draft.transactions) builder.Add(transaction);
  if (builder.transactions().empty()) {
    header.time = std::max(header.time, parent->header.time + kEmptyBlockGapMs);
    BlockBuilder empty(genesis, *parent->view, header.time, header.height);
    SetRoots(*empty.Finish(), header);
    return Block::Make(header, {});
  }
  for (const TransactionPtr& transaction : builder.transactions()) {
    wire_ids.push_back(transaction->wire_id());
  }
  const std::vector<TransactionPtr> taken = builder.transactions();
  const auto execution = builder.Finish();
  if (!execution) return nullptr;
  SetRoots(*execution, header);
  header.tx_count = static_cast<uint32_t>(wire_ids.size());
  header.tx_root = TransactionRoot(wire_ids);
  return Block::Make(header, taken);
}

Proposal Scene::Propose(const Draft& draft, const BlockPtr& block) const {
  const Statement statement{VoteKind::kNotarize, Epoch(0), draft.view, draft.parent_view,
                            block->id};
  Proposal proposal{draft.view, draft.parent_view, block->header, {}, Sign(statement),
                    Justify(draft.parent_view, draft.view)};
  for (const TransactionPtr& transaction : block->transactions) {
    proposal.wire_ids.push_back(transaction->wire_id());
  }
  return proposal;
}

std::vector<TransactionPtr> Scene::Youngest(size_t count) const {
  const size_t first = transactions.size() - std::min(count, transactions.size());
  return {transactions.begin() + static_cast<std::ptrdiff_t>(first), transactions.end()};
}

}  // namespace beian::sim
