#include "ledger/chain/wire_scanner.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "beian/v1/transaction.pb.h"
#include "tests/support/fixture.h"

namespace beian {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

Bytes Hex(std::string_view text) {
  const auto octets = FromHex(text);
  CHECK(octets.has_value());
  return *octets;
}

struct Case {
  const char* what;
  const Descriptor* type;
  const char* hex;
  WireError error;
};

void ExpectError(const Case& c) {
  const auto scanned = ScanStrictly(*c.type, Hex(c.hex));
  ASSERT_FALSE(scanned.has_value()) << c.what;
  EXPECT_EQ(WireErrorId(scanned.error()), WireErrorId(c.error)) << c.what;
}

const Descriptor* const kBody = v1::TransactionBody::descriptor();
const Descriptor* const kSigned = v1::SignedTransaction::descriptor();
const Descriptor* const kAction = v1::Action::descriptor();
const Descriptor* const kSet = v1::PublishSet::descriptor();
const Descriptor* const kSubject = v1::Subject::descriptor();
const Descriptor* const kService = v1::Service::descriptor();
const Descriptor* const kRefuse = v1::Refuse::descriptor();

TEST(WireScanner, RefusesEveryOtherEncodingOfAFieldByName) {
  const Case cases[] = {
      {"tag cut", kBody, "80", WireError::kTruncated},
      {"length missing", kBody, "0a", WireError::kTruncated},
      {"content cut", kBody, "0a0201", WireError::kTruncated},
      {"number missing", kBody, "18", WireError::kTruncated},
      {"number cut", kBody, "18ff", WireError::kTruncated},
      {"submessage runs over the end", kBody, "22020a", WireError::kTruncated},
      {"length of 2^63", kBody, "0a80808080808080808001", WireError::kTruncated},
      {"zero octet after a message", kBody, "0a010100", WireError::kTrailingBytes},
      {"zero octet alone", kBody, "00", WireError::kTrailingBytes},
      {"zero octet in a submessage", kBody, "220100", WireError::kTrailingBytes},
      {"field 5 of four", kBody, "2a00", WireError::kUnknownField},
      {"field 0 with a wire type", kBody, "0200", WireError::kUnknownField},
      {"field number above 2^29", kBody, "8280808020", WireError::kUnknownField},
      {"field number above 2^60", kBody,
       "828080808080808080"
       "01",
       WireError::kUnknownField},
      {"unknown kind of action", kAction, "6200", WireError::kUnknownField},
      {"unknown field in a submessage", kBody,
       "220412021a"
       "00",
       WireError::kUnknownField},
      {"number where octets belong", kBody, "0801", WireError::kWrongWireType},
      {"octets where a number belongs", kBody, "1a0101", WireError::kWrongWireType},
      {"fixed 64 bits", kBody, "190100000000000000", WireError::kWrongWireType},
      {"fixed 32 bits", kSet, "0d01000000", WireError::kWrongWireType},
      {"start of a group", kBody, "0b0c", WireError::kWrongWireType},
      {"wire type 7", kBody, "0f", WireError::kWrongWireType},
      {"descending", kBody, "18010a0101", WireError::kFieldOrder},
      {"singular octets twice", kBody, "0a01010a0101", WireError::kFieldOrder},
      {"singular number twice", kBody, "18011801", WireError::kFieldOrder},
      {"singular submessage twice", kAction, "0a000a00", WireError::kFieldOrder},
      {"repeated field split by another", kSet,
       "1a01610801"
       "1a0161",
       WireError::kFieldOrder},
  };
  for (const Case& c : cases) ExpectError(c);
}

TEST(WireScanner, RefusesEveryOtherEncodingOfAValueByName) {
  const Case cases[] = {
      {"tag in two octets", kBody, "8a000101", WireError::kNonMinimalVarint},
      {"length in two octets", kBody, "0a810001", WireError::kNonMinimalVarint},
      {"number in two octets", kBody, "188100", WireError::kNonMinimalVarint},
      {"zero in two octets", kBody, "188000", WireError::kNonMinimalVarint},
      {"number in ten octets", kBody, "1881808080808080808000", WireError::kNonMinimalVarint},
      {"number written as zero", kBody, "1800", WireError::kExplicitDefault},
      {"uint32 written as zero", kSet, "0800", WireError::kExplicitDefault},
      {"false written out", kService, "6800", WireError::kExplicitDefault},
      {"empty octets written out", kBody, "0a00", WireError::kExplicitDefault},
      {"empty text written out", kService, "0a00", WireError::kExplicitDefault},
      {"unspecified enum written out", kSubject, "1800", WireError::kExplicitDefault},
      {"uint32 of 2^32", kSet, "088080808010", WireError::kNumberOutOfRange},
      {"true written as 2", kService, "6802", WireError::kNumberOutOfRange},
      {"enum without a name", kSubject, "1803", WireError::kNumberOutOfRange},
      {"negative enum", kSubject, "18ffffffffffffffffff01", WireError::kNumberOutOfRange},
      {"number of 65 bits", kBody, "1880808080808080808002", WireError::kNumberOutOfRange},
      {"number of eleven octets", kBody, "188080808080808080808001", WireError::kNumberOutOfRange},
      {"two kinds of one action", kAction, "0a001200", WireError::kTwoOfOneof},
      {"text of a lone continuation", kRefuse, "120180", WireError::kNotUtf8},
      {"text in overlong form", kRefuse, "1202c080", WireError::kNotUtf8},
      {"text in overlong form of three", kRefuse, "1203e09f80", WireError::kNotUtf8},
      {"text in overlong form of four", kRefuse, "1204f08f8080", WireError::kNotUtf8},
      {"text with a surrogate", kRefuse, "1203eda080", WireError::kNotUtf8},
      {"text above U+10FFFF", kRefuse, "1204f4908080", WireError::kNotUtf8},
      {"text cut inside a character", kRefuse, "1202e4ba", WireError::kNotUtf8},
      {"text bad behind eight good octets", kRefuse,
       "1209"
       "6161616161616161"
       "ff",
       WireError::kNotUtf8},
      {"text bad in a repeated field", kSet, "1a01ff", WireError::kNotUtf8},
  };
  for (const Case& c : cases) ExpectError(c);
}

TEST(WireScanner, AcceptsWhatIsCanonical) {
  const struct {
    const Descriptor* type;
    const char* hex;
  } cases[] = {
      {kBody, ""},
      {kBody, "2200"},                    // an empty submessage is present
      {kAction, "0a00"},                  // and names the kind of an action
      {kBody, "22002200"},                // repeated
      {kBody, "18ffffffffffffffffff01"},  // 2^64 - 1
      {kSet, "08ffffffff0f"},             // 2^32 - 1
      {kSet, "1a001a0161"},               // an empty element of a repeated field
      {kService, "6801"},                 // true
      {kSubject, "1802"},                 // a named enum value
      {kSigned, "0a01ff120180"},          // octets need not be UTF-8
      {kRefuse, "1204f48fbfbf"},          // U+10FFFF
      {kRefuse, "1203ed9fbf"},            // U+D7FF
      {kRefuse,
       "1209"
       "616161616161"
       "e4baac"},
  };
  for (const auto& c : cases) EXPECT_TRUE(ScanStrictly(*c.type, Hex(c.hex))) << c.hex;
}

TEST(WireScanner, AgreesWithProtobufOnWhatItAccepts) {
  for (const char* hex : {"", "2200", "22020a00", "18ffffffffffffffffff01", "0a0101", "1801"}) {
    ASSERT_TRUE(ScanStrictly(*kBody, Hex(hex))) << hex;
    v1::TransactionBody body;
    ASSERT_TRUE(body.ParseFromString(Hex(hex))) << hex;
    EXPECT_EQ(ToHex(body.SerializeAsString()), hex);
  }
}

/// `depth` nested messages of the one type at hand that nests in itself.
Bytes Nested(int depth) {
  google::protobuf::DescriptorProto message;
  auto* inner = &message;
  for (int i = 1; i < depth; ++i) inner = inner->add_nested_type();
  return message.SerializeAsString();
}

TEST(WireScanner, StopsAtEightLevels) {
  const Descriptor& type = *google::protobuf::DescriptorProto::descriptor();
  EXPECT_TRUE(ScanStrictly(type, Nested(8)));
  const auto scanned = ScanStrictly(type, Nested(9));
  ASSERT_FALSE(scanned.has_value());
  EXPECT_EQ(scanned.error(), WireError::kTooDeep);
}

TEST(WireScanner, RefusesMoreThanAMebibyte) {
  v1::SignedTransaction message;
  message.set_body(Bytes(kScannedBytesMax - 4, 'x'));
  EXPECT_EQ(message.SerializeAsString().size(), kScannedBytesMax);
  EXPECT_TRUE(ScanStrictly(*kSigned, message.SerializeAsString()));
  message.set_body(Bytes(kScannedBytesMax - 3, 'x'));
  EXPECT_EQ(ScanStrictly(*kSigned, message.SerializeAsString()).error(), WireError::kTooLarge);
}

TEST(WireScanner, AcceptsAFullFiling) {
  v1::TransactionBody body;
  *body.add_actions()->mutable_submit()->mutable_filing() = ValidFiling(7);
  EXPECT_TRUE(ScanStrictly(*kBody, body.SerializeAsString()));
}

/// Collects `type` and every message type that it holds.
void Collect(const Descriptor* type, std::set<const Descriptor*>& types) {
  if (!types.insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->type() == FieldDescriptor::TYPE_MESSAGE) {
      Collect(type->field(i)->message_type(), types);
    }
  }
}

