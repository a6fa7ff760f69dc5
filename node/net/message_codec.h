#pragma once

#include <expected>
#include <string_view>

#include "node/consensus/messages.h"
#include "node/net/priority.h"

/// Octets of what validators say to each other. One frame is one message:
///
///   u8 kind ‖ u64 view the sender is in ‖ fixed layout of that kind, to the end of the frame
///
///    1 Vote             Vote::Encode
///    2 Certificate      Certificate::Encode
///    3 Proposal         EncodeProposal
///    4 Status           u64 epoch, view, final view, final height ‖ id ‖ u64 committed
///    5 GetCertificates  u64 first, last
///    6 GetBody          id
///    7 Body             Block::Encode
///    8 GetTransactions  block id ‖ u16 count ‖ wire ids
///    9 Transactions     block id ‖ u16 count ‖ each u32-framed
///   10 GetBlocks        u64 first ‖ u32 count
///   11 Blocks           u8 count ‖ each Block::Encode u32-framed [‖ proof u32-framed, if any]
///   12 TransactionBatch u16 count ‖ each u32-framed
///   13 ReentryAsk       nonce
///   14 ReentryAnswer    nonce ‖ u16 asker, answerer ‖ u64 epoch, view ‖ signature
///                       ‖ u16-framed certificate, empty when there is none
///
/// Fixed layouts rather than Protobuf: one encoding of each message, and nothing is allocated that
/// the sender has not paid for with octets. Numbers are big-endian.
namespace beian {

/// The octets are the sender's fault, a retry does not help, and the peer is dropped.
enum class CodecError {
  kUnknownKind,
  kTooMany,         ///< more items than the kind allows
  kTooLarge,        ///< more octets than the kind allows
  kMalformed,       ///< ends early, does not end, or holds what its layout does not allow
  kBadNumber,       ///< a number above kWireNumberMax, or a range that runs backwards
  kBadTransaction,  ///< octets that Transaction::Parse refuses
  kBadBlock,        ///< octets that Block::Decode refuses
};
std::string_view CodecErrorId(CodecError error);  ///< "message.malformed"

struct DecodedMessage {
  Message message;
  View sender_view;
};

/// `set_size` is n of the epoch. A message within the limits of messages.h fits in a frame. CHECKs
/// those that only this node decides; a Transactions or TransactionBatch message is cut where it
/// would exceed its octets, and Blocks without a proof are sent as none.
Bytes EncodeMessage(const Message& message, View sender_view, size_t set_size);

/// Strict: gives back what EncodeMessage was given and refuses what it would not have written (with
/// any set size, where certificates are). Verifies no signature. Neither throws nor aborts on any
/// input. Pure; any thread.
std::expected<DecodedMessage, CodecError> DecodeMessage(const ChainId& chain, BytesView frame);

/// Class in which a message is sent by a validator that is in `sender_view`.
Priority PriorityOf(const Message& message, View sender_view);

/// Index of a frame's kind in `Message`, for counters; nothing for an unknown kind.
std::optional<size_t> KindOfFrame(BytesView frame);
inline constexpr size_t kMessageKindCount = std::variant_size_v<Message>;
std::string_view MessageKindName(size_t kind);  ///< "vote", "get_blocks": a label of metrics

}  // namespace beian
