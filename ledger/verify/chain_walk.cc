#include "ledger/verify/chain_walk.h"

#include <utility>

#include "ledger/base/calendar.h"
#include "ledger/merkle/log.h"
#include "ledger/verify/proofs.h"
#include "ledger/verify/replayed_state.h"

namespace beian {
namespace {

constexpr Epoch kGenesisEpoch{0};

Finding MakeFinding(std::string_view id, Height height, std::string expected, std::string found,
                    std::string message) {
  return {std::string(id),     height.value(),   std::nullopt,
          std::move(expected), std::move(found), std::move(message)};
}

std::string Text(uint64_t number) {
  return std::to_string(number);
}

/// The parts of a header that follow from its parent's alone.
std::optional<Finding> CheckLink(const Header& parent, const Header& header) {
  const Height height = parent.height.Next();
  const auto finding = [&](std::string_view id, std::string expected, std::string found,
                           std::string message) {
    return MakeFinding(id, height, std::move(expected), std::move(found), std::move(message));
  };
  if (header.height != height) {
    return finding("audit.bad_height", Text(height.value()), Text(header.height.value()),
                   "Heights must follow one another.");
  }
  if (header.parent != parent.id()) {
    return finding("audit.bad_parent", parent.id().hex(), header.parent.hex(),
                   "The header does not name the block before it.");
  }
  if (header.protocol_version != Genesis::kProtocolVersion) {
    return finding("audit.bad_version", Text(Genesis::kProtocolVersion),
                   Text(header.protocol_version), "The rules of this epoch have another version.");
  }
  if (header.epoch != kGenesisEpoch) {
    return finding("audit.bad_epoch", Text(kGenesisEpoch.value()), Text(header.epoch.value()),
                   "The validators of genesis hold one epoch.");
  }
  if (header.view <= parent.view) {
    return finding("audit.bad_view", "above " + Text(parent.view.value()),
                   Text(header.view.value()), "Views must grow from block to block.");
  }
  if (!header.next_set_hash.IsZero()) {
    return finding("audit.bad_next_set", SetHash{}.hex(), header.next_set_hash.hex(),
                   "No change of the validator set is under way.");
  }
  const uint64_t gap = header.tx_count == 0 ? kEmptyBlockGapMs : 1;
  if (header.time < parent.time + gap) {
    return finding("audit.bad_time", "at least " + FormatTime(parent.time + gap),
                   FormatTime(header.time), "Time must grow from block to block.");
  }
  if (header.log_size != parent.log_size + header.tx_count) {
    return finding("audit.bad_log_size", Text(parent.log_size + header.tx_count),
                   Text(header.log_size), "The log grows by one leaf for each transaction.");
  }
  return std::nullopt;
}

std::string_view FinalityFindingId(VerifyError error) {
  switch (error) {
    case VerifyError::kWrongChain:
      return "audit.wrong_chain";
    case VerifyError::kBadQuorum:
      return "audit.bad_quorum";
    case VerifyError::kBadSignature:
      return "audit.bad_validator_signature";
    case VerifyError::kMalformed:
    case VerifyError::kWrongObject:
    case VerifyError::kBadFinality:
    case VerifyError::kBadLogPath:
    case VerifyError::kBadMapPath:
    case VerifyError::kBadRecord:
      return "audit.bad_finality";
  }
  CHECK(!"an unknown error");
  return {};
}

std::optional<Finding> CheckFinality(const StoredBlock& block, const Header& header,
                                     const Genesis& genesis, bool vouched) {
  const auto proof = DecodeFinalityProof(block.proof, genesis.validators.size());
  if (!proof) {
    return MakeFinding("audit.malformed_proof", header.height, "a finality proof",
                       Text(block.proof.size()) + " octets", "The proof does not decode.");
  }
  if (vouched) return std::nullopt;
  const auto verified = VerifyFinality(header, *proof, genesis);
  if (verified) return std::nullopt;
  return MakeFinding(FinalityFindingId(verified.error()), header.height,
                     "finalized by " + Text(genesis.validators.quorum()) + " of " +
                         Text(genesis.validators.size()) + " validators",
                     std::string(VerifyErrorId(verified.error())),
                     "The block's finalization does not verify.");
}

/// Takes the entries apart, up to the first bad one, and compares each signature.
void PrepareEntries(const StoredBlock& block, const Genesis& genesis, bool check_signatures,
                    PreparedBlock& prepared) {
  const Header& header = prepared.header;
  if (block.entries.size() != header.tx_count) {
    prepared.bad_entries = MakeFinding("audit.bad_transaction_count", header.height,
                                       Text(header.tx_count), Text(block.entries.size()),
                                       "The block does not hold what its header counts.");
    return;
  }
  const auto finding = [&](std::string_view id, size_t index, std::string expected,
                           std::string found, std::string message) {
    Finding made = MakeFinding(id, header.height, std::move(expected), std::move(found),
                               std::move(message));
    made.transaction = index;
    return made;
  };
  for (size_t i = 0; i < block.entries.size(); ++i) {
    auto entry = DecodeLogEntry(block.entries[i]);
    auto transaction = entry ? Transaction::Parse(genesis.chain_id, entry->wire)
                             : std::unexpected(TransactionError::kNotCanonical);
    if (!transaction) {
      prepared.bad_entries = finding("audit.bad_entry", i, "a transaction with its results",
                                     std::string(TransactionErrorId(transaction.error())),
                                     "The log entry does not decode.");
      return;
    }
    if (check_signatures && !prepared.bad_signature && !(*transaction)->VerifySignature()) {
      prepared.bad_signature =
          finding("audit.bad_client_signature", i,
                  "signed by key " + (*transaction)->signer_id().hex(),
                  "not signed by it, transaction " + (*transaction)->id().hex(),
                  "The client's signature does not verify.");
    }
    prepared.leaf_hashes.push_back(LogLeafHash(block.entries[i]));
    prepared.entries.push_back(*std::move(entry));
    prepared.transactions.push_back(*std::move(transaction));
  }
}

std::string DescribeResult(const TransactionResult& result) {
  std::string text;
  for (const ActionResult& action : result.actions) {
    if (!text.empty()) text += ", ";
    text += FilingRejectId(action.reject);
    if (action.code) text += " " + std::string(action.code->characters());
  }
  return text;
}

std::optional<Finding> CompareResults(const PreparedBlock& block, const Execution& execution) {
  for (size_t i = 0; i < block.entries.size(); ++i) {
    const TransactionResult& found = block.entries[i].result;
    if (found == execution.results[i]) continue;
    Finding finding =
        MakeFinding("audit.bad_result", block.header.height, DescribeResult(execution.results[i]),
                    DescribeResult(found), "Executing the transaction gives another result.");
    finding.transaction = i;
    return finding;
  }
  return std::nullopt;
}

}  // namespace

Bytes EncodeStoredBlock(const StoredBlock& block) {
  ByteWriter writer;
  writer.Long(block.header);
  writer.Long(block.proof);
  writer.U32(static_cast<uint32_t>(block.entries.size()));
  for (const Bytes& entry : block.entries) writer.Long(entry);
  return writer.Take();
}

std::optional<StoredBlock> DecodeStoredBlock(BytesView encoded) {
  ByteReader reader(encoded);
  StoredBlock block;
  block.header = reader.Long();
  block.proof = reader.Long();
  const uint32_t count = reader.U32();
  if (reader.failed() || count > kBlockTransactionsMax) return std::nullopt;
  block.entries.reserve(count);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    block.entries.emplace_back(reader.Long());
  }
  if (!reader.Finished()) return std::nullopt;
  return block;
}

