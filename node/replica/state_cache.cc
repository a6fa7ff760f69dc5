#include "node/replica/state_cache.h"

#include <utility>

namespace beian {
namespace {

constexpr size_t kNodeBytes = 96;             // of an entry, besides what its texts hold
constexpr size_t kGenerationBytes = 8 << 20;  // of records, and as much of pages

size_t SizeOf(BytesView key, const StateCache::Value& value) {
  return key.size() + (value ? value->size() : 0) + kNodeBytes;
}

/// What the cache knows, or else what `read` finds.
template <class Read>
std::optional<Bytes> ReadThrough(StateCache& cache, BytesView key, Read read) {
  if (const StateCache::Value* known = cache.Find(key)) return *known;
  std::optional<Bytes> value = read();
  cache.Put(key, value);
  return value;
}

}  // namespace

const StateCache::Value* StateCache::Find(BytesView key) {
  if (const auto it = young_.find(key); it != young_.end()) return &it->second;
  const auto it = old_.find(key);
  if (it == old_.end()) return nullptr;
  Put(key, it->second);
  return &young_.find(key)->second;
}

void StateCache::Put(BytesView key, Value value) {
  const size_t size = SizeOf(key, value);
  if (young_bytes_ + size > generation_bytes_) {
    old_ = std::exchange(young_, {});
    old_bytes_ = std::exchange(young_bytes_, 0);
  }
  const auto [it, is_new] = young_.try_emplace(Bytes(key));
  if (!is_new) young_bytes_ -= SizeOf(key, it->second);
  it->second = std::move(value);
  young_bytes_ += size;
}

void StateCache::Refresh(BytesView key, const Bytes& value) {
  if (young_.contains(key) || old_.contains(key)) Put(key, value);
}

CommittedState::CommittedState(const StateView& store)
    : store_(store),
      log_(store.Log()),
      records_(kGenerationBytes),
      pages_(kGenerationBytes) {}

void CommittedState::Apply(const StateDelta& delta) {
  for (const auto& [key, value] : delta.records) records_.Refresh(key.view(), value);
  for (const auto& [path, page] : delta.pages) pages_.Refresh(path, page);
  log_ = delta.log;
}

std::optional<Bytes> CommittedState::Record(const MapKey& key) const {
  return ReadThrough(records_, key.view(), [&] { return store_.Record(key); });
}

std::optional<Bytes> CommittedState::Page(const PagePath& path) const {
  return ReadThrough(pages_, path, [&] { return store_.Page(path); });
}

bool CommittedState::HasTransaction(const TransactionId& id) const {
  return store_.HasTransaction(id);
}

}  // namespace beian
