#include "node/store/rocks_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/node/consensus/record_samples.h"

namespace beian::rocks {
namespace {

using testing::ElementsAre;

FilingRecord SampleFiling() {
  FilingRecord filing;
  filing.id = FilledDigest<FilingId>(0xf1);
  filing.status = FilingStatus::kListed;
  filing.division = "110105";
  filing.subject = FilledDigest<SubjectId>(0x51);
  filing.owner = FilledDigest<KeyId>(0x0e);
  filing.changed_height = Height(258);
  filing.set = 2;
  return filing;
}

TEST(RocksSchema, HasTheSameKeysForEver) {
  EXPECT_EQ(ToHex(NumberKey(258)), "0000000000000102");
  EXPECT_EQ(ToHex(TileKey({2, 258})), "020000000000000102");
  EXPECT_EQ(ToHex(SubmittedKey(LogIndex(258), 3)), "0100000000000001020003");
  EXPECT_EQ(ToHex(SetListKey(2)), "0800000002");
  const SubjectId subject = FilledDigest<SubjectId>(0x51);
  EXPECT_EQ(ToHex(SubjectListKey(subject)), "07" + subject.hex());
  const std::string tail = "0000000000000102" + FilledDigest<FilingId>(0xf1).hex();
  std::vector<std::string> keys;
  for (const Bytes& key : FilingListKeys(SampleFiling())) keys.push_back(ToHex(key));
  EXPECT_THAT(
      keys, ElementsAre("0206" + tail,
                        "03"
                        "3131"
                        "06" +
                            tail,
                        "04" + subject.hex() + tail, "05" + FilledDigest<KeyId>(0x0e).hex() + tail,
                        "06"
                        "00000002" +
                            tail));
}

TEST(RocksSchema, KeepsAFilingOfNoSetOutOfTheListsOfSets) {
  FilingRecord filing = SampleFiling();
  filing.set = 0;
  EXPECT_EQ(FilingListKeys(filing).size(), 4u);
}

TEST(RocksSchema, ChoosesAListThatHoldsWhatTheFilterLetsThrough) {
  const FilingRecord filing = SampleFiling();
  for (int chosen = 1; chosen < 32; ++chosen) {
    FilingFilter filter;
    if (chosen & 1) filter.status = filing.status;
    if (chosen & 2) filter.province = "11";
    if (chosen & 4) filter.set = filing.set;
    if (chosen & 8) filter.subject = filing.subject;
    if (chosen & 16) filter.owner = filing.owner;
    ASSERT_TRUE(filter.Matches(filing));
    const auto prefix = NarrowestList(filter);
    ASSERT_TRUE(prefix) << chosen;
    size_t rows = 0;
    for (const Bytes& key : FilingListKeys(filing)) rows += key.starts_with(*prefix) ? 1 : 0;
    EXPECT_EQ(rows, 1u) << chosen;
  }
  FilingFilter no_set;
  no_set.set = 0;
  EXPECT_FALSE(NarrowestList(no_set));
  EXPECT_FALSE(NarrowestList({}));
}

TEST(RocksSchema, ReadsItsOwnValuesBackAndNothingElse) {
  const TransactionPlace place{Height(4), 5, LogIndex(6)};
  const Bytes encoded_place = EncodePlace(place);
  EXPECT_EQ(ToHex(encoded_place),
            "0000000000000004"
            "00000005"
            "0000000000000006");
  EXPECT_EQ(DecodePlace(encoded_place)->log_index, LogIndex(6));
  EXPECT_FALSE(DecodePlace(encoded_place + '\0'));
  EXPECT_EQ(DecodeHeight(EncodeHeight(Height(9))), Height(9));
  EXPECT_FALSE(DecodeHeight("short"));
  StoredTip tip{Height(4), FilledDigest<BlockId>(0xb1), LogFrontier()};
  tip.log.Append(FilledDigest<Sha256Digest>(0x77));
  const Bytes encoded_tip = tip.Encode();
  EXPECT_EQ(ToHex(encoded_tip), "0000000000000004" + tip.id.hex() + "0000000000000001" +
                                    FilledDigest<Sha256Digest>(0x77).hex());
  EXPECT_EQ(StoredTip::Decode(encoded_tip)->log, tip.log);
  const Header header = SampleHeader(FilledDigest<ChainId>(0xcc), 9);
  const FinalityProof proof{{header}, SampleCertificate(VoteKind::kFinalize, 9)};
  const Bytes encoded_header = EncodeStoredHeader(header, proof, kSampleSetSize);
  const auto stored = DecodeStoredHeader(encoded_header);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->header, header);
  EXPECT_EQ(stored->proof, proof);
  for (size_t length = 0; length < encoded_header.size(); ++length) {
    EXPECT_FALSE(DecodeStoredHeader(encoded_header.substr(0, length))) << length;
  }
  for (size_t length = 0; length < encoded_tip.size(); ++length) {
    EXPECT_FALSE(StoredTip::Decode(encoded_tip.substr(0, length))) << length;
  }
}

TEST(RocksSchema, NotesWhoseStoreItIsWithTheHighestVote) {
  const OwnVotes voted{ValidatorIndex(3), {Epoch(1), View(258)}};
  EXPECT_EQ(ToHex(EncodeVoted(voted)), "000300000000000000010000000000000102");
  EXPECT_EQ(DecodeVoted(EncodeVoted(voted)), voted);
  EXPECT_EQ(DecodeVoted(EncodeVoted(voted) + "x"), std::nullopt);
  EXPECT_EQ(DecodeVoted(""), std::nullopt);
}

TEST(RocksSchemaDeathTest, ADamagedRowIsNamedByItsFamily) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(RowFailure(Family::kTransactions, Bytes("\x00\xff", 2), "does not decode"),
               "store.failure: row 00ff of the family transactions does not decode");
  EXPECT_DEATH(RowFailure(Family::kMeta, kTipKey, "does not decode"),
               "row 'tip' of the family default does not decode");
}

}  // namespace
}  // namespace beian::rocks