std::expected<PreparedBlock, Finding> PrepareBlock(const StoredBlock& block, const Genesis& genesis,
                                                   AuditLevel level, Vouched vouched) {
  PreparedBlock prepared;
  const auto header = Header::Decode(block.header);
  if (!header) {
    return std::unexpected(MakeFinding("audit.malformed_header", Height(0), "a header",
                                       Text(block.header.size()) + " octets",
                                       "The header does not decode."));
  }
  prepared.header = *header;
  if (auto finding = CheckFinality(block, *header, genesis, vouched.finality)) {
    return std::unexpected(*std::move(finding));
  }
  if (level == AuditLevel::kL0) return prepared;
  PrepareEntries(block, genesis, level >= AuditLevel::kL2 && !vouched.signatures, prepared);
  return prepared;
}

struct ChainWalk::State {
  State(const Genesis& trusted, AuditLevel audit_level)
      : genesis(trusted),
        level(audit_level),
        tip(RootHeader(trusted)),
        leaders(trusted.chain_id, kGenesisEpoch, tip.id(), trusted.validators.size()) {}

  std::optional<Finding> Check(const PreparedBlock& block);
  std::optional<Finding> CheckProposer(const Header& header) const;
  std::optional<Finding> CheckRoots(const PreparedBlock& block);
  std::optional<Finding> Replay(const PreparedBlock& block);

  const Genesis& genesis;
  const AuditLevel level;
  Header tip;
  const LeaderSchedule leaders;
  LogFrontier log;
  ReplayedState replayed;
  std::optional<Finding> finding;
  uint64_t blocks = 0;
  uint64_t transactions = 0;
  uint64_t actions = 0;
};

