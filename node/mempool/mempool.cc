#include "node/mempool/mempool.h"

#include <algorithm>

namespace beian {

std::string_view MempoolVerdictId(MempoolVerdict verdict) {
  switch (verdict) {
    case MempoolVerdict::kAdded: return "mempool.added";
    case MempoolVerdict::kAlreadyPending: return "mempool.already_pending";
    case MempoolVerdict::kAlreadyCommitted: return "mempool.already_committed";
    case MempoolVerdict::kExpired: return "mempool.expired";
    case MempoolVerdict::kExpiryTooFar: return "mempool.expiry_too_far";
    case MempoolVerdict::kPoolFull: return "mempool.full";
    case MempoolVerdict::kSignerFull: return "mempool.signer_full";
    case MempoolVerdict::kUnconfirmedFull: return "mempool.unconfirmed_full";
    case MempoolVerdict::kAllActionsFail: return "mempool.all_actions_fail";
    case MempoolVerdict::kNeverFits: return "mempool.never_fits";
  }
  return "mempool.unknown";
}

bool IsRetryable(MempoolVerdict verdict) {
  return verdict == MempoolVerdict::kPoolFull || verdict == MempoolVerdict::kSignerFull ||
         verdict == MempoolVerdict::kUnconfirmedFull;
}

size_t Mempool::LaneCountMax() const {
  return limits_.transactions_max / limits_.unconfirmed_share_divisor;
}
size_t Mempool::LaneBytesMax() const {
  return limits_.bytes_max / limits_.unconfirmed_share_divisor;
}

uint64_t Mempool::Share(size_t count, size_t bytes) const {
  return bytes + count * (limits_.bytes_max / std::max<size_t>(limits_.transactions_max, 1));
}
uint64_t Mempool::ShareOf(const Client& client) const {
  return Share(client.queue.size(), client.bytes);
}

MempoolVerdict Mempool::Add(const TransactionPtr& transaction, bool confirmed, TimeMs now) {
  if (by_wire_.contains(transaction->wire_id())) return MempoolVerdict::kAlreadyPending;
  if (transaction->expiry() < now) return MempoolVerdict::kExpired;
  if (transaction->expiry() > now + kExpiryWindowMs + kExpirySlackMs) {
    return MempoolVerdict::kExpiryTooFar;
  }
  SetConfirmed(transaction->signer_id(), confirmed);
  if (auto held = pending_.find(transaction->id()); held != pending_.end()) {
    return AddVariant(held->second, transaction);
  }
  const KeyId client_id = confirmed ? transaction->signer_id() : kLane;
  if (auto refused = MakeRoom(client_id, transaction->cost())) return *refused;

  Pending& pending = pending_[transaction->id()];
  pending.variants.push_back(transaction);
  pending.sequence = next_sequence_++;
  pending.bytes = transaction->cost();
  bytes_ += pending.bytes;
  by_wire_.emplace(transaction->wire_id(), transaction);
  expiries_.emplace(transaction->expiry(), transaction->id());
  unannounced_.emplace(pending.sequence, &pending);
  Enqueue(pending, client_id);
  return MempoolVerdict::kAdded;
}

MempoolVerdict Mempool::AddVariant(Pending& pending, const TransactionPtr& transaction) {
  const size_t cost = transaction->cost();
  Client& client = clients_.at(pending.client);
  const bool lane_full = pending.client == kLane && client.bytes + cost > LaneBytesMax();
  if (pending.variants.size() < kVariantsMax && bytes_ + cost <= limits_.bytes_max && !lane_full) {
    pending.variants.push_back(transaction);
    pending.bytes += cost;
    bytes_ += cost;
    by_wire_.emplace(transaction->wire_id(), transaction);
    shares_.erase({ShareOf(client), pending.client});
    SetShare(pending.client, client, client.bytes + cost);
  }
  return MempoolVerdict::kAlreadyPending;
}

/// Nothing when a transaction of `cost` now fits into the client's queue.
std::optional<MempoolVerdict> Mempool::MakeRoom(const KeyId& client_id, size_t cost) {
  const auto client = clients_.find(client_id);
  const size_t count = client == clients_.end() ? 0 : client->second.queue.size();
  const size_t bytes = client == clients_.end() ? 0 : client->second.bytes;
  if (client_id == kLane) {
    if (count + 1 > LaneCountMax() || bytes + cost > LaneBytesMax()) {
      return MempoolVerdict::kUnconfirmedFull;
    }
  } else if (count + 1 > limits_.per_signer_max) {
    return MempoolVerdict::kSignerFull;
  }
  const uint64_t own_share = Share(count + 1, bytes + cost);
  while (size() + 1 > limits_.transactions_max || bytes_ + cost > limits_.bytes_max) {
    if (shares_.empty() || shares_.rbegin()->first <= own_share) return MempoolVerdict::kPoolFull;
    DropNewest(shares_.rbegin()->second);
  }
  return std::nullopt;
}

TransactionPtr Mempool::Find(const WireId& id) const {
  const auto found = by_wire_.find(id);
  return found == by_wire_.end() ? nullptr : found->second;
}

bool Mempool::HasId(const TransactionId& id) const { return pending_.contains(id); }

/// Where a pick stands in one client's queue.
struct Mempool::Cursor {
  Queue::const_iterator next;
  Queue::const_iterator end;
  size_t count_left;
  size_t cost_left;
};

std::vector<TransactionPtr> Mempool::Pick(size_t count_max, size_t cost_max,
                                          const std::set<TransactionId>& exclude) const {
  std::vector<TransactionPtr> picked;
  size_t cost_left = cost_max;
  // Takes the next of a queue; false when the queue has no more for this pick.
  const auto take = [&](Cursor& cursor) {
    const Transaction& transaction = cursor.next->second->first();
    if (!exclude.contains(transaction.id())) {
      const size_t cost = transaction.cost();
      if (cost > cost_left || cost > cursor.cost_left || cursor.count_left == 0) return false;
      picked.push_back(cursor.next->second->variants.front());
      cost_left -= cost;
      cursor.cost_left -= cost;
      --cursor.count_left;
    }
    return ++cursor.next != cursor.end;
  };
  const size_t divisor = limits_.unconfirmed_share_divisor;
  std::vector<Cursor> cursors;
  for (const auto& [turn, entry] : round_) {
    if (picked.size() == count_max) return picked;
    const auto& [client_id, client] = *entry;
    const Queue& queue = client.queue;
    Cursor cursor{queue.begin(), queue.end(), count_max, cost_max};
    if (client_id == kLane) {
      // At least one, however small the block; a quarter of its cost, but for a single large one.
      cursor.count_left = std::max<size_t>(count_max / divisor, 1);
      cursor.cost_left = std::max(cost_max / divisor, kTransactionCostMax);
    }
    if (take(cursor)) cursors.push_back(cursor);
  }
  while (!cursors.empty() && picked.size() < count_max) {
    std::erase_if(cursors,
                  [&](Cursor& cursor) { return picked.size() < count_max && !take(cursor); });
  }
  return picked;
}

void Mempool::Remove(const TransactionId& id) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  const KeyId client_id = found->second.client;
  Erase(found->second);
  if (auto client = clients_.find(client_id); client != clients_.end()) {
    round_.erase(client->second.turn);
    client->second.turn = next_turn_++;
    round_.emplace(client->second.turn, &*client);
  }
}

