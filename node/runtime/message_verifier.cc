#include "node/runtime/message_verifier.h"

#include <algorithm>
#include <cstring>

namespace beian {

size_t VerifiedCache::Hash::operator()(const WireId& id) const {
  size_t value = 0;
  std::memcpy(&value, id.octets.data(), sizeof(value));
  return value;
}

bool VerifiedCache::Contains(const WireId& id) const {
  const std::lock_guard lock(mutex_);
  return ids_.contains(id);
}

void VerifiedCache::Add(const WireId& id) {
  const std::lock_guard lock(mutex_);
  if (!ids_.insert(id).second) return;
  order_.push_back(id);
  if (order_.size() <= kVerifiedMax) return;
  ids_.erase(order_.front());
  order_.pop_front();
}

bool MessageVerifier::VerifyTransaction(const TransactionPtr& transaction) {
  if (verified_.Contains(transaction->wire_id())) return true;
  if (!transaction->VerifySignature()) return false;
  verified_.Add(transaction->wire_id());
  return true;
}

bool MessageVerifier::VerifyAll(const std::vector<TransactionPtr>& transactions) {
  return std::ranges::all_of(transactions, [&](const auto& t) { return VerifyTransaction(t); });
}

bool MessageVerifier::Verify(const Vote& vote) const {
  return VerifyVote(vote, genesis_.chain_id, genesis_.validators, VerifySignature);
}

bool MessageVerifier::Verify(const Certificate& certificate) const {
  return VerifyCertificate(certificate, genesis_.chain_id, genesis_.validators, VerifySignature)
      .has_value();
}

bool MessageVerifier::Verify(const Proposal& proposal) const {
  return Verify(proposal.leader_vote) &&
         std::ranges::all_of(proposal.justification, [&](const auto& c) { return Verify(c); });
}

bool MessageVerifier::Verify(const ReentryAnswer& answer) const {
  if (!genesis_.validators.Contains(answer.answerer)) return false;
  if (answer.certificate && !Verify(*answer.certificate)) return false;
  const Bytes signed_bytes = answer.SignedBytes(genesis_.chain_id, genesis_.validators.hash());
  return VerifySignature(genesis_.validators.at(answer.answerer).consensus_key, signed_bytes,
                         answer.signature);
}

bool MessageVerifier::VerifyMessage(const Message& message) {
  if (const auto* vote = std::get_if<Vote>(&message)) return Verify(*vote);
  if (const auto* certificate = std::get_if<Certificate>(&message)) return Verify(*certificate);
  if (const auto* proposal = std::get_if<Proposal>(&message)) return Verify(*proposal);
  if (const auto* body = std::get_if<Body>(&message)) return VerifyAll(body->block->transactions);
  if (const auto* some = std::get_if<Transactions>(&message)) return VerifyAll(some->transactions);
  if (const auto* batch = std::get_if<TransactionBatch>(&message)) {
    return VerifyAll(batch->transactions);
  }
  if (const auto* blocks = std::get_if<Blocks>(&message)) {
    return !blocks->proof || Verify(blocks->proof->finalization);
  }
  if (const auto* answer = std::get_if<ReentryAnswer>(&message)) return Verify(*answer);
  return true;   // status and questions carry no signatures: the channel is authenticated
}

}  // namespace beian
