#include <asio/post.hpp>

#include "node/net/message_codec.h"
#include "node/runtime/node.h"

// From a peer's frame to the replica: decode, ask whether it is wanted, verify on the pool, step.
namespace beian {
namespace {

/// Frames that are decoded on the pool: parsing their transactions costs more than the hop.
bool IsLarge(const Bytes& frame) { return frame.size() > 8'192; }

}  // namespace

void Node::OnFrame(ValidatorIndex from, Bytes frame) {
  if (stopping_) return;
  size_t& bytes = verifying_bytes_[from.value()];
  if (bytes + frame.size() > kVerifyingBytesMax) return;   // as if the network had lost it
  if (!IsLarge(frame)) {
    auto decoded = DecodeMessage(genesis_.chain_id, frame);
    if (!decoded) return DropPeer(from, std::string(CodecErrorId(decoded.error())));
    return OnDecoded(from, std::move(decoded->message), decoded->sender_view, frame.size());
  }
  bytes += frame.size();
  asio::post(*verify_pool_, [this, from, frame = std::move(frame)] {
    auto decoded = DecodeMessage(genesis_.chain_id, frame);
    asio::post(io_, [this, from, decoded = std::move(decoded), size = frame.size()]() mutable {
      verifying_bytes_[from.value()] -= size;
      if (!decoded) return DropPeer(from, std::string(CodecErrorId(decoded.error())));
      OnDecoded(from, std::move(decoded->message), decoded->sender_view, size);
    });
  });
}

void Node::OnDecoded(ValidatorIndex from, Message message, View sender_view, size_t bytes) {
  if (stopping_ || !replica_->Wants(from, message)) return;
  if (replica_->IsLate(message)) return Step(PeerMessage{from, std::move(message), sender_view});
  if (auto* proposal = std::get_if<Proposal>(&message)) {
    // Certificates that are already here need no second verification.
    std::erase_if(proposal->justification,
                  [&](const Certificate& c) { return !replica_->Wants(from, c); });
  }
  VerifyThenStep(from, std::move(message), sender_view, bytes);
}

void Node::VerifyThenStep(ValidatorIndex from, Message message, View sender_view, size_t bytes) {
  verifying_bytes_[from.value()] += bytes;
  auto verify = [this, from, sender_view, bytes, message = std::move(message)]() mutable {
    const bool good = verifier_.VerifyMessage(message);
    metrics_.CountPeerSignatures(good, !good);
    asio::post(io_, [this, from, sender_view, bytes, good, message = std::move(message)]() mutable {
      verifying_bytes_[from.value()] -= bytes;
      if (stopping_) return;
      if (!good) return DropPeer(from, "a signature does not verify");
      Step(PeerMessage{from, std::move(message), sender_view});
    });
  };
  asio::post(*verify_pool_, std::move(verify));
}

void Node::DropPeer(ValidatorIndex from, const std::string& why) {
  log_.Warning("bad_message", why, {{"peer", genesis_.validators.at(from).name}});
  network_->Drop(from, why);
}

}  // namespace beian
