#include "ledger/chain/block.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/merkle/log.h"
#include "tests/support/filled_digest.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

std::string Repeat32(const char* octet) {
  std::string text;
  for (int i = 0; i < 32; ++i) text += octet;
  return text;
}

Header GoldenHeader() {
  Header header;
  header.chain_id = FilledDigest<ChainId>(0x11);
  header.epoch = Epoch(2);
  header.view = View(3);
  header.height = Height(4);
  header.parent = FilledDigest<BlockId>(0x55);
  header.protocol_version = 6;
  header.tx_root = FilledDigest<Sha256Digest>(0x77);
  header.tx_count = 8;
  header.log_size = 9;
  header.log_root = FilledDigest<MerkleRoot>(0xaa);
  header.map_root = FilledDigest<MerkleRoot>(0xbb);
  header.time = TimeMs(0x0c0d0e0f);
  header.proposer = ValidatorIndex(0x1011);
  header.next_set_hash = FilledDigest<SetHash>(0x22);
  return header;
}

TEST(Header, HasGoldenOctets) {
  EXPECT_EQ(ToHex(GoldenHeader().Encode()), Repeat32("11") +
                                                "0000000000000002"
                                                "0000000000000003"
                                                "0000000000000004" +
                                                Repeat32("55") + "00000006" + Repeat32("77") +
                                                "00000008"
                                                "0000000000000009" +
                                                Repeat32("aa") + Repeat32("bb") +
                                                "000000000c0d0e0f"
                                                "1011" +
                                                Repeat32("22"));
  EXPECT_EQ(GoldenHeader().Encode().size(), 242u);
  EXPECT_EQ(GoldenHeader().id().hex(),
            "b6518c8d0d4b40eb1b9c22c7e422131abe48284833c1d4bc7d8d63f16d955fb9");
}

/// One change of each field.
const std::vector<std::function<void(Header&)>> kChanges = {
    [](Header& h) { h.chain_id.octets[0] ^= 1; },
    [](Header& h) { h.epoch = h.epoch.Next(); },
    [](Header& h) { h.view = h.view.Next(); },
    [](Header& h) { h.height = h.height.Next(); },
    [](Header& h) { h.parent.octets[31] ^= 1; },
    [](Header& h) { ++h.protocol_version; },
    [](Header& h) { h.tx_root.octets[0] ^= 1; },
    [](Header& h) { ++h.tx_count; },
    [](Header& h) { ++h.log_size; },
    [](Header& h) { h.log_root.octets[0] ^= 1; },
    [](Header& h) { h.map_root.octets[0] ^= 1; },
    [](Header& h) { h.time = h.time.Next(); },
    [](Header& h) { h.proposer = ValidatorIndex(1); },
    [](Header& h) { h.next_set_hash.octets[0] ^= 1; },
};

TEST(Header, HasAnotherIdWhenAnyFieldChanges) {
  std::set<BlockId> ids = {GoldenHeader().id()};
  for (const auto& change : kChanges) {
    Header header = GoldenHeader();
    change(header);
    EXPECT_TRUE(ids.insert(header.id()).second);
    EXPECT_EQ(Header::Decode(header.Encode()), header);
  }
  EXPECT_EQ(ids.size(), 15u);
}

TEST(Header, IsDecodedStrictly) {
  const Bytes encoded = GoldenHeader().Encode();
  EXPECT_EQ(Header::Decode(encoded), GoldenHeader());
  for (size_t length = 0; length < encoded.size(); ++length) {
    EXPECT_FALSE(Header::Decode(BytesView(encoded).substr(0, length)));
  }
  EXPECT_FALSE(Header::Decode(encoded + '\0'));
}

