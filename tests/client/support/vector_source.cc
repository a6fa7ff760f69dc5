#include "tests/client/support/vector_source.h"

namespace beian::client {

VectorSource::VectorSource(std::vector<StoredBlock> blocks) : blocks_(std::move(blocks)) {}
VectorSource::~VectorSource() = default;

std::expected<std::optional<StoredBlock>, ClientError> VectorSource::Next() {
  if (at_ < blocks_.size()) return blocks_[at_++];
  if (failure) return std::unexpected(*failure);
  return std::nullopt;
}

}  // namespace beian::client
