// The pool against a list that is searched from end to end: same verdicts, same picks.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "node/mempool/mempool.h"
#include "tests/node/mempool/pool_transactions.h"

namespace beian {
namespace {

using pool_test::Make;

struct ModelEntry {
  std::vector<TransactionPtr> variants;
  uint64_t sequence = 0;
  const TransactionPtr& first() const { return variants.front(); }
  size_t bytes() const {
    size_t sum = 0;
    for (const auto& variant : variants) sum += variant->cost();
    return sum;
  }
};

/// One vector in order of arrival; a client is a confirmed signer or the lane (the zero key).
class Model {
 public:
  explicit Model(MempoolLimits limits) : limits_(limits) {}

  MempoolVerdict Add(const TransactionPtr& transaction, bool confirmed, TimeMs now) {
    for (const ModelEntry& entry : entries_) {
      if (std::ranges::count(entry.variants, transaction)) return MempoolVerdict::kAlreadyPending;
    }
    if (transaction->expiry() < now) return MempoolVerdict::kExpired;
    if (transaction->expiry() > now + kExpiryWindowMs + kExpirySlackMs) {
      return MempoolVerdict::kExpiryTooFar;
    }
    SetConfirmed(transaction->signer_id(), confirmed);
    const KeyId client = ClientOf(transaction->signer_id());
    for (ModelEntry& entry : entries_) {
      if (entry.first()->id() != transaction->id()) continue;
      const bool lane_full = client == KeyId{} && Bytes(client) + transaction->cost() >
                                                      limits_.bytes_max / 4;
      if (entry.variants.size() < kVariantsMax && !lane_full &&
          TotalBytes() + transaction->cost() <= limits_.bytes_max) {
        entry.variants.push_back(transaction);
      }
      return MempoolVerdict::kAlreadyPending;
    }
    return AddNew(transaction, client);
  }

  std::vector<TransactionPtr> Pick(size_t count_max, size_t cost_max,
                                   const std::set<TransactionId>& exclude) const {
    std::vector<TransactionPtr> picked;
    std::vector<KeyId> clients;
    for (const auto& [turn, client] : TurnsInOrder()) clients.push_back(client);
    std::set<KeyId> done;
    size_t cost = 0;
    size_t lane_count = 0;
    size_t lane_cost = 0;
    for (size_t round = 0; done.size() < clients.size() && picked.size() < count_max; ++round) {
      for (const KeyId& client : clients) {
        if (picked.size() == count_max) break;
        const auto queue = Queue(client);
        if (round >= queue.size()) done.insert(client);
        if (done.contains(client)) continue;
        const TransactionPtr& next = queue[round];
        if (exclude.contains(next->id())) continue;
        const bool lane = client == KeyId{};
        if (cost + next->cost() > cost_max ||
            (lane && (lane_count == std::max<size_t>(count_max / 4, 1) ||
                      lane_cost + next->cost() > std::max(cost_max / 4, kTransactionCostMax)))) {
          done.insert(client);
          continue;
        }
        picked.push_back(next);
        cost += next->cost();
        lane_count += lane ? 1 : 0;
        lane_cost += lane ? next->cost() : 0;
      }
    }
    return picked;
  }

  void Remove(const TransactionId& id) {
    for (const ModelEntry& entry : entries_) {
      if (entry.first()->id() != id) continue;
      const KeyId client = ClientOf(entry.first()->signer_id());
      Drop([&](const ModelEntry& other) { return other.first()->id() == id; });
      if (turns_.contains(client)) turns_[client] = next_turn_++;
      return;
    }
  }
  void RemoveExpired(TimeMs time) {
    Drop([&](const ModelEntry& entry) { return entry.first()->expiry() < time; });
  }
  void SetConfirmed(const KeyId& signer, bool confirmed) {
    if (confirmed == confirmed_.contains(signer)) return;
    if (confirmed) confirmed_.insert(signer);
    if (!confirmed) confirmed_.erase(signer);
    Refresh();
    const KeyId client = ClientOf(signer);
    if (confirmed) {
      while (Queue(client).size() > limits_.per_signer_max) DropNewest(client);
    } else {
      while (Queue(client).size() > limits_.transactions_max / 4 ||
             Bytes(client) > limits_.bytes_max / 4) {
        DropNewest(client);
      }
    }
  }
  size_t size() const { return entries_.size(); }
  size_t TotalBytes() const {
    size_t sum = 0;
    for (const ModelEntry& entry : entries_) sum += entry.bytes();
    return sum;
  }

