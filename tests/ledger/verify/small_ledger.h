#pragma once

#include <map>
#include <vector>

#include "ledger/verify/chain_walk.h"
#include "ledger/verify/proofs.h"
#include "tests/support/fixture.h"
#include "tests/support/memory_state.h"

namespace beian {

/// A chain without consensus that also proves what it holds, and that can be made to lie: its
/// validators sign whatever header they are given.
class SmallLedger {
 public:
  explicit SmallLedger(size_t n = 4)
      : fixture_(MakeGenesis(n)),
        tip_(RootHeader(fixture_.genesis)),
        leaders_(genesis().chain_id, tip_.epoch, tip_.id(), n) {}

  const GenesisFixture& fixture() const { return fixture_; }
  const Genesis& genesis() const { return fixture_.genesis; }
  const Header& tip() const { return tip_; }
  const MemoryState& state() const { return state_; }
  const std::vector<StoredBlock>& blocks() const { return blocks_; }

  /// A header for the next block, good in everything that does not follow from its transactions.
  Header NextHeader(TimeMs time) const {
    Header header = tip_;
    header.height = tip_.height.Next();
    header.view = tip_.view.Next();
    header.parent = tip_.id();
    header.time = time;
    header.proposer = leaders_.At(header.view);
    return header;
  }

  /// Adds a good block and returns the results of its transactions.
  std::vector<TransactionResult> Extend(const std::vector<TransactionPtr>& transactions,
                                        std::optional<TimeMs> time = std::nullopt) {
    Header header = NextHeader(time.value_or(tip_.time + 1'000));
    auto execution = Execute(genesis(), state_, header.time, header.height, transactions);
    CHECK(execution.has_value());
    SetRoots(*execution, header);
    for (const auto& [tile, octets] :
         AppendToTiles(tip_.log_size, execution->leaf_hashes, Reader())) {
      tiles_[tile] = octets;
    }
    StoredBlock block{header.Encode(), Seal(header), {}};
    for (size_t i = 0; i < transactions.size(); ++i) {
      const LogIndex index(tip_.log_size + i);
      places_[transactions[i]->id()] = index;
      entries_.push_back(EncodeLogEntry(*transactions[i], execution->results[i]));
      block.entries.push_back(entries_.back());
    }
    state_.Apply(execution->delta);
    blocks_.push_back(std::move(block));
    tip_ = header;
    return execution->results;
  }

  /// A finalization of any header by the first q validators.
  FinalityProof Finalize(const Header& header) const {
    Statement statement{VoteKind::kFinalize, header.epoch, header.view,
                        View(header.view.value() - 1), header.id()};
    return {{}, Certify(statement, genesis().validators.quorum())};
  }
  Certificate Certify(const Statement& statement, size_t signers) const {
    const Bytes message = statement.SignedBytes(genesis().chain_id, genesis().validators.hash());
    Certificate certificate{statement, {}};
    for (uint16_t i = 0; i < signers; ++i) {
      certificate.signatures.emplace_back(ValidatorIndex(i),
                                          fixture_.consensus_keys[i].Sign(message));
    }
    return certificate;
  }
  Bytes Seal(const Header& header) const {
    return Finalize(header).Encode(genesis().validators.size());
  }

  bool Holds(const TransactionId& id) const { return places_.contains(id); }
  /// As of the tip.
  Receipt ReceiptOf(const TransactionId& id) const {
    const LogIndex index = places_.at(id);
    auto path = MakeLogInclusion(index.value(), tip_.log_size, Reader());
    CHECK(path.has_value());
    return {entries_.at(index.value()), index, *std::move(path), tip_, Finalize(tip_)};
  }
  RecordProof ProofOf(const MapKey& key) const {
    auto lookup = ProveMapKey(state_, key);
    CHECK(lookup.has_value());
    return {key, state_.Record(key), std::move(lookup->proof), tip_, Finalize(tip_)};
  }

 private:
  TileReader Reader() const {
    return [this](TileId tile, uint64_t) -> std::optional<Bytes> {
      const auto found = tiles_.find(tile);
      if (found == tiles_.end()) return std::nullopt;
      return found->second;
    };
  }

  GenesisFixture fixture_;
  MemoryState state_;
  Header tip_;
  LeaderSchedule leaders_;
  std::vector<StoredBlock> blocks_;
  std::vector<Bytes> entries_;
  std::map<TileId, Bytes> tiles_;
  std::map<TransactionId, LogIndex> places_;
};

}  // namespace beian
