#include "ledger/chain/block.h"

#include <utility>

#include "ledger/crypto/hash.h"
#include "ledger/merkle/log.h"

namespace beian {
namespace {

constexpr std::string_view kBlockTag{"beian/block/v1\0", 15};

/// What Encode() adds to the transactions of a block: framed header, count, a length for each.
constexpr size_t kBlockFramingMax =
    2 + Header::kEncodedBytes + 4 + sizeof(uint32_t) * kBlockTransactionsMax;

template <class T>
T ReadDigest(ByteReader& reader) {
  const BytesView octets = reader.Raw(T::kSize);
  return reader.failed() ? T{} : T::FromBytes(octets);
}

}  // namespace

Bytes Header::Encode() const {
  ByteWriter writer;
  writer.Raw(chain_id.view());
  writer.U64(epoch.value());
  writer.U64(view.value());
  writer.U64(height.value());
  writer.Raw(parent.view());
  writer.U32(protocol_version);
  writer.Raw(tx_root.view());
  writer.U32(tx_count);
  writer.U64(log_size);
  writer.Raw(log_root.view());
  writer.Raw(map_root.view());
  writer.U64(time.value());
  writer.U16(proposer.value());
  writer.Raw(next_set_hash.view());
  return writer.Take();
}

std::optional<Header> Header::Decode(BytesView encoded) {
  ByteReader reader(encoded);
  Header header;
  header.chain_id = ReadDigest<ChainId>(reader);
  header.epoch = Epoch(reader.U64());
  header.view = View(reader.U64());
  header.height = Height(reader.U64());
  header.parent = ReadDigest<BlockId>(reader);
  header.protocol_version = reader.U32();
  header.tx_root = ReadDigest<Sha256Digest>(reader);
  header.tx_count = reader.U32();
  header.log_size = reader.U64();
  header.log_root = ReadDigest<MerkleRoot>(reader);
  header.map_root = ReadDigest<MerkleRoot>(reader);
  header.time = TimeMs(reader.U64());
  header.proposer = ValidatorIndex(reader.U16());
  header.next_set_hash = ReadDigest<SetHash>(reader);
  if (!reader.Finished()) return std::nullopt;
  for (uint64_t number : {header.epoch.value(), header.view.value(), header.height.value(),
                          header.log_size, header.time.value()}) {
    if (number > kWireNumberMax) return std::nullopt;
  }
  return header;
}

BlockId Header::id() const {
  return DigestCast<BlockId>(Sha256({kBlockTag, Encode()}));
}

Sha256Digest TransactionRoot(const std::vector<WireId>& wire_ids) {
  std::vector<Sha256Digest> leaf_hashes;
  leaf_hashes.reserve(wire_ids.size());
  for (const WireId& wire_id : wire_ids) leaf_hashes.push_back(LogLeafHash(wire_id.view()));
  return DigestCast<Sha256Digest>(LogRootOf(leaf_hashes));
}

std::vector<WireId> WireIdsOf(std::span<const TransactionPtr> transactions) {
  std::vector<WireId> wire_ids;
  wire_ids.reserve(transactions.size());
  for (const TransactionPtr& transaction : transactions) {
    wire_ids.push_back(transaction->wire_id());
  }
  return wire_ids;
}

Header RootHeader(const Genesis& genesis) {
  Header header;
  header.chain_id = genesis.chain_id;
  header.tx_root = TransactionRoot({});
  header.log_root = LogFrontier().Root();
  header.time = genesis.time;
  return header;
}

Bytes Block::Encode() const {
  ByteWriter writer;
  writer.Short(header.Encode());
  writer.U32(static_cast<uint32_t>(transactions.size()));
  for (const TransactionPtr& transaction : transactions) writer.Long(transaction->wire());
  return writer.Take();
}

std::shared_ptr<const Block> Block::Decode(const ChainId& chain, BytesView encoded) {
  if (encoded.size() > kBlockBytesMax + kBlockFramingMax) return nullptr;
  ByteReader reader(encoded);
  const auto header = Header::Decode(reader.Short());
  const uint32_t count = reader.U32();
  if (!header || header->chain_id != chain || reader.failed()) return nullptr;
  if (count > kBlockTransactionsMax || count != header->tx_count) return nullptr;
  std::vector<TransactionPtr> transactions;
  transactions.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    auto transaction = Transaction::Parse(chain, reader.Long());
    if (!transaction) return nullptr;
    transactions.push_back(*std::move(transaction));
  }
  if (!reader.Finished()) return nullptr;
  if (TransactionRoot(WireIdsOf(transactions)) != header->tx_root) return nullptr;
  return Make(*header, std::move(transactions));
}

std::shared_ptr<const Block> Block::Make(Header header, std::vector<TransactionPtr> transactions) {
  auto block = std::make_shared<Block>();
  block->id = header.id();
  block->header = std::move(header);
  block->transactions = std::move(transactions);
  return block;
}

}  // namespace beian
