#include "ledger/verify/replayed_state.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "ledger/chain/transaction.h"

namespace beian {

size_t ReplayedState::KeyHash::operator()(const MapKey& key) const {
  size_t hash = 0;
  std::memcpy(&hash, key.octets.data(), sizeof(hash));
  return hash;
}

std::optional<Bytes> ReplayedState::Record(const MapKey& key) const {
  const auto found = records_.find(key);
  if (found == records_.end()) return std::nullopt;
  return found->second;
}

std::optional<Bytes> ReplayedState::Page(const PagePath& path) const {
  const auto found = pages_.find(path);
  if (found == pages_.end()) return std::nullopt;
  return found->second;
}

bool ReplayedState::HasTransaction(const TransactionId& id) const {
  return recent_.contains(id);
}

void ReplayedState::Apply(StateDelta delta, TimeMs time) {
  for (auto& [key, value] : delta.records) records_.insert_or_assign(key, std::move(value));
  for (auto& [path, page] : delta.pages) pages_.insert_or_assign(path, std::move(page));
  log_ = std::move(delta.log);
  if (!delta.transactions.empty()) {
    recent_by_time_.emplace_back(
        time, std::vector<TransactionId>(delta.transactions.begin(), delta.transactions.end()));
    recent_.merge(delta.transactions);
  }
  while (!recent_by_time_.empty() && recent_by_time_.front().first + kExpiryWindowMs < time) {
    for (const TransactionId& id : recent_by_time_.front().second) recent_.erase(id);
    recent_by_time_.pop_front();
  }
}

void ReplayedState::ForEachRecord(
    const std::function<void(const MapKey& key, BytesView record)>& visit) const {
  std::vector<const MapKey*> keys;
  keys.reserve(records_.size());
  for (const auto& entry : records_) keys.push_back(&entry.first);
  std::sort(keys.begin(), keys.end(), [](const MapKey* a, const MapKey* b) { return *a < *b; });
  for (const MapKey* key : keys) visit(*key, records_.at(*key));
}

}  // namespace beian
