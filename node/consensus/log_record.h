#pragma once

#include <optional>
#include <variant>

#include "node/consensus/messages.h"

namespace beian {

/// What a validator must not forget: the vote log holds these in the order they were appended.
/// Source: CONSENSUS.md section 5.
struct EpochRecord {        ///< E: an epoch starts; the first record of a new log
  Epoch epoch;
  SetHash set;
  BlockId root;
  bool operator==(const EpochRecord&) const = default;
};
struct VoteRecord {         ///< V: own vote, synced before it is sent
  Vote vote;
  bool operator==(const VoteRecord&) const = default;
};
struct CertificateRecord {  ///< C
  Certificate certificate;
  bool operator==(const CertificateRecord&) const = default;
};
struct BlockRecord {        ///< B: body of a block that is or may be voted for
  BlockPtr block;
};
struct ProposalRecord {     ///< P: own proposal, so that a restarted leader repeats it
  Proposal proposal;
  bool operator==(const ProposalRecord&) const = default;
};
struct FinalRecord {        ///< L: last finalization; what lies below it may be pruned
  Certificate finalization;
  Height height;
  bool operator==(const FinalRecord&) const = default;
};
struct ReentryRecord {      ///< the log was lost: mute until a FloorRecord follows
  Epoch epoch;
  bool operator==(const ReentryRecord&) const = default;
};
struct FloorRecord {        ///< no vote at views <= floor, ever
  Epoch epoch;
  View floor;
  bool operator==(const FloorRecord&) const = default;
};

using LogRecord = std::variant<EpochRecord, VoteRecord, CertificateRecord, BlockRecord,
                               ProposalRecord, FinalRecord, ReentryRecord, FloorRecord>;

/// u8 kind ‖ fixed layout of that kind. `set_size` is n of the epoch.
Bytes EncodeLogRecord(const LogRecord& record, size_t set_size);
/// Strict; nothing when the octets are not such a record.
std::optional<LogRecord> DecodeLogRecord(const ChainId& chain, BytesView encoded);

/// Octets of a proposal, shared by the log and the wire; strict decode.
Bytes EncodeProposal(const Proposal& proposal, size_t set_size);
std::optional<Proposal> DecodeProposal(BytesView encoded);

/// View that decides when a record may be pruned; nothing for those that are kept (E, L, REENTRY,
/// FLOOR).
std::optional<View> ViewOfRecord(const LogRecord& record);

}  // namespace beian
