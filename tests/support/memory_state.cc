#include "tests/support/memory_state.h"

namespace beian {

void MemoryState::Apply(const StateDelta& delta) {
  for (const auto& [key, value] : delta.records) records_.insert_or_assign(key, value);
  for (const auto& [path, page] : delta.pages) pages_.insert_or_assign(path, page);
  transactions_.insert(delta.transactions.begin(), delta.transactions.end());
  log_ = delta.log;
}

std::optional<Bytes> MemoryState::Record(const MapKey& key) const {
  const auto found = records_.find(key);
  return found != records_.end() ? std::optional(found->second) : std::nullopt;
}

std::optional<Bytes> MemoryState::Page(const PagePath& path) const {
  const auto found = pages_.find(path);
  return found != pages_.end() ? std::optional(found->second) : std::nullopt;
}

bool MemoryState::HasTransaction(const TransactionId& id) const {
  return transactions_.contains(id);
}

}  // namespace beian
