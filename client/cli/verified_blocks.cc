#include "client/cli/verified_blocks.h"

#include <fmt/format.h>

#include "client/audit/block_source.h"

namespace beian::client {
namespace {

ClientError BadBlock(Height height, std::string id, std::string message) {
  return {std::move(id),
          std::move(message),
          std::to_string(height.value()),
          "Do not trust it; ask another node.",
          "beian doctor",
          Exit::kInvalid,
          0};
}

std::expected<PreparedBlock, ClientError> Check(const StoredBlock& block, Height height,
                                                const Genesis& genesis, AuditLevel level) {
  if (auto other = OtherChain(block, genesis, std::to_string(height.value()))) {
    return std::unexpected(*std::move(other));
  }
  auto prepared = PrepareBlock(block, genesis, level, {});
  if (!prepared) {
    return std::unexpected(BadBlock(height, prepared.error().id, prepared.error().message));
  }
  if (prepared->header.height != height) {
    return std::unexpected(BadBlock(height, "audit.bad_height", "The node gave another block."));
  }
  const auto& entries = prepared->bad_entries;
  if (entries) return std::unexpected(BadBlock(height, entries->id, entries->message));
  if (TransactionRoot(WireIdsOf(prepared->transactions)) != prepared->header.tx_root) {
    return std::unexpected(BadBlock(height, "audit.bad_transaction_root",
                                    "The entries are not the transactions of the header."));
  }
  const auto& signature = prepared->bad_signature;
  if (signature) return std::unexpected(BadBlock(height, signature->id, signature->message));
  return *std::move(prepared);
}

}  // namespace

std::expected<std::vector<PreparedBlock>, ClientError> FetchBlocks(Client& client, Height first,
                                                                   Height last, AuditLevel level) {
  CHECK(first <= last && level >= AuditLevel::kL1);
  const auto exported = client.Export(first, last.value() - first.value() + 1);
  if (!exported) return std::unexpected(exported.error());
  if (exported->blocks.empty()) {
    return std::unexpected(ClientError{"block.unknown",
                                       fmt::format("The chain has {} blocks.", exported->tip),
                                       std::to_string(first.value()), "Give a lower height.",
                                       "beian chain head", Exit::kNotFound, 0});
  }
  std::vector<PreparedBlock> blocks;
  Height height = first;
  for (const StoredBlock& block : exported->blocks) {
    if (height > last) break;
    auto checked = Check(block, height, client.genesis(), level);
    if (!checked) return std::unexpected(checked.error());
    blocks.push_back(*std::move(checked));
    height = height.Next();
  }
  return blocks;
}

}  // namespace beian::client