void Mempool::RemoveExpired(TimeMs time) {
  while (!expiries_.empty() && expiries_.begin()->first < time) {
    Erase(pending_.at(expiries_.begin()->second));
  }
}

void Mempool::SetConfirmed(const KeyId& signer, bool confirmed) {
  const auto lane = lane_signers_.find(signer);
  if (confirmed && lane != lane_signers_.end()) {
    const Queue moved = lane->second;
    for (const auto& [sequence, pending] : moved) {
      Dequeue(*pending);
      Enqueue(*pending, signer);
    }
    while (clients_.at(signer).queue.size() > limits_.per_signer_max) DropNewest(signer);
  }
  if (const auto client = clients_.find(signer); !confirmed && client != clients_.end()) {
    const Queue moved = client->second.queue;
    for (const auto& [sequence, pending] : moved) {
      Dequeue(*pending);
      Enqueue(*pending, kLane);
    }
    while (clients_.contains(kLane) && (clients_.at(kLane).queue.size() > LaneCountMax() ||
                                        clients_.at(kLane).bytes > LaneBytesMax())) {
      DropNewest(kLane);
    }
  }
}

std::vector<TransactionPtr> Mempool::Stale(SteadyMs now, uint64_t age_ms, size_t count_max) {
  while (!unannounced_.empty()) SetAnnounced(*unannounced_.begin()->second, now);
  std::vector<TransactionPtr> stale;
  while (stale.size() < count_max && !announced_.empty()) {
    Pending& oldest = *announced_.begin()->second;
    // `now` is stamped below: with an age of zero the same one would come up again.
    if (*oldest.announced + age_ms > now || (age_ms == 0 && *oldest.announced == now)) break;
    stale.push_back(oldest.variants.front());
    SetAnnounced(oldest, now);
  }
  return stale;
}

void Mempool::MarkAnnounced(const TransactionId& id, SteadyMs now) {
  if (auto found = pending_.find(id); found != pending_.end()) SetAnnounced(found->second, now);
}

