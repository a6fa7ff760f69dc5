#include "node/net/message_codec.h"
#include "sim/world.h"

// Dishonest validators: they have no replica, see everything, and sign only for themselves.
namespace beian::sim {

void World::MakePuppets() {
  const size_t dishonest =
      std::min(options_.dishonest, chain_.genesis.validators.faulty_max());
  for (uint16_t i = 0; i < nodes_.size(); ++i) {
    if (i + dishonest < nodes_.size()) {
      honest_.push_back(ValidatorIndex(i));
      continue;
    }
    Node& node = nodes_[i];
    node.puppet = MakePuppet(options_.strategy);
    votes_.SetDishonest(node.index);
    Schedule(random_.Around(options_.puppet_every_ms), PuppetTurn{node.index});
    for (const ValidatorIndex other : honest_) {
      Schedule(random_.Below(500), Connection{other, node.index, true});
    }
  }
  if (dishonest > 0) book_.emplace(chain_.genesis);
}

void World::SilencePuppets() {
  for (Node& node : nodes_) {
    if (node.puppet) node.puppet = MakePuppet(Strategy::kMute);
  }
}

void World::WithScene(Node& node, const std::function<void(const Scene&)>& act) {
  View top(1);
  for (const Node& other : nodes_) {
    if (other.replica) top = std::max(top, other.replica->status().view);
  }
  const TimeMs wall = NowOf(node).wall;
  act({node.index, chain_.genesis, leaders_, votes_, oracle_, *book_, random_, honest_,
       clients_.made(), top, wall,
       [this, &node](ValidatorIndex to, Message message, View sender_view) {
         SendAsPuppet(node, to, std::move(message), sender_view);
       }});
}

void World::SendAsPuppet(Node& node, ValidatorIndex to, Message message, View sender_view) {
  for (const Statement& statement : OwnVotesIn(message, node.index)) {
    votes_.OnVote(node.index, statement);
  }
  // Its octets are what travels: what the codec refuses would cost it the connection.
  const Bytes frame = EncodeMessage(message, sender_view, nodes_.size());
  auto decoded = DecodeMessage(chain_.genesis.chain_id, frame);
  if (!decoded) return;
  ++statistics_.puppet_messages;
  const auto shared = std::make_shared<const Message>(std::move(decoded->message));
  for (const uint64_t delay : network_.Send(node.index, to)) {
    Schedule(now_ms_ + delay, Delivery{node.index, to, shared, sender_view});
  }
}

}  // namespace beian::sim