 private:
  KeyId ClientOf(const KeyId& signer) const {
    return confirmed_.contains(signer) ? signer : KeyId{};
  }
  std::vector<TransactionPtr> Queue(const KeyId& client) const {
    std::vector<TransactionPtr> queue;
    for (const ModelEntry& entry : entries_) {
      if (ClientOf(entry.first()->signer_id()) == client) queue.push_back(entry.first());
    }
    return queue;
  }
  size_t Bytes(const KeyId& client) const {
    size_t sum = 0;
    for (const ModelEntry& entry : entries_) {
      if (ClientOf(entry.first()->signer_id()) == client) sum += entry.bytes();
    }
    return sum;
  }
  uint64_t Share(size_t count, size_t bytes) const {
    return bytes + count * (limits_.bytes_max / limits_.transactions_max);
  }
  MempoolVerdict AddNew(const TransactionPtr& transaction, const KeyId& client) {
    const size_t count = Queue(client).size() + 1;
    const size_t bytes = Bytes(client) + transaction->cost();
    if (client == KeyId{} &&
        (count > limits_.transactions_max / 4 || bytes > limits_.bytes_max / 4)) {
      return MempoolVerdict::kUnconfirmedFull;
    }
    if (client != KeyId{} && count > limits_.per_signer_max) return MempoolVerdict::kSignerFull;
    while (size() + 1 > limits_.transactions_max ||
           TotalBytes() + transaction->cost() > limits_.bytes_max) {
      std::pair<uint64_t, KeyId> largest{0, {}};
      for (const auto& [other, turn] : turns_) {
        largest = std::max(largest, {Share(Queue(other).size(), Bytes(other)), other});
      }
      if (largest.first <= Share(count, bytes)) return MempoolVerdict::kPoolFull;
      DropNewest(largest.second);
    }
    entries_.push_back({{transaction}, next_sequence_++});
    Refresh();
    return MempoolVerdict::kAdded;
  }
  template <class Condition>
  void Drop(Condition condition) {
    std::erase_if(entries_, condition);
    Refresh();
  }
  void DropNewest(const KeyId& client) {
    const TransactionId id = Queue(client).back()->id();
    Drop([&](const ModelEntry& entry) { return entry.first()->id() == id; });
  }
  /// A client without anything pending loses its turn; a new one comes last.
  void Refresh() {
    std::erase_if(turns_, [&](const auto& turn) { return Queue(turn.first).empty(); });
    for (const ModelEntry& entry : entries_) {
      const KeyId client = ClientOf(entry.first()->signer_id());
      if (!turns_.contains(client)) turns_[client] = next_turn_++;
    }
  }
  std::map<uint64_t, KeyId> TurnsInOrder() const {
    std::map<uint64_t, KeyId> order;
    for (const auto& [client, turn] : turns_) order[turn] = client;
    return order;
  }

  MempoolLimits limits_;
  std::vector<ModelEntry> entries_;
  std::set<KeyId> confirmed_;
  std::map<KeyId, uint64_t> turns_;
  uint64_t next_turn_ = 0;
  uint64_t next_sequence_ = 0;
};

class Comparison {
 public:
  Comparison(MempoolLimits limits, uint32_t seed) : pool_(limits), model_(limits), random_(seed) {}

  void Run(int steps) {
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
      Act(Below(100));
      now_ = now_ + Below(40);
      pool_.CheckInvariants();
      ASSERT_EQ(pool_.size(), model_.size());
      ASSERT_EQ(pool_.bytes(), model_.TotalBytes());
      Compare();
    }
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  TransactionPtr Recent() {
    return made_[made_.size() - 1 - Below(std::min<size_t>(made_.size(), 60))];
  }

  void Act(uint64_t dice) {
    if (dice < 70 || made_.empty()) {
      const uint32_t signer = static_cast<uint32_t>(Below(Below(3) == 0 ? 12 : 3));
      auto transaction = Make({.signer = signer,
                               .number = Below(40),
                               .variant = static_cast<uint8_t>(Below(8) == 0 ? Below(6) : 0),
                               .padding = Below(6) == 0 ? 900u : 0u,
                               .expiry = TimeMs((now_.value() / 2'000 + 1) * 2'000)});
      const auto same = std::ranges::find_if(made_, [&](const TransactionPtr& other) {
        return other->wire_id() == transaction->wire_id();
      });
      if (same != made_.end()) transaction = *same;
      made_.push_back(transaction);
      const bool confirmed = confirmed_.contains(signer);
      ASSERT_EQ(pool_.Add(transaction, confirmed, now_), model_.Add(transaction, confirmed, now_));
    } else if (dice < 88) {
      const TransactionId id = Recent()->id();
      pool_.Remove(id);
      model_.Remove(id);
    } else if (dice < 92) {
      pool_.RemoveExpired(now_);
      model_.RemoveExpired(now_);
    } else {
      const uint32_t signer = static_cast<uint32_t>(Below(12));
      if (!confirmed_.erase(signer)) confirmed_.insert(signer);
      pool_.SetConfirmed(pool_test::IdOf(signer), confirmed_.contains(signer));
      model_.SetConfirmed(pool_test::IdOf(signer), confirmed_.contains(signer));
    }
  }
  void Compare() {
    std::set<TransactionId> exclude;
    for (uint64_t i = Below(4); i > 0; --i) exclude.insert(Recent()->id());
    const size_t count = Below(20);
    const size_t cost = Below(2) == 0 ? 1'000'000 : Below(3'000);
    ASSERT_EQ(pool_.Pick(count, cost, exclude), model_.Pick(count, cost, exclude));
    const TransactionPtr some = Recent();
    ASSERT_EQ(pool_.Find(some->wire_id()) != nullptr && !pool_.HasId(some->id()), false);
  }

  Mempool pool_;
  Model model_;
  std::mt19937 random_;
  std::set<uint32_t> confirmed_;
  std::vector<TransactionPtr> made_;
  TimeMs now_ = pool_test::kNow;
};

TEST(MempoolModel, AgreesWithAListSearchedFromEndToEnd) {
  for (uint32_t seed = 0; seed < 12; ++seed) {
    MempoolLimits limits{.transactions_max = 16, .bytes_max = 1'000'000, .per_signer_max = 6};
    if (seed % 3 == 1) limits = {.transactions_max = 30, .bytes_max = 4'000, .per_signer_max = 12};
    if (seed % 3 == 2) limits = {.transactions_max = 9, .bytes_max = 6'000, .per_signer_max = 2};
    SCOPED_TRACE(seed);
    Comparison(limits, seed).Run(800);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace beian
