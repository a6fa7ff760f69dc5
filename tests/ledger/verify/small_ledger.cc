#include "tests/ledger/verify/small_ledger.h"

#include "ledger/base/check.h"

namespace beian {

SmallLedger::SmallLedger(size_t n)
    : fixture_(MakeGenesis(n)),
      tip_(RootHeader(fixture_.genesis)),
      leaders_(genesis().chain_id, tip_.epoch, tip_.id(), n) {}
SmallLedger::~SmallLedger() = default;

Header SmallLedger::NextHeader(TimeMs time) const {
  Header header = tip_;
  header.height = tip_.height.Next();
  header.view = tip_.view.Next();
  header.parent = tip_.id();
  header.time = time;
  header.proposer = leaders_.At(header.view);
  return header;
}

std::vector<TransactionResult> SmallLedger::Extend(const std::vector<TransactionPtr>& transactions,
                                                   std::optional<TimeMs> time) {
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

FinalityProof SmallLedger::Finalize(const Header& header) const {
  Statement statement{VoteKind::kFinalize, header.epoch, header.view, View(header.view.value() - 1),
                      header.id()};
  return {{}, Certify(statement, genesis().validators.quorum())};
}

Certificate SmallLedger::Certify(const Statement& statement, size_t signers) const {
  const Bytes message = statement.SignedBytes(genesis().chain_id, genesis().validators.hash());
  Certificate certificate{statement, {}};
  for (uint16_t i = 0; i < signers; ++i) {
    certificate.signatures.emplace_back(ValidatorIndex(i),
                                        fixture_.consensus_keys[i].Sign(message));
  }
  return certificate;
}

Bytes SmallLedger::Seal(const Header& header) const {
  return Finalize(header).Encode(genesis().validators.size());
}

Receipt SmallLedger::ReceiptOf(const TransactionId& id) const {
  const LogIndex index = places_.at(id);
  auto path = MakeLogInclusion(index.value(), tip_.log_size, Reader());
  CHECK(path.has_value());
  return {entries_.at(index.value()), index, *std::move(path), tip_, Finalize(tip_)};
}

RecordProof SmallLedger::ProofOf(const MapKey& key) const {
  auto lookup = ProveMapKey(state_, key);
  CHECK(lookup.has_value());
  return {key, state_.Record(key), std::move(lookup->proof), tip_, Finalize(tip_)};
}

TileReader SmallLedger::Reader() const {
  return [this](TileId tile, uint64_t) -> std::optional<Bytes> {
    const auto found = tiles_.find(tile);
    if (found == tiles_.end()) return std::nullopt;
    return found->second;
  };
}

}  // namespace beian
