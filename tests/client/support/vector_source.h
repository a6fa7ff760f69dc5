#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/audit/block_source.h"

namespace beian::client {

/// Blocks from memory; fails after the last one when told to.
class VectorSource : public BlockSource {
 public:
  explicit VectorSource(std::vector<StoredBlock> blocks);
  ~VectorSource() override;
  std::expected<std::optional<StoredBlock>, ClientError> Next() override;
  uint64_t tip() const override { return blocks_.size() + beyond; }
  const std::string& name() const override { return name_; }

  std::optional<ClientError> failure;
  size_t beyond = 0;  ///< blocks that it says it has, and does not give

 private:
  const std::vector<StoredBlock> blocks_;
  size_t at_ = 0;
  const std::string name_ = "a test";
};

}  // namespace beian::client
