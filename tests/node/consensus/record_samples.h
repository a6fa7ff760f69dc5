#pragma once

#include <vector>

#include "node/consensus/log_record.h"
#include "tests/support/filled_digest.h"

namespace beian {

inline Signature FilledSignature(uint8_t octet) {
  Signature signature;
  signature.octets.fill(octet);
  return signature;
}

inline constexpr size_t kSampleSetSize = 4;

inline Statement SampleStatement(VoteKind kind, uint64_t view) {
  Statement statement;
  statement.kind = kind;
  statement.epoch = Epoch(3);
  statement.view = View(view);
  if (kind == VoteKind::kNullify) return statement;
  statement.parent_view = View(view - 1);
  statement.id = FilledDigest<BlockId>(0xb1);
  return statement;
}

inline Vote SampleVote(VoteKind kind, uint64_t view) {
  return {SampleStatement(kind, view), ValidatorIndex(2), FilledSignature(0x51)};
}

inline Certificate SampleCertificate(VoteKind kind, uint64_t view) {
  return {SampleStatement(kind, view),
          {{ValidatorIndex(0), FilledSignature(0xa0)},
           {ValidatorIndex(1), FilledSignature(0xa1)},
           {ValidatorIndex(3), FilledSignature(0xa3)}}};
}

/// A header of an empty block in epoch 3.
inline Header SampleHeader(const ChainId& chain, uint64_t view) {
  Header header;
  header.chain_id = chain;
  header.epoch = Epoch(3);
  header.view = View(view);
  header.height = Height(5);
  header.parent = FilledDigest<BlockId>(0xb0);
  header.tx_root = TransactionRoot({});
  header.log_size = 7;
  header.log_root = FilledDigest<MerkleRoot>(0xc1);
  header.map_root = FilledDigest<MerkleRoot>(0xc2);
  header.time = TimeMs(1'600'000'000'000);
  header.proposer = ValidatorIndex(1);
  return header;
}

inline Proposal SampleProposal(const ChainId& chain, uint64_t view) {
  Proposal proposal;
  proposal.view = View(view);
  proposal.parent_view = View(view - 1);
  proposal.header = SampleHeader(chain, view);
  proposal.wire_ids = {FilledDigest<WireId>(0xd1), FilledDigest<WireId>(0xd2)};
  proposal.leader_vote = SampleVote(VoteKind::kNotarize, view);
  proposal.justification = {SampleCertificate(VoteKind::kNotarize, view - 1)};
  return proposal;
}

/// One of each kind, all at `view`.
inline std::vector<LogRecord> SampleRecords(const ChainId& chain, uint64_t view) {
  return {
      EpochRecord{Epoch(3), FilledDigest<SetHash>(0xe1), FilledDigest<BlockId>(0xe2)},
      VoteRecord{SampleVote(VoteKind::kNullify, view)},
      CertificateRecord{SampleCertificate(VoteKind::kNotarize, view)},
      BlockRecord{Block::Make(SampleHeader(chain, view), {})},
      ProposalRecord{SampleProposal(chain, view)},
      FinalRecord{SampleCertificate(VoteKind::kFinalize, view), Height(5)},
      ReentryRecord{Epoch(3)},
      FloorRecord{Epoch(3), View(view)},
  };
}

}  // namespace beian
