#include "ledger/filing/record.h"

#include "ledger/base/bytes.h"
#include "ledger/base/calendar.h"
#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/filing/province.h"
#include "ledger/filing/text.h"

namespace beian {
namespace {

using namespace std::string_view_literals;

enum class MapKind : uint8_t {
  kFiling = 1,
  kCode = 2,
  kSubject = 3,
  kKey = 4,
  kSet = 5,
  kLastSet = 6,
};

constexpr size_t kDivisionLength = 6;
constexpr size_t kDateLength = 10;

MapKey MakeMapKey(MapKind kind, BytesView key) {
  const char octet = static_cast<char>(kind);
  return DigestCast<MapKey>(Sha256({"beian/map-key/v1\0"sv, BytesView(&octet, 1), key}));
}

/// Reads the fields that several records share. Any value with no encoding of its own makes the
/// whole record bad, so that one record has one encoding.
class RecordReader {
 public:
  explicit RecordReader(BytesView encoded) : reader_(encoded) {}

  template <class D>
  D TakeDigest() {
    const BytesView octets = reader_.Raw(D::kSize);
    return octets.size() == D::kSize ? D::FromBytes(octets) : D{};
  }
  template <class E>
  E TakeEnum(E first, E last) {
    const E value = static_cast<E>(reader_.U8());
    Require(value >= first && value <= last);
    return value;
  }
  bool TakeBool() {
    const uint8_t value = reader_.U8();
    Require(value <= 1);
    return value == 1;
  }
  std::string TakeDivision() {
    const std::string division(reader_.Raw(kDivisionLength));
    Require(IsDivision(division));
    return division;
  }
  std::string TakeText() {
    const std::string text(reader_.Short());
    Require(IsPlainText(text));
    return text;
  }
  std::optional<RegistrationCode> TakeOptionalCode() {
    if (!TakeBool()) {
      return std::nullopt;
    }
    const auto code = RegistrationCode::ParseCanonical(reader_.Raw(RegistrationCode::kLength));
    Require(code.has_value());
    return code.has_value() ? std::optional(*code) : std::nullopt;
  }
  void Require(bool condition) { good_ = good_ && condition; }
  ByteReader& raw() { return reader_; }
  bool Finished() const { return good_ && reader_.Finished(); }

