#include "node/net/message_codec.h"
#include "tests/fuzz/set_size.h"
#include "tests/fuzz/target.h"

namespace beian::fuzz {
namespace {

struct SetSizeMinOf {
  size_t operator()(const Certificate& certificate) const { return SetSizeMin(certificate); }
  size_t operator()(const Proposal& proposal) const { return SetSizeMin(proposal); }
  size_t operator()(const Blocks& reply) const {
    return reply.proof ? SetSizeMin(reply.proof->finalization) : 1;
  }
  size_t operator()(const ReentryAnswer& answer) const {
    return answer.certificate ? SetSizeMin(*answer.certificate) : 1;
  }
  size_t operator()(const auto&) const { return 1; }
};

/// A frame that is taken is one that EncodeMessage writes, with some set size.
void FuzzMessage(BytesView frame) {
  const auto decoded = DecodeMessage(kChain, frame);
  if (!decoded) return;
  ++inputs_taken;
  const Message& message = decoded->message;
  CHECK(KindOfFrame(frame) == message.index());
  const auto encode = [&](size_t set_size) {
    return EncodeMessage(message, decoded->sender_view, set_size);
  };
  static_cast<void>(PriorityOf(message, decoded->sender_view));
  const auto* proposal = std::get_if<Proposal>(&message);
  if (proposal == nullptr || !MayMixSetSizes(*proposal)) {
    CHECK(AnySetSizeGives(frame, std::visit(SetSizeMinOf{}, message), encode));
    return;
  }
  const auto again = DecodeMessage(kChain, encode(kValidatorsMax));
  CHECK(again && std::get<Proposal>(again->message) == *proposal);
  CHECK(again->sender_view == decoded->sender_view);
}

}  // namespace
}  // namespace beian::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  beian::fuzz::FuzzMessage(beian::fuzz::Octets(data, size));
  return 0;
}
