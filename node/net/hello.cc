#include "node/net/hello.h"

#include <fmt/format.h>

namespace beian {
namespace {

constexpr BytesView kMagic = "beian";
constexpr uint8_t kHelloMark = 1;
constexpr uint8_t kWelcomeMark = 2;
constexpr auto kLastVerdict = static_cast<uint8_t>(Verdict::kTooSoon);

void WriteGreeting(ByteWriter& out, uint8_t mark, const Greeting& greeting) {
  out.Raw(kMagic);
  out.U8(mark);
  out.U16(kWireFormat);
  out.U32(greeting.protocol_version);
  out.Raw(greeting.chain_id.view());
  out.U16(greeting.index.value());
}

std::optional<Greeting> ReadGreeting(ByteReader& reader, uint8_t mark) {
  if (reader.Raw(kMagic.size()) != kMagic || reader.U8() != mark) return std::nullopt;
  if (reader.U16() != kWireFormat) return std::nullopt;
  Greeting greeting;
  greeting.protocol_version = reader.U32();
  const BytesView chain_id = reader.Raw(ChainId::kSize);
  greeting.index = ValidatorIndex(reader.U16());
  if (reader.failed()) return std::nullopt;
  greeting.chain_id = ChainId::FromBytes(chain_id);
  return greeting;
}

}  // namespace

Bytes EncodeHello(const Greeting& greeting) {
  ByteWriter out;
  WriteGreeting(out, kHelloMark, greeting);
  return out.Take();
}

std::optional<Greeting> DecodeHello(BytesView frame) {
  ByteReader reader(frame);
  auto greeting = ReadGreeting(reader, kHelloMark);
  if (!reader.Finished()) return std::nullopt;
  return greeting;
}

Bytes EncodeWelcome(const Welcome& welcome) {
  ByteWriter out;
  WriteGreeting(out, kWelcomeMark, welcome.greeting);
  out.U8(static_cast<uint8_t>(welcome.verdict));
  return out.Take();
}

std::optional<Welcome> DecodeWelcome(BytesView frame) {
  ByteReader reader(frame);
  const auto greeting = ReadGreeting(reader, kWelcomeMark);
  const uint8_t verdict = reader.U8();
  if (!greeting || !reader.Finished() || verdict > kLastVerdict) return std::nullopt;
  return Welcome{static_cast<Verdict>(verdict), *greeting};
}

Verdict Judge(const Greeting& own, const Greeting& other, ValidatorIndex key_owner) {
  // The chain first: the other answers mean nothing on another chain.
  if (other.chain_id != own.chain_id) return Verdict::kWrongChain;
  if (other.protocol_version != own.protocol_version) return Verdict::kWrongVersion;
  if (other.index != key_owner || other.index == own.index) return Verdict::kWrongIndex;
  return Verdict::kWelcome;
}

std::string_view VerdictId(Verdict verdict) {
  switch (verdict) {
    case Verdict::kWelcome:
      return "welcome";
    case Verdict::kWrongVersion:
      return "wrong_version";
    case Verdict::kWrongChain:
      return "wrong_chain";
    case Verdict::kWrongIndex:
      return "wrong_index";
    case Verdict::kTooSoon:
      return "too_soon";
  }
  CHECK(!"a verdict without an id");
  return {};
}

std::string DescribeVerdict(Verdict verdict, const Greeting& own, const Greeting& other) {
  switch (verdict) {
    case Verdict::kWelcome:
      return "welcome";
    case Verdict::kWrongVersion:
      return fmt::format("it speaks protocol version {}, this node speaks {}",
                         other.protocol_version, own.protocol_version);
    case Verdict::kWrongChain:
      return fmt::format("its chain is {}, this node's is {}: one of the genesis files is another",
                         other.chain_id.hex(), own.chain_id.hex());
    case Verdict::kWrongIndex:
      return fmt::format("it calls itself validator {}; its key says otherwise, or validator {} "
                         "is not one that it should dial", other.index.value(), own.index.value());
    case Verdict::kTooSoon:
      return "it comes back too soon after it was dropped";
  }
  CHECK(!"a verdict without a text");
  return {};
}

}  // namespace beian
