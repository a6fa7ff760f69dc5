#pragma once

#include <array>
#include <optional>
#include <variant>
#include <vector>

#include "ledger/chain/block.h"
#include "ledger/chain/certificate.h"

/// What validators say to each other. Plain values; `node/net/message_codec.h` gives them octets.
/// Whoever hands a message to the replica has verified every signature in it.
namespace beian {

/// A leader's block for `view`: header and wire ids only, the transactions are gossiped apart.
struct Proposal {
  View view;          ///< header.view, except when a closing block is proposed again
  View parent_view;   ///< view of the notarization or finalization that it extends
  Header header;
  std::vector<WireId> wire_ids;
  Vote leader_vote;   ///< the leader's NOTARIZE vote is its signature on the proposal
  std::vector<Certificate> justification;  ///< parent evidence and the nullified gap, at most 32
  bool operator==(const Proposal&) const = default;
};
inline constexpr size_t kJustificationMax = 32;

/// Where a validator stands. Not signed: the channel is. On connect and every 2 s.
struct Status {
  Epoch epoch;
  View view;
  View final_view;
  Height final_height;
  BlockId final_id;
  Height committed;   ///< blocks up to here can be asked for
  bool operator==(const Status&) const = default;
};

struct GetCertificates {  ///< answered by Certificate messages
  View first;
  View last;          ///< inclusive; at most kCertificatesPerReply are sent
  bool operator==(const GetCertificates&) const = default;
};
inline constexpr uint64_t kCertificatesPerReply = 64;

struct GetBody {      ///< answered by Body
  BlockId id;
  bool operator==(const GetBody&) const = default;
};
struct Body {
  BlockPtr block;
};

struct GetTransactions {  ///< answered by Transactions with those that the receiver has
  BlockId block;
  std::vector<WireId> wire_ids;  ///< at most kBlockTransactionsMax
  bool operator==(const GetTransactions&) const = default;
};
struct Transactions {
  BlockId block;
  std::vector<TransactionPtr> transactions;
};

struct GetBlocks {    ///< answered by Blocks
  Height first;
  uint32_t count = 0; ///< at most kBlocksPerReply
  bool operator==(const GetBlocks&) const = default;
};
/// Consecutive committed blocks; the proof shows that the last one is final, hence all of them.
struct Blocks {
  std::vector<BlockPtr> blocks;
  std::optional<FinalityProof> proof;  ///< nothing when there are no blocks
};
inline constexpr uint32_t kBlocksPerReply = 64;
inline constexpr size_t kBlocksReplyBytesMax = 4'000'000;

/// Transactions a validator took in from its clients, or announces again.
struct TransactionBatch {
  std::vector<TransactionPtr> transactions;
};
inline constexpr size_t kBatchTransactionsMax = 512;
inline constexpr size_t kBatchBytesMax = 256'000;

/// Re-entry after a lost vote log: CONSENSUS.md section 5.
using ReentryNonce = std::array<uint8_t, 32>;
struct ReentryAsk {
  ReentryNonce nonce{};
  bool operator==(const ReentryAsk&) const = default;
};
struct ReentryAnswer {
  ReentryNonce nonce{};
  ValidatorIndex asker;
  ValidatorIndex answerer;
  Epoch epoch;
  View view;                              ///< the answerer's current view w
  std::optional<Certificate> certificate; ///< of view w-1; nothing when w is 1
  Signature signature;                    ///< over SignedBytes
  bool operator==(const ReentryAnswer&) const = default;
  /// "beian/reentry/v1\0" ‖ chain id ‖ nonce ‖ asker ‖ epoch ‖ view ‖ certificate's statement
  Bytes SignedBytes(const ChainId& chain, const SetHash& set) const;
};

using Message = std::variant<Vote, Certificate, Proposal, Status, GetCertificates, GetBody, Body,
                             GetTransactions, Transactions, GetBlocks, Blocks, TransactionBatch,
                             ReentryAsk, ReentryAnswer>;

}  // namespace beian