 private:
  ByteReader reader_;
  bool good_ = true;
};

void WriteDivision(ByteWriter& writer, std::string_view division) {
  CHECK(IsDivision(division));
  writer.Raw(division);
}

/// A code is issued with the status Filed and a set given with the status Listed, never without.
bool IsCoherent(const FilingRecord& record) {
  const bool issued =
      record.status == FilingStatus::kFiled || record.status == FilingStatus::kListed;
  const bool listed = record.status == FilingStatus::kListed;
  return record.code.has_value() == issued && (record.set != 0) == listed;
}

}  // namespace

MapKey FilingKey(const FilingId& id) {
  return MakeMapKey(MapKind::kFiling, id.view());
}

MapKey CodeKey(const RegistrationCode& code) {
  return MakeMapKey(MapKind::kCode, code.characters());
}

MapKey SubjectKey(const SubjectId& id) {
  return MakeMapKey(MapKind::kSubject, id.view());
}

MapKey KeyRecordKey(const KeyId& id) {
  return MakeMapKey(MapKind::kKey, id.view());
}

MapKey SetKey(uint32_t number) {
  ByteWriter writer;
  writer.U32(number);
  return MakeMapKey(MapKind::kSet, writer.bytes());
}

MapKey LastSetKey() {
  return MakeMapKey(MapKind::kLastSet, "sets");
}

std::string_view FilingStatusId(FilingStatus status) {
  switch (status) {
    case FilingStatus::kNotReviewed:
      return "not_reviewed";
    case FilingStatus::kInReview:
      return "in_review";
    case FilingStatus::kAwaitingSupplement:
      return "awaiting_supplement";
    case FilingStatus::kNotPassed:
      return "not_passed";
    case FilingStatus::kFiled:
      return "filed";
    case FilingStatus::kListed:
      return "listed";
  }
  CHECK(false);
}

std::optional<FilingStatus> FilingStatusFromId(std::string_view id) {
  using enum FilingStatus;
  for (const FilingStatus status :
       {kNotReviewed, kInReview, kAwaitingSupplement, kNotPassed, kFiled, kListed}) {
    if (FilingStatusId(status) == id) return status;
  }
  return std::nullopt;
}

std::string_view PublicStatusWord(FilingStatus status) {
  switch (status) {
    case FilingStatus::kNotReviewed:
      return "未审核";
    case FilingStatus::kInReview:
    case FilingStatus::kAwaitingSupplement:
      return "审核中";
    case FilingStatus::kFiled:
    case FilingStatus::kListed:
      return "审核通过";
    case FilingStatus::kNotPassed:
      return "审核未通过";
  }
  CHECK(false);
}

std::string_view StageId(Stage stage) {
  switch (stage) {
    case Stage::kProvince:
      return "province";
    case Stage::kCac:
      return "cac";
  }
  CHECK(false);
}

std::optional<Stage> StageFromId(std::string_view id) {
  for (const Stage stage : {Stage::kProvince, Stage::kCac}) {
    if (StageId(stage) == id) return stage;
  }
  return std::nullopt;
}

std::string_view SubjectNatureId(SubjectNature nature) {
  switch (nature) {
    case SubjectNature::kOrganisation:
      return "organisation";
    case SubjectNature::kPerson:
      return "person";
  }
  CHECK(false);
}

Bytes FilingRecord::Encode() const {
  CHECK(IsCoherent(*this));
  ByteWriter writer;
  writer.Raw(id.view());
  writer.U8(static_cast<uint8_t>(status));
  writer.U8(static_cast<uint8_t>(stage));
  WriteDivision(writer, division);
  writer.Raw(subject.view());
  writer.Raw(owner.view());
  writer.Short(subject_name);
  writer.Short(service_name);
  writer.U8(synthetic ? 1 : 0);
  writer.Raw(content_transaction.view());
  writer.U16(content_action);
  writer.U64(submitted.value());
  writer.U64(changed.value());
  writer.U64(changed_height.value());
  writer.U8(code ? 1 : 0);
  if (code) {
    writer.Raw(code->characters());
  }
  writer.U32(set);
  writer.Short(reason);
  return writer.Take();
}

std::optional<FilingRecord> FilingRecord::Decode(BytesView encoded) {
  RecordReader reader(encoded);
  FilingRecord record;
  record.id = reader.TakeDigest<FilingId>();
  record.status = reader.TakeEnum(FilingStatus::kNotReviewed, FilingStatus::kListed);
  record.stage = reader.TakeEnum(Stage::kProvince, Stage::kCac);
  record.division = reader.TakeDivision();
  record.subject = reader.TakeDigest<SubjectId>();
  record.owner = reader.TakeDigest<KeyId>();
  record.subject_name = reader.TakeText();
  record.service_name = reader.TakeText();
  record.synthetic = reader.TakeBool();
  record.content_transaction = reader.TakeDigest<TransactionId>();
  record.content_action = reader.raw().U16();
  record.submitted = TimeMs(reader.raw().U64());
  record.changed = TimeMs(reader.raw().U64());
  record.changed_height = Height(reader.raw().U64());
  record.code = reader.TakeOptionalCode();
  record.set = reader.raw().U32();
  record.reason = reader.TakeText();
  if (!reader.Finished() || !IsCoherent(record)) {
    return std::nullopt;
  }
  return record;
}

Bytes SubjectRecord::Encode() const {
  ByteWriter writer;
  writer.Raw(id.view());
  writer.U8(static_cast<uint8_t>(nature));
  WriteDivision(writer, division);
  writer.Raw(key.view());
  writer.U32(services);
  return writer.Take();
}

std::optional<SubjectRecord> SubjectRecord::Decode(BytesView encoded) {
  RecordReader reader(encoded);
  SubjectRecord record;
  record.id = reader.TakeDigest<SubjectId>();
  record.nature = reader.TakeEnum(SubjectNature::kOrganisation, SubjectNature::kPerson);
  record.division = reader.TakeDivision();
  record.key = reader.TakeDigest<KeyId>();
  record.services = reader.raw().U32();
  reader.Require(record.services <= kSubjectServicesMax);
  return reader.Finished() ? std::optional(record) : std::nullopt;
}

Bytes KeyRecord::Encode() const {
  CHECK(confirmed != subject.IsZero());
  ByteWriter writer;
  writer.Raw(id.view());
  writer.Raw(subject.view());
  writer.U8(confirmed ? 1 : 0);
  writer.U8(barred ? 1 : 0);
  return writer.Take();
}

std::optional<KeyRecord> KeyRecord::Decode(BytesView encoded) {
  RecordReader reader(encoded);
  KeyRecord record;
  record.id = reader.TakeDigest<KeyId>();
  record.subject = reader.TakeDigest<SubjectId>();
  record.confirmed = reader.TakeBool();
  record.barred = reader.TakeBool();
  reader.Require(record.confirmed != record.subject.IsZero());
  return reader.Finished() ? std::optional(record) : std::nullopt;
}

Bytes SetRecord::Encode() const {
  CHECK(published_on.size() == kDateLength);
  ByteWriter writer;
  writer.U32(number);
  writer.Raw(published_on);
  writer.U32(filings);
  writer.Raw(codes.view());
  return writer.Take();
}

std::optional<SetRecord> SetRecord::Decode(BytesView encoded) {
  RecordReader reader(encoded);
  SetRecord record;
  record.number = reader.raw().U32();
  record.published_on = std::string(reader.raw().Raw(kDateLength));
  record.filings = reader.raw().U32();
  record.codes = reader.TakeDigest<Sha256Digest>();
  reader.Require(record.number != 0 && record.filings != 0);
  reader.Require(ParseDate(record.published_on).has_value());
  return reader.Finished() ? std::optional(record) : std::nullopt;
}

}  // namespace beian
