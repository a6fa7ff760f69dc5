#include "tests/node/store/store_chain.h"

#include <gtest/gtest.h>

#include "ledger/chain/execute.h"
#include "ledger/merkle/log.h"
#include "tests/node/consensus/record_samples.h"

namespace beian {
namespace {

constexpr uint64_t kExpiresAfterMs = 60'000;

FilingId IdOf(const TransactionPtr& submission) {
  return MakeFilingId(submission->id(), 0);
}

v1::Action SupplementAction(const FilingId& filing, uint64_t salt) {
  v1::Action action;
  action.mutable_supplement()->set_filing_id(Bytes(filing.view()));
  *action.mutable_supplement()->mutable_filing() = ValidFiling(salt);
  return action;
}

v1::Action RequestAction(const FilingId& filing) {
  v1::Action action;
  action.mutable_request_supplement()->set_filing_id(Bytes(filing.view()));
  action.mutable_request_supplement()->set_reason("the address is incomplete");
  return action;
}

v1::Action RefuseAction(const FilingId& filing) {
  v1::Action action;
  action.mutable_refuse()->set_filing_id(Bytes(filing.view()));
  action.mutable_refuse()->set_reason("not a blockchain information service");
  return action;
}

Certificate FinalizationOf(const Block& block) {
  Certificate certificate = SampleCertificate(VoteKind::kFinalize, block.header.view.value());
  certificate.statement.epoch = block.header.epoch;
  certificate.statement.id = block.id;
  return certificate;
}

void ExpectHoldsBlock(const BlockReader& reader, const CommitBlock& commit) {
  const Height height = commit.block->header.height;
  EXPECT_EQ(reader.HeaderAt(height), commit.block->header);
  EXPECT_EQ(reader.HeightOf(commit.block->id), height);
  EXPECT_EQ(reader.ProofAt(height), commit.proof);
  const BlockPtr block = reader.BlockAt(height);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(block->Encode(), commit.block->Encode());
  EXPECT_EQ(block->id, commit.block->id);
  const uint64_t first = block->header.log_size - block->header.tx_count;
  for (uint32_t i = 0; i < block->transactions.size(); ++i) {
    const auto place = reader.Find(block->transactions[i]->id());
    ASSERT_TRUE(place);
    EXPECT_EQ(place->height, height);
    EXPECT_EQ(place->index, i);
    EXPECT_EQ(place->log_index, LogIndex(first + i));
    EXPECT_TRUE(reader.HasTransaction(block->transactions[i]->id()));
  }
}

void ExpectHoldsLog(const BlockReader& reader, const StoreChain& chain) {
  EXPECT_EQ(reader.Log(), chain.state().Log());
  const uint64_t size = chain.entries().size();
  const TileReader tiles = [&](TileId tile, uint64_t width) { return reader.Tile(tile, width); };
  for (uint64_t i = 0; i < size; ++i) {
    const auto entry = reader.EntryAt(LogIndex(i));
    ASSERT_TRUE(entry);
    EXPECT_EQ(*entry, chain.entries()[i]);
    const auto path = MakeLogInclusion(i, size, tiles);
    ASSERT_TRUE(path) << i;
    EXPECT_TRUE(VerifyLogInclusion(LogLeafHash(*entry), i, size, *path, chain.tip().log_root));
  }
  EXPECT_FALSE(reader.EntryAt(LogIndex(size)));
}

}  // namespace

CommitBlock StoreChain::Add(const std::vector<TransactionPtr>& transactions, uint64_t step_ms) {
  const TimeMs time = tip_.time + step_ms;
  auto execution = Execute(genesis(), state_, time, tip_.height.Next(), transactions);
  CHECK(execution.has_value());
  Header header;
  header.chain_id = genesis().chain_id;
  header.view = tip_.view.Next();
  header.height = tip_.height.Next();
  header.parent = tip_.id();
  header.time = time;
  SetRoots(*execution, header);
  CommitBlock commit;
  commit.block = Block::Make(header, transactions);
  commit.execution = std::make_shared<const Execution>(*std::move(execution));
  commit.proof = {{}, FinalizationOf(*commit.block)};
  for (size_t i = 0; i < transactions.size(); ++i) {
    const TransactionResult& result = commit.execution->results[i];
    entries_.push_back(EncodeLogEntry(*transactions[i], result));
    for (uint16_t action = 0; action < result.actions.size(); ++action) {
      if (transactions[i]->body().actions(action).has_submit() &&
          result.actions[action].reject == FilingReject::kAccepted) {
        submissions_.push_back(MakeFilingId(transactions[i]->id(), action));
      }
    }
  }
  state_.Apply(commit.execution->delta);
  tip_ = header;
  blocks_.push_back(commit);
  return commit;
}

TransactionPtr StoreChain::Sign(const PrivateKey& signer, std::vector<v1::Action> actions) {
  const TimeMs expiry = tip_.time + kExpiresAfterMs;
  auto transaction =
      Transaction::Sign(genesis().chain_id, MakeBody(expiry, ++salt_, std::move(actions)), signer);
  CHECK(transaction != nullptr);
  return transaction;
}

TransactionPtr StoreChain::Submit(uint64_t salt, std::string_view division) {
  return MakeSubmit(genesis(), MakeClientKey(salt), tip_.time + kExpiresAfterMs, salt, division);
}

void StoreChain::AddLifecycles() {
  const PrivateKey& beijing = fixture_.office("11");
  const PrivateKey& shanghai = fixture_.office("31");
  const std::vector<TransactionPtr> submissions = {Submit(1), Submit(2), Submit(3),
                                                   Submit(4, "310101"), Submit(5, "310101")};
  Add(submissions);
  std::vector<FilingId> ids;
  for (const TransactionPtr& submission : submissions) ids.push_back(IdOf(submission));
  Add({});
  Add({Sign(beijing, {TakeUpAction(ids[0]), TakeUpAction(ids[1]), TakeUpAction(ids[2])}),
       Sign(shanghai, {TakeUpAction(ids[3])})});
  Add({Sign(beijing, {ForwardAction(ids[0]), RequestAction(ids[1]), RefuseAction(ids[2])}),
       Sign(shanghai, {ForwardAction(ids[3]), TakeUpAction(ids[1])})});
  Add({Sign(fixture_.cac, {ApproveAction(ids[0]), ApproveAction(ids[3])}),
       Sign(MakeClientKey(2), {SupplementAction(ids[1], 2)})});
  v1::Action publish;
  publish.mutable_publish_set()->set_number(1);
  publish.mutable_publish_set()->set_published_on("2019-03-30");
  for (const FilingRecord& filing : Filings()) {
    if (filing.code) publish.mutable_publish_set()->add_codes(Bytes(filing.code->characters()));
  }
  CHECK(publish.publish_set().codes_size() == 2);
  Add({Sign(fixture_.cac, {publish})});
  Add({Submit(6), Submit(7, "310101")});
}

std::vector<FilingRecord> StoreChain::Filings() const {
  std::vector<FilingRecord> filings;
  for (const FilingId& id : submissions_) {
    filings.push_back(FilingRecord::Decode(*state_.Record(FilingKey(id))).value());
  }
  return filings;
}

void ExpectHolds(const BlockReader& reader, const StoreChain& chain) {
  EXPECT_EQ(reader.Tip(), chain.tip());
  EXPECT_EQ(reader.HeaderAt(Height(0)), RootHeader(chain.genesis()));
  EXPECT_EQ(reader.HeightOf(RootHeader(chain.genesis()).id()), Height(0));
  EXPECT_EQ(reader.BlockAt(Height(0)), nullptr);
  const Height next = chain.tip().height.Next();
  EXPECT_FALSE(reader.HeaderAt(next));
  EXPECT_EQ(reader.BlockAt(next), nullptr);
  EXPECT_FALSE(reader.ProofAt(next));
  EXPECT_FALSE(reader.HeightOf(FilledDigest<BlockId>(0x99)));
  EXPECT_FALSE(reader.Find(FilledDigest<TransactionId>(0x99)));
  EXPECT_FALSE(reader.HasTransaction(FilledDigest<TransactionId>(0x99)));
  EXPECT_FALSE(reader.Record(FilledDigest<MapKey>(0x99)));
  for (const CommitBlock& commit : chain.blocks()) ExpectHoldsBlock(reader, commit);
  ExpectHoldsLog(reader, chain);
  for (const auto& [key, record] : chain.state().records()) EXPECT_EQ(reader.Record(key), record);
  EXPECT_EQ(MapRootOf(reader), chain.tip().map_root);
  for (const auto& [key, record] : chain.state().records()) {
    const auto proven = ProveMapKey(reader, key);
    ASSERT_TRUE(proven);
    ASSERT_TRUE(proven->value_hash);
    EXPECT_TRUE(VerifyMapPresence(proven->proof, key, *proven->value_hash, chain.tip().map_root));
  }
}

}  // namespace beian
