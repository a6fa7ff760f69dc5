#include "ledger/verify/chain_walk.h"

#include <gtest/gtest.h>

#include "tests/ledger/verify/small_ledger.h"

namespace beian {
namespace {

using Level = AuditLevel;

/// Three blocks: submissions, take-ups, an empty one.
class ChainWalks : public testing::Test {
 protected:
  ChainWalks() {
    for (uint64_t salt = 0; salt < 3; ++salt) submits_.push_back(Submit(salt));
    ledger_.Extend(submits_);
    ledger_.Extend({TakeUp(0), TakeUp(1)});
    ledger_.Extend({});
  }

  TransactionPtr Submit(uint64_t salt) const {
    return MakeSubmit(ledger_.genesis(), MakeClientKey(salt), ledger_.tip().time + 60'000, salt);
  }
  TransactionPtr TakeUp(size_t i) const {
    auto body = MakeBody(ledger_.tip().time + 60'000, 100 + i,
                         {TakeUpAction(MakeFilingId(submits_[i]->id(), 0))});
    return Transaction::Sign(ledger_.genesis().chain_id, std::move(body),
                             ledger_.fixture().office("11"));
  }
  const Genesis& genesis() const { return ledger_.genesis(); }

  static std::optional<Finding> WalkAll(const Genesis& genesis,
                                        const std::vector<StoredBlock>& blocks, Level level) {
    ChainWalk walk(genesis, level);
    for (const StoredBlock& block : blocks) {
      if (const auto next = walk.Next(block, false); !next) return next.error();
    }
    return std::nullopt;
  }
  std::optional<Finding> WalkWith(size_t index, StoredBlock block, Level level) const {
    std::vector<StoredBlock> blocks = ledger_.blocks();
    blocks.at(index) = std::move(block);
    return WalkAll(genesis(), blocks, level);
  }
  /// The block at that place under a header that the validators signed although it lies.
  StoredBlock Forge(size_t index, const std::function<void(Header&)>& lie) const {
    StoredBlock block = ledger_.blocks().at(index);
    Header header = *Header::Decode(block.header);
    lie(header);
    block.header = header.Encode();
    block.proof = ledger_.Seal(header);
    return block;
  }
  void ExpectFinding(const std::optional<Finding>& finding, std::string_view id, uint64_t height) {
    ASSERT_TRUE(finding.has_value()) << id;
    EXPECT_EQ(finding->id, id) << finding->message;
    EXPECT_EQ(finding->height, height);
    EXPECT_NE(finding->expected, finding->found);
    EXPECT_FALSE(finding->message.empty());
  }
  void ExpectForged(size_t index, Level level, std::string_view id,
                    const std::function<void(Header&)>& lie) {
    ExpectFinding(WalkWith(index, Forge(index, lie), level), id, index + 1);
  }

  SmallLedger ledger_;
  std::vector<TransactionPtr> submits_;
};

TEST_F(ChainWalks, AGoodChainIsCleanAtEveryLevel) {
  for (const Level level : {Level::kL0, Level::kL1, Level::kL2, Level::kL3}) {
    ChainWalk walk(genesis(), level);
    for (const StoredBlock& block : ledger_.blocks()) {
      ASSERT_TRUE(walk.Next(block, false).has_value());
    }
    EXPECT_EQ(walk.blocks(), 3u);
    EXPECT_EQ(walk.transactions(), 5u);
    EXPECT_EQ(walk.actions(), level == Level::kL0 ? 0u : 5u);
    EXPECT_EQ(walk.tip(), ledger_.tip());
    EXPECT_EQ(walk.state() != nullptr, level == Level::kL3);
  }
}

TEST_F(ChainWalks, TheReplayedStateIsTheLedgers) {
  ChainWalk walk(genesis(), Level::kL3);
  for (const StoredBlock& block : ledger_.blocks()) ASSERT_TRUE(walk.Next(block, false));
  size_t records = 0;
  walk.ForEachRecord([&](const MapKey& key, BytesView record) {
    ++records;
    EXPECT_EQ(ledger_.state().Record(key), record);
  });
  EXPECT_EQ(records, ledger_.state().records().size());
}

TEST_F(ChainWalks, HeadersThatTheValidatorsShouldNeverHaveSigned) {
  ExpectForged(1, Level::kL0, "audit.bad_height", [](Header& h) { h.height = Height(7); });
  ExpectForged(1, Level::kL0, "audit.bad_parent", [](Header& h) { h.parent = BlockId{}; });
  ExpectForged(1, Level::kL0, "audit.bad_version", [](Header& h) { h.protocol_version = 2; });
  ExpectForged(1, Level::kL0, "audit.bad_epoch", [](Header& h) { h.epoch = Epoch(1); });
  ExpectForged(1, Level::kL0, "audit.bad_view", [](Header& h) { h.view = View(1); });
  ExpectForged(1, Level::kL0, "audit.bad_time", [](Header& h) { h.time = TimeMs(5); });
  ExpectForged(2, Level::kL0, "audit.bad_time", [](Header& h) { h.time = h.time - 1; });
  ExpectForged(1, Level::kL0, "audit.bad_log_size", [](Header& h) { h.log_size += 1; });
  ExpectForged(1, Level::kL0, "audit.bad_next_set",
               [](Header& h) { h.next_set_hash.octets[0] = 1; });
  ExpectForged(1, Level::kL0, "audit.bad_proposer", [](Header& h) {
    h.proposer = ValidatorIndex(static_cast<uint16_t>((h.proposer.value() + 1) % 4));
  });
  ExpectForged(1, Level::kL0, "audit.wrong_chain", [](Header& h) { h.chain_id = ChainId{}; });
  ExpectForged(1, Level::kL1, "audit.bad_transaction_root",
               [](Header& h) { h.tx_root.octets[0] ^= 1; });
  ExpectForged(1, Level::kL1, "audit.bad_log_root", [](Header& h) { h.log_root.octets[0] ^= 1; });
  ExpectForged(1, Level::kL3, "audit.bad_map_root", [](Header& h) { h.map_root.octets[0] ^= 1; });
}

TEST_F(ChainWalks, EachLevelSeesNoMoreThanItSays) {
  const auto map = [](Header& h) { h.map_root.octets[0] ^= 1; };
  // The next block names the parent as it was, so only the last block can be forged unseen.
  EXPECT_FALSE(WalkWith(2, Forge(2, map), Level::kL2).has_value());
  const auto log = [](Header& h) { h.log_root.octets[0] ^= 1; };
  EXPECT_FALSE(WalkWith(2, Forge(2, log), Level::kL0).has_value());
}

TEST_F(ChainWalks, ABadHeaderOrProof) {
  StoredBlock block = ledger_.blocks()[1];
  block.header.pop_back();
  ExpectFinding(WalkWith(1, block, Level::kL0), "audit.malformed_header", 2);
  block = ledger_.blocks()[1];
  block.proof.pop_back();
  ExpectFinding(WalkWith(1, block, Level::kL0), "audit.malformed_proof", 2);
  block = ledger_.blocks()[1];
  block.proof = ledger_.blocks()[0].proof;
  ExpectFinding(WalkWith(1, block, Level::kL0), "audit.bad_finality", 2);
}

TEST_F(ChainWalks, ACertificateWithoutAQuorumOrWithABadSignature) {
  StoredBlock block = ledger_.blocks()[1];
  FinalityProof proof = ledger_.Finalize(*Header::Decode(block.header));
  proof.finalization.signatures.pop_back();
  block.proof = proof.Encode(4);
  ExpectFinding(WalkWith(1, block, Level::kL0), "audit.bad_quorum", 2);
  proof = ledger_.Finalize(*Header::Decode(block.header));
  proof.finalization.signatures[1].second.octets[9] ^= 1;
  block.proof = proof.Encode(4);
  ExpectFinding(WalkWith(1, block, Level::kL0), "audit.bad_validator_signature", 2);
}

TEST_F(ChainWalks, ABlockThatIsLeftOutOrShownTwice) {
  std::vector<StoredBlock> blocks = ledger_.blocks();
  blocks.erase(blocks.begin() + 1);
  ExpectFinding(WalkAll(genesis(), blocks, Level::kL0), "audit.bad_height", 2);
  blocks = ledger_.blocks();
  blocks.insert(blocks.begin() + 1, blocks[0]);
  ExpectFinding(WalkAll(genesis(), blocks, Level::kL0), "audit.bad_height", 2);
}

TEST_F(ChainWalks, EntriesThatAreLeftOutSwappedOrGarbled) {
  StoredBlock block = ledger_.blocks()[0];
  block.entries.pop_back();
  ExpectFinding(WalkWith(0, block, Level::kL1), "audit.bad_transaction_count", 1);
  block = ledger_.blocks()[0];
  std::swap(block.entries[0], block.entries[1]);
  ExpectFinding(WalkWith(0, block, Level::kL1), "audit.bad_transaction_root", 1);
  block = ledger_.blocks()[0];
  block.entries[1] = "no entry";
  const auto finding = WalkWith(0, block, Level::kL1);
  ExpectFinding(finding, "audit.bad_entry", 1);
  EXPECT_EQ(finding->transaction, 1u);
}

TEST_F(ChainWalks, AResultThatWasEditedIsNotWhatTheLogHolds) {
  StoredBlock block = ledger_.blocks()[1];
  LogEntry entry = *DecodeLogEntry(block.entries[1]);
  entry.result.actions[0].reject = FilingReject::kWrongState;
  block.entries[1] =
      EncodeLogEntry(**Transaction::Parse(genesis().chain_id, entry.wire), entry.result);
  ExpectFinding(WalkWith(1, block, Level::kL1), "audit.bad_log_root", 2);
}

TEST_F(ChainWalks, AResultThatTheRulesDoNotGiveIsNamedEvenWhenAllSignedIt) {
  StoredBlock block = ledger_.blocks()[1];
  LogEntry entry = *DecodeLogEntry(block.entries[1]);
  entry.result.actions[0].reject = FilingReject::kWrongState;
  block.entries[1] =
      EncodeLogEntry(**Transaction::Parse(genesis().chain_id, entry.wire), entry.result);
  LogFrontier log;
  for (const StoredBlock& from : {ledger_.blocks()[0], block}) {
    for (const Bytes& leaf : from.entries) log.Append(LogLeafHash(leaf));
  }
  Header header = *Header::Decode(block.header);
  header.log_root = log.Root();
  block.header = header.Encode();
  block.proof = ledger_.Seal(header);
  EXPECT_FALSE(WalkAll(genesis(), {ledger_.blocks()[0], block}, Level::kL2).has_value());
  const auto finding = WalkWith(1, block, Level::kL3);
  ExpectFinding(finding, "audit.bad_result", 2);
  EXPECT_EQ(finding->transaction, 1u);
  EXPECT_EQ(finding->expected, "filing.accepted");
  EXPECT_EQ(finding->found, "filing.wrong_state");
}

TEST_F(ChainWalks, AClientSignatureThatIsForged) {
  Bytes wire = Submit(9)->wire();
  wire.back() = static_cast<char>(wire.back() ^ 1);
  SmallLedger bad;
  bad.Extend({submits_[0], *Transaction::Parse(bad.genesis().chain_id, wire)});
  EXPECT_FALSE(WalkAll(bad.genesis(), bad.blocks(), Level::kL1).has_value());
  const auto finding = WalkAll(bad.genesis(), bad.blocks(), Level::kL2);
  ExpectFinding(finding, "audit.bad_client_signature", 1);
  EXPECT_EQ(finding->transaction, 1u);
}

TEST_F(ChainWalks, ADamagedCopyOfATransactionAccusesNoClient) {
  StoredBlock block = ledger_.blocks()[0];
  LogEntry entry = *DecodeLogEntry(block.entries[1]);
  entry.wire.back() = static_cast<char>(entry.wire.back() ^ 1);  // of the signature
  block.entries[1] =
      EncodeLogEntry(**Transaction::Parse(genesis().chain_id, entry.wire), entry.result);
  for (const Level level : {Level::kL1, Level::kL2, Level::kL3}) {
    ExpectFinding(WalkWith(0, block, level), "audit.bad_transaction_root", 1);
  }
}

TEST_F(ChainWalks, OfSeveralFaultsOfABlockThatOfTheLowestLevelIsNamed) {
  Bytes wire = Submit(9)->wire();
  wire.back() = static_cast<char>(wire.back() ^ 1);
  SmallLedger bad;
  bad.Extend({*Transaction::Parse(bad.genesis().chain_id, wire)});
  const auto walk = [&](const std::function<void(Header&)>& lie) {
    StoredBlock block = bad.blocks()[0];
    Header header = *Header::Decode(block.header);
    lie(header);
    block.header = header.Encode();
    block.proof = bad.Seal(header);
    return WalkAll(bad.genesis(), {block}, Level::kL3);
  };
  ExpectFinding(walk([](Header&) {}), "audit.bad_client_signature", 1);
  ExpectFinding(walk([](Header& h) { h.map_root.octets[0] ^= 1; }), "audit.bad_client_signature",
                1);
  ExpectFinding(walk([](Header& h) { h.log_root.octets[0] ^= 1; }), "audit.bad_log_root", 1);
  ExpectFinding(walk([](Header& h) { h.parent = BlockId{}; }), "audit.bad_parent", 1);
  ExpectFinding(walk([](Header& h) {
                  h.parent = BlockId{};
                  h.tx_count = 2;
                }),
                "audit.bad_parent", 1);
}

TEST_F(ChainWalks, ABlockThatBreaksARuleOfBlocks) {
  // The first block's submission once more, signed by everyone.
  const TransactionPtr again = submits_[0];
  const TransactionResult result{{ActionResult{}}};
  Header header = ledger_.NextHeader(ledger_.tip().time + 1'000);
  StoredBlock block;
  block.entries = {EncodeLogEntry(*again, result)};
  LogFrontier log = ledger_.state().Log();
  log.Append(LogLeafHash(block.entries[0]));
  header.tx_count = 1;
  header.tx_root = TransactionRoot({again->wire_id()});
  header.log_size = log.size();
  header.log_root = log.Root();
  block.header = header.Encode();
  block.proof = ledger_.Seal(header);
  std::vector<StoredBlock> blocks = ledger_.blocks();
  blocks.push_back(block);
  EXPECT_FALSE(WalkAll(genesis(), blocks, Level::kL2).has_value());
  const auto finding = WalkAll(genesis(), blocks, Level::kL3);
  ExpectFinding(finding, "audit.invalid_block", 4);
  EXPECT_EQ(finding->found, "block.duplicate_transaction");
}

TEST_F(ChainWalks, NoOctetOfABlockCanBeChangedUnnoticed) {
  const Bytes octets = EncodeStoredBlock(ledger_.blocks()[1]);
  for (size_t i = 0; i < octets.size(); ++i) {
    Bytes changed = octets;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    const auto block = DecodeStoredBlock(changed);
    EXPECT_FALSE(block && !WalkWith(1, *block, Level::kL1)) << "octet " << i;
  }
}

TEST_F(ChainWalks, AStoredBlockIsReadBackAndNothingElseIs) {
  const Bytes octets = EncodeStoredBlock(ledger_.blocks()[0]);
  const auto block = DecodeStoredBlock(octets);
  ASSERT_TRUE(block.has_value());
  EXPECT_EQ(EncodeStoredBlock(*block), octets);
  for (size_t length = 0; length < octets.size(); ++length) {
    EXPECT_FALSE(DecodeStoredBlock(octets.substr(0, length)).has_value()) << length;
  }
  EXPECT_FALSE(DecodeStoredBlock(octets + 'x').has_value());
}

TEST_F(ChainWalks, TheFirstFindingStays) {
  ChainWalk walk(genesis(), Level::kL3);
  ASSERT_TRUE(walk.Next(ledger_.blocks()[0], false));
  EXPECT_EQ(walk.Next(ledger_.blocks()[2], false).error().id, "audit.bad_height");
  EXPECT_EQ(walk.Next(ledger_.blocks()[1], false).error().id, "audit.bad_height");
  EXPECT_EQ(walk.blocks(), 1u);
}

TEST_F(ChainWalks, WhatTheCallerVouchesForIsNotCheckedAgain) {
  StoredBlock block = ledger_.blocks()[0];
  FinalityProof proof = ledger_.Finalize(*Header::Decode(block.header));
  proof.finalization.signatures[0].second.octets[0] ^= 1;
  block.proof = proof.Encode(4);
  EXPECT_FALSE(PrepareBlock(block, genesis(), Level::kL3, {}).has_value());
  const auto prepared = PrepareBlock(block, genesis(), Level::kL3, {.finality = true});
  ASSERT_TRUE(prepared.has_value());
  ChainWalk walk(genesis(), Level::kL3);
  EXPECT_TRUE(walk.Next(*prepared).has_value());
}

TEST_F(ChainWalks, AFindingOfAPreparedBlockEndsTheWalkAtTheNextHeight) {
  ChainWalk walk(genesis(), Level::kL0);
  ASSERT_TRUE(walk.Next(ledger_.blocks()[0], false));
  walk.Stop({"audit.bad_entry", 99, std::nullopt, "a", "b", "c"});
  const auto next = walk.Next(ledger_.blocks()[1], false);
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error().id, "audit.bad_entry");
  EXPECT_EQ(next.error().height, 2u);
}

}  // namespace
}  // namespace beian
