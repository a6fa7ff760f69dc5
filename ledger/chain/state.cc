#include "ledger/chain/state.h"

namespace beian {

std::optional<Bytes> StateOverlay::Record(const MapKey& key) const {
  const auto found = delta_->records.find(key);
  return found != delta_->records.end() ? found->second : parent_->Record(key);
}

std::optional<Bytes> StateOverlay::Page(const PagePath& path) const {
  const auto found = delta_->pages.find(path);
  return found != delta_->pages.end() ? found->second : parent_->Page(path);
}

bool StateOverlay::HasTransaction(const TransactionId& id) const {
  return delta_->transactions.contains(id) || parent_->HasTransaction(id);
}

}  // namespace beian
