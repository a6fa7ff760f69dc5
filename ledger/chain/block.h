#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ledger/base/types.h"
#include "ledger/chain/genesis.h"
#include "ledger/chain/transaction.h"

namespace beian {

/// Limits of CONSENSUS.md section 9.
inline constexpr size_t kBlockTransactionsMax = 2'000;
inline constexpr size_t kBlockUpdatesMax = 4'000;    ///< distinct records put by a block
inline constexpr size_t kBlockBytesMax = 1'000'000;  ///< sum of Transaction::cost()
inline constexpr uint64_t kEmptyBlockGapMs =
    1'000;  ///< header.time - parent.time of an empty block

/// Numbers from outside above this are refused when decoded, so that sums never overflow.
inline constexpr uint64_t kWireNumberMax = uint64_t{1} << 62;

/// What validators agree on. `log_*` and `map_root` are the state after this block, so that the
/// finalization of a block certifies its results too. Fixed layout of 242 octets, in this order
/// (next_set_hash is zero but in a closing block). Source: CONSENSUS.md section 1.
struct Header {
  ChainId chain_id;
  Epoch epoch;
  View view;
  Height height;
  BlockId parent;
  uint32_t protocol_version = Genesis::kProtocolVersion;
  Sha256Digest tx_root;  ///< LogRootOf over LogLeafHash(wire id) of each transaction
  uint32_t tx_count = 0;
  uint64_t log_size = 0;
  MerkleRoot log_root;
  MerkleRoot map_root;
  TimeMs time;
  ValidatorIndex proposer;
  SetHash next_set_hash;

  static constexpr size_t kEncodedBytes = 242;

  bool operator==(const Header&) const = default;
  Bytes Encode() const;
  static std::optional<Header> Decode(BytesView encoded);  ///< strict; numbers <= kWireNumberMax
  BlockId id() const;  ///< SHA-256("beian/block/v1\0" ‖ Encode())
};

Sha256Digest TransactionRoot(const std::vector<WireId>& wire_ids);
std::vector<WireId> WireIdsOf(std::span<const TransactionPtr> transactions);

/// Header of height 0: no transactions, empty log and map, view 0, time of genesis.
Header RootHeader(const Genesis& genesis);

/// A header with all its transactions. Immutable and shared.
struct Block {
  Header header;
  BlockId id;
  std::vector<TransactionPtr> transactions;

  /// u16-framed header ‖ u32 count ‖ each transaction u32-framed.
  Bytes Encode() const;
  /// Strict; also refuses a body that is not what header.tx_root and tx_count say. Does not verify
  /// signatures.
  static std::shared_ptr<const Block> Decode(const ChainId& chain, BytesView encoded);
  static std::shared_ptr<const Block> Make(Header header, std::vector<TransactionPtr> transactions);
};
using BlockPtr = std::shared_ptr<const Block>;

}  // namespace beian
