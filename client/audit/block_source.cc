#include "client/audit/block_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "client/sdk/files.h"
#include "ledger/verify/export_file.h"

namespace beian::client {
namespace {

constexpr size_t kBatchBlocks = 512;
constexpr size_t kLengthBytes = sizeof(uint32_t);

constexpr std::string_view kGetGenesis =
    "Get the genesis file of this chain; give it with --genesis.";

/// As many octets as there are, up to `size`.
Bytes ReadUpTo(std::FILE* stream, size_t size) {
  Bytes octets(size, '\0');
  octets.resize(std::fread(octets.data(), 1, size, stream));
  return octets;
}

}  // namespace

ClientError ExportFile::Damaged(std::string what) const {
  return {"export.damaged",
          fmt::format("The export is damaged after octet {}: {}.", offset_, what),
          name_,
          "Export the chain again; `beian chain export` goes on where a file is still whole.",
          "beian chain export FILE",
          Exit::kUnchecked,
          0};
}

std::expected<ExportFile, ClientError> ExportFile::Open(const std::string& file,
                                                        const ChainId& chain) {
  std::FILE* stream = file == "-" ? stdin : std::fopen(file.c_str(), "rbe");
  if (stream == nullptr) {
    return std::unexpected(FileError("file.cannot_read", "The export cannot be read", file, errno));
  }
  return FromStream(stream, file, chain);
}

std::expected<ExportFile, ClientError> ExportFile::FromStream(std::FILE* stream, std::string name,
                                                              const ChainId& chain) {
  ExportFile file(stream, std::move(name));
  const auto head = DecodeExportHead(ReadUpTo(stream, kExportHeadBytes));
  if (!head) return std::unexpected(file.Damaged("it does not begin like an export"));
  if (*head != chain) {
    return std::unexpected(ClientError{
        "export.wrong_chain", "The export is of another chain than the genesis file.", file.name_,
        std::string(kGetGenesis), "beian config show", Exit::kUnchecked, 0});
  }
  file.offset_ = kExportHeadBytes;
  return file;
}

std::expected<std::optional<StoredBlock>, ClientError> ExportFile::Next() {
  const Bytes prefix = ReadUpTo(stream_.get(), kLengthBytes);
  if (prefix.empty() && std::feof(stream_.get()) != 0) return std::nullopt;
  ByteReader reader(prefix);
  const uint32_t length = reader.U32();
  if (reader.failed()) return std::unexpected(Damaged("it ends inside a block"));
  if (length > kExportBlockBytesMax) return std::unexpected(Damaged("a block is too large"));
  const Bytes octets = ReadUpTo(stream_.get(), length);
  if (octets.size() != length) return std::unexpected(Damaged("it ends inside a block"));
  auto block = DecodeStoredBlock(octets);
  if (!block) return std::unexpected(Damaged("a block does not decode"));
  offset_ += kLengthBytes + length;
  return block;
}

std::optional<ClientError> OtherChain(const StoredBlock& block, const Genesis& genesis,
                                      const std::string& source) {
  const auto header = Header::Decode(block.header);
  if (!header || header->chain_id == genesis.chain_id) return std::nullopt;
  return ClientError{std::string(VerifyErrorId(VerifyError::kWrongChain)),
                     fmt::format("It holds chain {}, the genesis file is of chain {}.",
                                 header->chain_id.hex(), genesis.chain_id.hex()),
                     source,
                     std::string(kGetGenesis),
                     "beian config show",
                     Exit::kUnchecked,
                     0};
}

NodeSource::NodeSource(Client& client, uint64_t last)
    : client_(client), name_(client.nodes().front()), last_(last), bounded_(last != 0) {}

std::expected<std::optional<StoredBlock>, ClientError> NodeSource::Next() {
  if (bounded_ && next_ > last_) return std::nullopt;
  if (at_ == batch_.size()) {
    const uint64_t left = bounded_ ? last_ - next_ + 1 : kBatchBlocks;
    auto part = client_.Export(Height(next_), std::min<uint64_t>(left, kBatchBlocks));
    if (!part) return std::unexpected(part.error());
    if (next_ == 1 && !part->blocks.empty()) {
      auto other = OtherChain(part->blocks.front(), client_.genesis(), name_);
      if (other) return std::unexpected(*std::move(other));
    }
    if (!bounded_) last_ = part->tip;
    bounded_ = true;
    batch_ = std::move(part->blocks);
    at_ = 0;
    if (batch_.empty() || next_ > last_) return std::nullopt;
  }
  ++next_;
  return std::move(batch_[at_++]);
}

}  // namespace beian::client
