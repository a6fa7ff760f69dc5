#include "ledger/filing/record.h"

#include <functional>
#include <vector>

#include "tests/ledger/filing/lifecycle_world.h"

namespace beian {
namespace {

RegistrationCode Code() {
  return *RegistrationCode::ParseCanonical("11010519864491550014");
}

FilingRecord NewFiling() {
  return {.id = Filled<FilingId>(1),
          .status = FilingStatus::kNotReviewed,
          .stage = Stage::kProvince,
          .division = "110105",
          .subject = Filled<SubjectId>(2),
          .owner = Filled<KeyId>(3),
          .subject_name = "",
          .service_name = "链上存证",
          .synthetic = false,
          .content_transaction = Filled<TransactionId>(4),
          .content_action = 7,
          .submitted = TimeMs(1'553'904'000'000),
          .changed = TimeMs(1'553'904'000'500),
          .changed_height = Height(42),
          .code = std::nullopt,
          .set = 0,
          .reason = ""};
}

FilingRecord ListedFiling() {
  FilingRecord record = NewFiling();
  record.status = FilingStatus::kListed;
  record.stage = Stage::kCac;
  record.subject_name = "甲公司";
  record.synthetic = true;
  record.code = Code();
  record.set = 3;
  record.reason = "补充材料";
  return record;
}

SubjectRecord FullSubject() {
  return {.id = Filled<SubjectId>(1),
          .nature = SubjectNature::kPerson,
          .division = "310101",
          .key = Filled<KeyId>(2),
          .services = 999};
}
KeyRecord BoundBarredKey() {
  return {
      .id = Filled<KeyId>(1), .subject = Filled<SubjectId>(2), .confirmed = true, .barred = true};
}
SetRecord FifthSet() {
  return {
      .number = 5, .published_on = "2021-06-18", .filings = 223, .codes = Filled<Sha256Digest>(9)};
}

std::string Repeat(std::string_view octet, int times = 32) {
  std::string hex;
  for (int i = 0; i < times; ++i) {
    hex += octet;
  }
  return hex;
}

TEST(RecordEncoding, OfANewFilingIsFixed) {
  EXPECT_EQ(ToHex(NewFiling().Encode()),
            Repeat("01") + "01" + "01" + "313130313035" + Repeat("02") + Repeat("03") + "0000" +
                "000ce993bee4b88ae5ad98e8af81" + "00" + Repeat("04") + "0007" + "00000169cbe55c00" +
                "00000169cbe55df4" + "000000000000002a" + "00" + "00000000" + "0000");
}

TEST(RecordEncoding, OfAListedFilingIsFixed) {
  EXPECT_EQ(ToHex(ListedFiling().Encode()),
            Repeat("01") + "06" + "02" + "313130313035" + Repeat("02") + Repeat("03") +
                "0009e794b2e585ace58fb8" + "000ce993bee4b88ae5ad98e8af81" + "01" + Repeat("04") +
                "0007" + "00000169cbe55c00" + "00000169cbe55df4" + "000000000000002a" +
                "013131303130353139383634343931353530303134" + "00000003" +
                "000ce8a1a5e58585e69d90e69699");
}

TEST(RecordEncoding, OfSubjectKeyAndSetIsFixed) {
  EXPECT_EQ(ToHex(FullSubject().Encode()),
            Repeat("01") + "02" + "333130313031" + Repeat("02") + "000003e7");
  EXPECT_EQ(ToHex(BoundBarredKey().Encode()), Repeat("01") + Repeat("02") + "01" + "01");
  EXPECT_EQ(ToHex(FifthSet().Encode()),
            "00000005" + std::string("323032312d30362d3138") + "000000df" + Repeat("09"));
}

TEST(RecordEncoding, OfMapKeysIsFixed) {
  EXPECT_EQ(FilingKey(Filled<FilingId>(1)).hex(),
            "008c8f648d51ba034f1f745e0c13498a63b075b7a207967a51d45110eac5faa0");
  EXPECT_EQ(CodeKey(Code()).hex(),
            "e49ec621aaea56f786c78641e7a5a915118eda9c0c6e388ba06bf5755e614f3e");
  EXPECT_EQ(SubjectKey(Filled<SubjectId>(1)).hex(),
            "8923e9d36a6af236d94d505de75547e47be950019c5f2d7a017e0734ecea062d");
  EXPECT_EQ(KeyRecordKey(Filled<KeyId>(1)).hex(),
            "cee34d32b783afa3809276f6465cb293c0d7886a45f17bee46bb9b8a8dec6290");
  EXPECT_EQ(SetKey(5).hex(), "a69cd5a2ccd7fb217a62a849449e90f0761b5aeef7574ac939381b9a4a927315");
  EXPECT_EQ(LastSetKey().hex(), "bd2a49a0d19a84b238ed4de57933830537e1447ae3c24acfd7e36cf7b0cccff7");
}

/// Decoding gives the record back, refuses every shorter and longer text, and accepts a text with
/// one octet changed only if that is the encoding of another record.
template <class R>
void ExpectStrict(const R& record) {
  const Bytes encoded = record.Encode();
  EXPECT_EQ(R::Decode(encoded), record);
  for (size_t length = 0; length < encoded.size(); ++length) {
    EXPECT_FALSE(R::Decode(encoded.substr(0, length)).has_value()) << length;
  }
  for (int octet = 0; octet < 256; ++octet) {
    EXPECT_FALSE(R::Decode(encoded + static_cast<char>(octet)).has_value()) << octet;
  }
  for (size_t i = 0; i < encoded.size(); ++i) {
    for (int octet = 0; octet < 256; ++octet) {
      Bytes changed = encoded;
      changed[i] = static_cast<char>(octet);
      if (const std::optional<R> other = R::Decode(changed)) {
        ASSERT_EQ(other->Encode(), changed) << i;
        ASSERT_EQ(*other == record, changed == encoded) << i;
      }
    }
  }
}

TEST(RecordDecoding, IsStrict) {
  ExpectStrict(NewFiling());
  ExpectStrict(ListedFiling());
  ExpectStrict(FullSubject());
  ExpectStrict(BoundBarredKey());
  ExpectStrict(
      KeyRecord{.id = Filled<KeyId>(1), .subject = {}, .confirmed = false, .barred = true});
  ExpectStrict(FifthSet());
}

template <class R>
bool DecodesWith(const R& record, size_t offset, std::string_view octets) {
  Bytes encoded = record.Encode();
  encoded.replace(offset, octets.size(), octets);
  return R::Decode(encoded).has_value();
}

TEST(RecordDecoding, RefusesFilingsWithValuesThatHaveNoMeaning) {
  using namespace std::string_view_literals;
  constexpr size_t kStatus = 32, kStage = 33, kDivision = 34, kServiceName = 108 - 4;
  EXPECT_FALSE(DecodesWith(NewFiling(), kStatus, "\0"sv));
  EXPECT_FALSE(DecodesWith(NewFiling(), kStatus, "\7"sv));
  EXPECT_FALSE(DecodesWith(NewFiling(), kStage, "\0"sv));
  EXPECT_FALSE(DecodesWith(NewFiling(), kStage, "\3"sv));
  EXPECT_FALSE(DecodesWith(NewFiling(), kDivision, "99"));
  EXPECT_FALSE(DecodesWith(NewFiling(), kDivision + 2, "x"));
  EXPECT_TRUE(DecodesWith(NewFiling(), kServiceName + 4, "abc"));
  EXPECT_FALSE(DecodesWith(NewFiling(), kServiceName + 4, "ab\n"));
}

TEST(RecordDecoding, RefusesAFilingWhoseStatusAndCodeDisagree) {
  using namespace std::string_view_literals;
  constexpr size_t kStatus = 32;
  EXPECT_FALSE(DecodesWith(NewFiling(), kStatus, "\5"sv));     // filed without a code
  EXPECT_FALSE(DecodesWith(ListedFiling(), kStatus, "\2"sv));  // in review with a code
  EXPECT_FALSE(DecodesWith(ListedFiling(), kStatus, "\5"sv));  // filed with a set
}

TEST(RecordDecoding, RefusesSubjectsKeysAndSetsWithValuesThatHaveNoMeaning) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(DecodesWith(FullSubject(), 32, "\0"sv));
  EXPECT_FALSE(DecodesWith(FullSubject(), 32, "\3"sv));
  EXPECT_FALSE(DecodesWith(FullSubject(), 33, "00"));
  EXPECT_FALSE(DecodesWith(FullSubject(), 71, "\0\0\3\xe8"sv));  // 1,000 services
  EXPECT_FALSE(DecodesWith(BoundBarredKey(), 64, "\0"sv));       // a subject, not confirmed
  EXPECT_FALSE(DecodesWith(BoundBarredKey(), 32, Bytes(32, '\0')));
  EXPECT_FALSE(DecodesWith(BoundBarredKey(), 65, "\2"sv));
  EXPECT_FALSE(DecodesWith(FifthSet(), 0, "\0\0\0\0"sv));
  EXPECT_FALSE(DecodesWith(FifthSet(), 4, "2021-06-31"));
  EXPECT_FALSE(DecodesWith(FifthSet(), 14, "\0\0\0\0"sv));
}

TEST(FilingStatuses, HaveIdsAndOneOfFourPublicWords) {
  const std::tuple<FilingStatus, std::string_view, std::string_view> words[] = {
      {FilingStatus::kNotReviewed, "not_reviewed", "未审核"},
      {FilingStatus::kInReview, "in_review", "审核中"},
      {FilingStatus::kAwaitingSupplement, "awaiting_supplement", "审核中"},
      {FilingStatus::kNotPassed, "not_passed", "审核未通过"},
      {FilingStatus::kFiled, "filed", "审核通过"},
      {FilingStatus::kListed, "listed", "审核通过"}};
  for (const auto& [status, id, word] : words) {
    EXPECT_EQ(FilingStatusId(status), id);
    EXPECT_EQ(PublicStatusWord(status), word);
    EXPECT_EQ(FilingStatusFromId(id), status);
  }
  EXPECT_EQ(FilingStatusFromId("审核中"), std::nullopt);
  EXPECT_EQ(StageId(Stage::kProvince), "province");
  EXPECT_EQ(StageId(Stage::kCac), "cac");
  EXPECT_EQ(StageFromId("cac"), Stage::kCac);
  EXPECT_EQ(StageFromId(""), std::nullopt);
  EXPECT_EQ(SubjectNatureId(SubjectNature::kOrganisation), "organisation");
  EXPECT_EQ(SubjectNatureId(SubjectNature::kPerson), "person");
}

}  // namespace
}  // namespace beian