TEST(Header, RefusesNumbersThatCouldOverflow) {
  const std::vector<std::function<void(Header&, uint64_t)>> numbers = {
      [](Header& h, uint64_t n) { h.epoch = Epoch(n); },
      [](Header& h, uint64_t n) { h.view = View(n); },
      [](Header& h, uint64_t n) { h.height = Height(n); },
      [](Header& h, uint64_t n) { h.log_size = n; },
      [](Header& h, uint64_t n) { h.time = TimeMs(n); },
  };
  for (const auto& set : numbers) {
    Header header = GoldenHeader();
    set(header, kWireNumberMax);
    EXPECT_TRUE(Header::Decode(header.Encode()));
    set(header, kWireNumberMax + 1);
    EXPECT_FALSE(Header::Decode(header.Encode()));
    set(header, ~uint64_t{0});
    EXPECT_FALSE(Header::Decode(header.Encode()));
  }
}

TEST(RootHeader, IsEmptyAndNamesTheChain) {
  const Genesis genesis = MakeGenesis(4).genesis;
  const Header root = RootHeader(genesis);
  EXPECT_EQ(root.chain_id, genesis.chain_id);
  EXPECT_EQ(root.time, genesis.time);
  EXPECT_EQ(root.height, Height(0));
  EXPECT_EQ(root.view, View(0));
  EXPECT_EQ(root.tx_count, 0u);
  EXPECT_EQ(root.log_size, 0u);
  EXPECT_EQ(root.log_root, DigestCast<MerkleRoot>(Sha256("")));
  EXPECT_TRUE(root.map_root.IsZero());
  EXPECT_TRUE(root.parent.IsZero());
  EXPECT_EQ(Header::Decode(root.Encode()), root);
}