void Mempool::SetAnnounced(Pending& pending, SteadyMs now) {
  if (pending.announced) {
    announced_.erase({*pending.announced, pending.sequence});
  } else {
    unannounced_.erase(pending.sequence);
  }
  pending.announced = now;
  announced_.emplace(std::pair(now, pending.sequence), &pending);
}

void Mempool::SetShare(const KeyId& client_id, Client& client, size_t bytes) {
  client.bytes = bytes;
  shares_.emplace(ShareOf(client), client_id);
}

void Mempool::Enqueue(Pending& pending, const KeyId& client_id) {
  pending.client = client_id;
  const auto [found, is_new] = clients_.try_emplace(client_id);
  Client& client = found->second;
  if (is_new) {
    client.turn = next_turn_++;
    round_.emplace(client.turn, &*found);
  } else {
    shares_.erase({ShareOf(client), client_id});
  }
  client.queue.emplace(pending.sequence, &pending);
  SetShare(client_id, client, client.bytes + pending.bytes);
  if (client_id == kLane) {
    lane_signers_[pending.first().signer_id()].emplace(pending.sequence, &pending);
  }
}

void Mempool::Dequeue(Pending& pending) {
  const auto found = clients_.find(pending.client);
  Client& client = found->second;
  shares_.erase({ShareOf(client), pending.client});
  client.queue.erase(pending.sequence);
  if (client.queue.empty()) {
    round_.erase(client.turn);
    clients_.erase(found);
  } else {
    SetShare(pending.client, client, client.bytes - pending.bytes);
  }
  if (pending.client == kLane) {
    const auto signer = lane_signers_.find(pending.first().signer_id());
    signer->second.erase(pending.sequence);
    if (signer->second.empty()) lane_signers_.erase(signer);
  }
}

void Mempool::Erase(Pending& pending) {
  Dequeue(pending);
  bytes_ -= pending.bytes;
  for (const TransactionPtr& variant : pending.variants) by_wire_.erase(variant->wire_id());
  expiries_.erase({pending.first().expiry(), pending.first().id()});
  if (pending.announced) {
    announced_.erase({*pending.announced, pending.sequence});
  } else {
    unannounced_.erase(pending.sequence);
  }
  const TransactionId id = pending.first().id();
  pending_.erase(id);
}

void Mempool::DropNewest(const KeyId& client_id) {
  Erase(*clients_.at(client_id).queue.rbegin()->second);
}

void Mempool::CheckClient(const KeyId& client_id, const Client& client) const {
  CHECK(!client.queue.empty());
  size_t bytes = 0;
  for (const auto& [sequence, pending] : client.queue) {
    CHECK(pending->sequence == sequence && pending->client == client_id);
    CHECK(client_id == kLane || pending->first().signer_id() == client_id);
    CHECK(pending_.contains(pending->first().id()));
    bytes += pending->bytes;
  }
  CHECK(client.bytes == bytes);
  CHECK(round_.at(client.turn)->first == client_id);
  CHECK(shares_.contains({ShareOf(client), client_id}));
  if (client_id == kLane) {
    CHECK(client.queue.size() <= LaneCountMax() && client.bytes <= LaneBytesMax());
  } else {
    CHECK(client.queue.size() <= limits_.per_signer_max && !lane_signers_.contains(client_id));
  }
}

void Mempool::CheckInvariants() const {
  size_t bytes = 0;
  size_t variants = 0;
  for (const auto& [id, pending] : pending_) {
    CHECK(!pending.variants.empty() && pending.variants.size() <= kVariantsMax);
    size_t cost = 0;
    for (const TransactionPtr& variant : pending.variants) {
      CHECK(variant->id() == id && by_wire_.at(variant->wire_id()) == variant);
      cost += variant->cost();
    }
    CHECK(pending.bytes == cost && expiries_.contains({pending.first().expiry(), id}));
    CHECK(clients_.at(pending.client).queue.contains(pending.sequence));
    if (pending.announced) {
      CHECK(announced_.contains({*pending.announced, pending.sequence}));
    } else {
      CHECK(unannounced_.contains(pending.sequence));
    }
    bytes += cost;
    variants += pending.variants.size();
  }
  CHECK(bytes == bytes_ && bytes_ <= limits_.bytes_max && size() <= limits_.transactions_max);
  CHECK(by_wire_.size() == variants && expiries_.size() == size());
  CHECK(announced_.size() + unannounced_.size() == size());
  CHECK(round_.size() == clients_.size() && shares_.size() == clients_.size());
  size_t queued = 0;
  for (const auto& [client_id, client] : clients_) {
    CheckClient(client_id, client);
    queued += client.queue.size();
  }
  size_t in_lane = 0;
  for (const auto& [signer, queue] : lane_signers_) in_lane += queue.size();
  CHECK(queued == size());
  CHECK(in_lane == (clients_.contains(kLane) ? clients_.at(kLane).queue.size() : 0));
}

}  // namespace beian
