#include "ledger/crypto/hash.h"
#include "tests/ledger/filing/lifecycle_world.h"

namespace beian {
namespace {

using enum FilingReject;

class PublishedSets : public LifecycleTest {
 protected:
  /// Puts filings that were approved, with the digits from `first` on, and returns their codes.
  std::vector<std::string> PutFiled(uint32_t first, uint32_t count) {
    FilingRecord record = Filing(TakenUp(owner_));
    record.status = FilingStatus::kFiled;
    record.stage = Stage::kCac;
    std::vector<std::string> codes;
    for (uint32_t digits = first; digits < first + count; ++digits) {
      ByteWriter id;
      id.U32(digits);
      record.id = FilingId::FromBytes(Bytes(28, 'f') + id.bytes());
      record.code = RegistrationCode::Make("110105", 2019, digits, 1);
      store_.Put(FilingKey(record.id), record.Encode());
      store_.Put(CodeKey(*record.code), record.Encode());
      codes.emplace_back(record.code->characters());
    }
    return codes;
  }
};

TEST_F(PublishedSets, ListTheirFilingsAndAreRecorded) {
  const FilingId first = Filed(owner_);
  const FilingId second = Filed(owner_);
  const std::vector<std::string> codes = {CodeOf(second), CodeOf(first)};
  Accept(cac_, MakePublishSet(1, codes));
  for (const FilingId& id : {first, second}) {
    const FilingRecord record = Filing(id);
    EXPECT_EQ(record.status, FilingStatus::kListed);
    EXPECT_EQ(record.set, 1u);
    EXPECT_EQ(record.changed_height, Height(height_));
    EXPECT_EQ(store_.records.at(CodeKey(*record.code)), store_.records.at(FilingKey(id)));
  }
  EXPECT_EQ(Stored<SetRecord>(SetKey(1)),
            (SetRecord{.number = 1,
                       .published_on = "2019-03-30",
                       .filings = 2,
                       .codes = Sha256({std::string_view("\0\0\0\2", 4), codes[0], codes[1]})}));
  EXPECT_EQ(ToHex(store_.records.at(LastSetKey())), "00000001");
}

TEST_F(PublishedSets, HashTheirCodesWithTheirNumber) {
  FilingRecord record = Filing(Filed(owner_));
  record.code = *RegistrationCode::ParseCanonical("11010519864491550014");
  store_.Put(CodeKey(*record.code), record.Encode());
  Accept(cac_, MakePublishSet(1, {"11010519864491550014"}));
  EXPECT_EQ(Stored<SetRecord>(SetKey(1)).codes.hex(),
            "1c26c4e9795439a011d3379df5d7ee4408140b346ec6a43bc5fb8f0412aa6aed");
}

TEST_F(PublishedSets, AreForTheCacOnly) {
  const std::string code = CodeOf(Filed(owner_));
  for (const Actor& actor : {owner_, office_, auditor_}) {
    EXPECT_EQ(Judge(actor, MakePublishSet(1, {code})), kNotAuthorised);
  }
}

TEST_F(PublishedSets, AreNumberedFromOneWithoutGaps) {
  const std::vector<std::string> codes = PutFiled(0, 2);
  EXPECT_EQ(Judge(cac_, MakePublishSet(0, {codes[0]})), kBadSetNumber);
  EXPECT_EQ(Judge(cac_, MakePublishSet(2, {codes[0]})), kBadSetNumber);
  Accept(cac_, MakePublishSet(1, {codes[0]}));
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, {codes[1]})), kBadSetNumber);
  EXPECT_EQ(Judge(cac_, MakePublishSet(3, {codes[1]})), kBadSetNumber);
  EXPECT_EQ(Judge(cac_, MakePublishSet(2, {codes[1]})), kAccepted);
}

TEST_F(PublishedSets, AfterTheLastNumberThereIsNone) {
  const std::vector<std::string> codes = PutFiled(0, 1);
  store_.Put(LastSetKey(), Bytes(4, '\xff'));
  EXPECT_EQ(Judge(cac_, MakePublishSet(0, codes)), kBadSetNumber);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, codes)), kBadSetNumber);
}

TEST_F(PublishedSets, NeedADayThatExists) {
  const std::vector<std::string> codes = PutFiled(0, 1);
  for (const char* date : {"", "2019-02-29", "2019-3-30", "30.03.2019"}) {
    v1::Action action = MakePublishSet(1, codes);
    action.mutable_publish_set()->set_published_on(date);
    EXPECT_EQ(Judge(cac_, action), kBadDate) << date;
  }
}

TEST_F(PublishedSets, ListBetweenOneAndAThousandCodes) {
  std::vector<std::string> codes = PutFiled(0, 1001);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, {})), kTooManyCodes);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, codes)), kTooManyCodes);
  codes.pop_back();
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, codes)), kAccepted);
  EXPECT_EQ(store_.puts, 2002);
}

TEST_F(PublishedSets, ListEachCodeOnce) {
  const std::vector<std::string> codes = PutFiled(0, 2);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, {codes[0], codes[1], codes[0]})), kTooManyCodes);
}

TEST_F(PublishedSets, ListCanonicalCodesOnly) {
  const std::vector<std::string> codes = PutFiled(0, 1);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, {codes[0], ""})), kBadCode);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, {"京网信备" + codes[0] + "号"})), kBadCode);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, {"11010519418374810018"})), kBadCode);
}

TEST_F(PublishedSets, ListIssuedCodesOnly) {
  const std::vector<std::string> codes = PutFiled(0, 1);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, {codes[0], "11010519864491550014"})), kUnknownCode);
}

TEST_F(PublishedSets, ListACodeInOneSetOnly) {
  const std::vector<std::string> codes = PutFiled(0, 2);
  Accept(cac_, MakePublishSet(1, {codes[0]}));
  EXPECT_EQ(Judge(cac_, MakePublishSet(2, {codes[1], codes[0]})), kAlreadyPublished);
}

TEST_F(PublishedSets, NameTheFirstBadCodeInTheirOrder) {
  const std::vector<std::string> codes = PutFiled(0, 1);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, {codes[0], "11010519864491550014", "bad"})),
            kUnknownCode);
  EXPECT_EQ(Judge(cac_, MakePublishSet(1, {codes[0], "bad", "11010519864491550014"})), kBadCode);
}

}  // namespace
}  // namespace beian
