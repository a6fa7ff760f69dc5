#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/base/types.h"

namespace beian {

/// The first frame in each direction, right after the TLS handshake. The dialing side says Hello,
/// the accepting side judges it and answers with a Welcome: its own greeting and its verdict.
/// In TLS 1.3 the client's handshake succeeds before the server has judged its certificate, so only
/// a good Welcome makes a connection.
struct Greeting {
  uint32_t protocol_version = 0;
  ChainId chain_id;
  ValidatorIndex index;  ///< of the speaker
  bool operator==(const Greeting&) const = default;
};

enum class Verdict : uint8_t {
  kWelcome = 0,
  kWrongVersion = 1,
  kWrongChain = 2,
  kWrongIndex = 3,  ///< not the validator that the TLS key names, or one that this node dials
  kTooSoon = 4,     ///< dropped for its fault a moment ago
};

struct Welcome {
  Verdict verdict = Verdict::kWelcome;
  Greeting greeting;
  bool operator==(const Welcome&) const = default;
};

/// Format of frames and greetings; the protocol version is apart from it.
inline constexpr uint16_t kWireFormat = 1;
inline constexpr size_t kHelloBytesMax = 64;

/// "beian" ‖ u8 1 ‖ u16 wire format ‖ u32 protocol version ‖ chain id ‖ u16 index
Bytes EncodeHello(const Greeting& greeting);
std::optional<Greeting> DecodeHello(BytesView frame);  ///< strict
/// "beian" ‖ u8 2 ‖ u16 wire format ‖ u32 protocol version ‖ chain id ‖ u16 index ‖ u8 verdict
Bytes EncodeWelcome(const Welcome& welcome);
std::optional<Welcome> DecodeWelcome(BytesView frame);  ///< strict

/// What `own` thinks of `other`, which the TLS key has shown to be validator `key_owner`.
Verdict Judge(const Greeting& own, const Greeting& other, ValidatorIndex key_owner);

/// Id of the note that tells of a verdict: "wrong_chain"; and its text, which names both sides'
/// values.
std::string_view VerdictId(Verdict verdict);
std::string DescribeVerdict(Verdict verdict, const Greeting& own, const Greeting& other);

}  // namespace beian