std::optional<Finding> ChainWalk::State::CheckProposer(const Header& header) const {
  const ValidatorIndex leader = leaders.At(header.view);
  if (header.proposer == leader) return std::nullopt;
  return MakeFinding("audit.bad_proposer", header.height, Text(leader.value()),
                     Text(header.proposer.value()), "Another validator leads that view.");
}

std::optional<Finding> ChainWalk::State::CheckRoots(const PreparedBlock& block) {
  std::vector<WireId> wire_ids;
  wire_ids.reserve(block.transactions.size());
  for (const TransactionPtr& transaction : block.transactions) {
    wire_ids.push_back(transaction->wire_id());
  }
  const Header& header = block.header;
  const Sha256Digest tx_root = TransactionRoot(wire_ids);
  if (tx_root != header.tx_root) {
    return MakeFinding("audit.bad_transaction_root", header.height, header.tx_root.hex(),
                       tx_root.hex(), "The entries are not the transactions of the header.");
  }
  for (const Sha256Digest& leaf_hash : block.leaf_hashes) log.Append(leaf_hash);
  const MerkleRoot log_root = log.Root();
  if (log_root != header.log_root) {
    return MakeFinding("audit.bad_log_root", header.height, header.log_root.hex(), log_root.hex(),
                       "The entries are not the leaves of the log.");
  }
  return std::nullopt;
}

std::optional<Finding> ChainWalk::State::Replay(const PreparedBlock& block) {
  const Header& header = block.header;
  auto execution = Execute(genesis, replayed, header.time, header.height, block.transactions);
  if (!execution) {
    return MakeFinding("audit.invalid_block", header.height, "a block within the rules",
                       std::string(BlockRejectId(execution.error())),
                       "The block breaks a rule that every validator must check.");
  }
  if (auto bad = CompareResults(block, *execution)) return bad;
  if (execution->map_root != header.map_root) {
    return MakeFinding("audit.bad_map_root", header.height, execution->map_root.hex(),
                       header.map_root.hex(), "Replaying the block gives another state.");
  }
  replayed.Apply(std::move(execution->delta), header.time);
  return std::nullopt;
}

std::optional<Finding> ChainWalk::State::Check(const PreparedBlock& block) {
  if (auto bad = CheckLink(tip, block.header)) return bad;
  if (auto bad = CheckProposer(block.header)) return bad;
  if (level >= AuditLevel::kL1) {
    if (block.bad_entries) return block.bad_entries;
    if (auto bad = CheckRoots(block)) return bad;
  }
  if (block.bad_signature) return block.bad_signature;
  if (level >= AuditLevel::kL3) {
    if (auto bad = Replay(block)) return bad;
  }
  return std::nullopt;
}

ChainWalk::ChainWalk(const Genesis& genesis, AuditLevel level)
    : state_(std::make_unique<State>(genesis, level)) {}
ChainWalk::~ChainWalk() = default;

std::expected<void, Finding> ChainWalk::Next(const StoredBlock& block, bool signatures_checked) {
  if (state_->finding) return std::unexpected(*state_->finding);
  auto prepared = PrepareBlock(block, state_->genesis, state_->level,
                               {.finality = false, .signatures = signatures_checked});
  if (prepared) return Next(*prepared);
  Stop(std::move(prepared.error()));
  return std::unexpected(*state_->finding);
}

std::expected<void, Finding> ChainWalk::Next(const PreparedBlock& block) {
  if (state_->finding) return std::unexpected(*state_->finding);
  state_->finding = state_->Check(block);
  if (state_->finding) return std::unexpected(*state_->finding);
  state_->tip = block.header;
  state_->blocks += 1;
  state_->transactions += block.header.tx_count;
  for (const LogEntry& entry : block.entries) state_->actions += entry.result.actions.size();
  return {};
}

void ChainWalk::Stop(Finding finding) {
  finding.height = state_->tip.height.Next().value();  // whatever a bad header says of itself
  state_->finding = std::move(finding);
}

uint64_t ChainWalk::blocks() const {
  return state_->blocks;
}
uint64_t ChainWalk::transactions() const {
  return state_->transactions;
}
uint64_t ChainWalk::actions() const {
  return state_->actions;
}
const Header& ChainWalk::tip() const {
  return state_->tip;
}

const StateView* ChainWalk::state() const {
  return state_->level >= AuditLevel::kL3 ? &state_->replayed : nullptr;
}

void ChainWalk::ForEachRecord(
    const std::function<void(const MapKey& key, BytesView record)>& visit) const {
  state_->replayed.ForEachRecord(visit);
}

}  // namespace beian