TEST(WireScanner, HandlesEveryFieldOfATransaction) {
  std::set<const Descriptor*> types;
  Collect(kSigned, types);
  Collect(kBody, types);
  EXPECT_GE(types.size(), 17u);
  for (const Descriptor* type : types) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor& field = *type->field(i);
      const bool octets = field.type() == FieldDescriptor::TYPE_STRING ||
                          field.type() == FieldDescriptor::TYPE_BYTES ||
                          field.type() == FieldDescriptor::TYPE_MESSAGE;
      const bool number = field.type() == FieldDescriptor::TYPE_BOOL ||
                          field.type() == FieldDescriptor::TYPE_UINT32 ||
                          field.type() == FieldDescriptor::TYPE_UINT64 ||
                          field.type() == FieldDescriptor::TYPE_ENUM;
      EXPECT_TRUE(octets || number) << field.full_name();
      EXPECT_FALSE(number && field.is_repeated()) << field.full_name();
      EXPECT_FALSE(field.is_map()) << field.full_name();
      const bool in_oneof = field.real_containing_oneof() != nullptr;
      EXPECT_FALSE(in_oneof && field.type() != FieldDescriptor::TYPE_MESSAGE) << field.full_name();
    }
  }
}

TEST(WireScanner, GivesEveryErrorItsOwnId) {
  std::set<std::string_view> ids;
  for (int i = 0; i <= static_cast<int>(WireError::kNotUtf8); ++i) {
    const auto id = WireErrorId(static_cast<WireError>(i));
    EXPECT_TRUE(id.starts_with("wire.")) << id;
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
}

}  // namespace
}  // namespace beian