class BlockCoding : public testing::Test {
 protected:
  BlockPtr MakeBlock(std::vector<TransactionPtr> transactions) const {
    Header header = RootHeader(genesis_);
    header.height = Height(1);
    header.tx_count = static_cast<uint32_t>(transactions.size());
    header.tx_root = TransactionRoot(WireIdsOf(transactions));
    return Block::Make(header, std::move(transactions));
  }
  TransactionPtr Submit(uint64_t salt) const {
    return MakeSubmit(genesis_, key_, genesis_.time + 1'000, salt);
  }

  const Genesis genesis_ = MakeGenesis(4).genesis;
  const PrivateKey key_ = MakeClientKey(1);
};

TEST_F(BlockCoding, FramesHeaderAndTransactions) {
  const BlockPtr block = MakeBlock({Submit(1), Submit(2)});
  ByteWriter expected;
  expected.Short(block->header.Encode());
  expected.U32(2);
  expected.Long(block->transactions[0]->wire());
  expected.Long(block->transactions[1]->wire());
  EXPECT_EQ(ToHex(block->Encode()), ToHex(expected.bytes()));
  EXPECT_EQ(ToHex(block->Encode().substr(0, 2)), "00f2");
  EXPECT_EQ(ToHex(MakeBlock({})->Encode().substr(244)), "00000000");
}

TEST_F(BlockCoding, GivesBackWhatItTook) {
  for (const BlockPtr& block :
       {MakeBlock({}), MakeBlock({Submit(1)}), MakeBlock({Submit(2), Submit(1)})}) {
    const BlockPtr decoded = Block::Decode(genesis_.chain_id, block->Encode());
    ASSERT_NE(decoded, nullptr);
    EXPECT_EQ(decoded->id, block->id);
    EXPECT_EQ(decoded->id, block->header.id());
    EXPECT_EQ(decoded->header, block->header);
    EXPECT_EQ(WireIdsOf(decoded->transactions), WireIdsOf(block->transactions));
  }
}

TEST_F(BlockCoding, RefusesTruncationsAndAppendedOctets) {
  const Bytes encoded = MakeBlock({Submit(1)})->Encode();
  for (size_t length = 0; length < encoded.size(); ++length) {
    EXPECT_EQ(Block::Decode(genesis_.chain_id, BytesView(encoded).substr(0, length)), nullptr);
  }
  EXPECT_EQ(Block::Decode(genesis_.chain_id, encoded + '\0'), nullptr);
}

TEST_F(BlockCoding, RefusesABodyThatTheHeaderDoesNotName) {
  const BlockPtr block = MakeBlock({Submit(1), Submit(2)});
  const auto decodes = [&](Header header, std::vector<TransactionPtr> transactions) {
    const BlockPtr other = Block::Make(header, std::move(transactions));
    return Block::Decode(genesis_.chain_id, other->Encode()) != nullptr;
  };
  const auto& txs = block->transactions;
  EXPECT_TRUE(decodes(block->header, txs));
  EXPECT_FALSE(decodes(block->header, {txs[0]}));
  EXPECT_FALSE(decodes(block->header, {txs[1], txs[0]}));
  EXPECT_FALSE(decodes(block->header, {txs[0], Submit(3)}));
  EXPECT_FALSE(decodes(block->header, {txs[0], txs[1], txs[1]}));
  Header header = block->header;
  header.tx_count = 3;
  EXPECT_FALSE(decodes(header, txs));
}

TEST_F(BlockCoding, RefusesAnotherVariantOfASignedBody) {
  const BlockPtr block = MakeBlock({Submit(1)});
  const TransactionPtr variant = Submit(1);
  ASSERT_EQ(variant->id(), block->transactions[0]->id());
  ASSERT_NE(variant->wire_id(), block->transactions[0]->wire_id());
  const BlockPtr other = Block::Make(block->header, {variant});
  EXPECT_EQ(Block::Decode(genesis_.chain_id, other->Encode()), nullptr);
}

TEST_F(BlockCoding, RefusesAnotherChain) {
  const Bytes encoded = MakeBlock({Submit(1)})->Encode();
  EXPECT_EQ(Block::Decode(FilledDigest<ChainId>(1), encoded), nullptr);
}

TEST_F(BlockCoding, BoundsTheCountBeforeItAllocates) {
  Header header = RootHeader(genesis_);
  header.tx_count = 0xffffffff;
  ByteWriter writer;
  writer.Short(header.Encode());
  writer.U32(0xffffffff);
  EXPECT_EQ(Block::Decode(genesis_.chain_id, writer.bytes()), nullptr);
  EXPECT_EQ(Block::Decode(genesis_.chain_id, Bytes(kBlockBytesMax * 2, 'x')), nullptr);
}

TEST(TransactionRoot, IsTheLogRootOverWireIds) {
  const WireId a = FilledDigest<WireId>(1);
  const WireId b = FilledDigest<WireId>(2);
  EXPECT_EQ(TransactionRoot({}), Sha256(""));
  EXPECT_EQ(TransactionRoot({a}), Sha256({BytesView("\0", 1), a.view()}));
  EXPECT_EQ(TransactionRoot({a, b}), LogNodeHash(LogLeafHash(a.view()), LogLeafHash(b.view())));
  EXPECT_NE(TransactionRoot({a, b}), TransactionRoot({b, a}));
}

TEST_F(BlockCoding, HasAnotherIdWhenAnOctetMovesBetweenNeighbours) {
  // The same octets in the same order, cut into transactions elsewhere.
  const Bytes both = Submit(1)->wire() + Submit(2)->wire();
  const auto root_of = [&](size_t cut) {
    const auto wire_id = [](BytesView wire) {
      return DigestCast<WireId>(Sha256({BytesView("beian/wire/v1\0", 14), wire}));
    };
    return TransactionRoot(
        {wire_id(BytesView(both).substr(0, cut)), wire_id(BytesView(both).substr(cut))});
  };
  const size_t cut = Submit(1)->wire().size();
  std::set<BlockId> ids;
  for (size_t at = cut - 3; at <= cut + 3; ++at) {
    Header header = GoldenHeader();
    header.tx_root = root_of(at);
    ids.insert(header.id());
  }
  EXPECT_EQ(ids.size(), 7u);
}

}  // namespace
}  // namespace beian
