#include "sim/byzantine/puppet.h"

#include <vector>

namespace beian::sim {
namespace {

class Mute : public Puppet {
 public:
  void Act(const Scene&) override {}
  void OnMessage(const Scene&, ValidatorIndex, const Message&) override {}
};

class Mix : public Puppet {
 public:
  Mix() {
    for (uint8_t i = 0; i < static_cast<uint8_t>(Strategy::kMix); ++i) {
      puppets_.push_back(MakePuppet(static_cast<Strategy>(i)));
    }
  }
  void Act(const Scene& scene) override { Any(scene).Act(scene); }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    Any(scene).OnMessage(scene, from, message);
  }

 private:
  Puppet& Any(const Scene& scene) { return *puppets_[scene.random.Below(puppets_.size())]; }
  std::vector<std::unique_ptr<Puppet>> puppets_;
};

}  // namespace

std::optional<View> OwnView(const Scene& scene) {
  const View from = scene.top > View(2) ? scene.top - 1 : View(1);
  for (View view = from; view <= scene.top + 1; view = view.Next()) {
    if (scene.leaders.At(view) == scene.self) return view;
  }
  return std::nullopt;
}

void Puppet::OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) {
  if (const auto* body = std::get_if<GetBody>(&message)) {
    if (const BlockPtr block = scene.book.Find(body->id)) scene.Send(from, Body{block});
  } else if (const auto* wanted = std::get_if<GetTransactions>(&message)) {
    Transactions reply{wanted->block, {}};
    if (const BlockPtr block = scene.book.Find(wanted->block)) {
      reply.transactions = block->transactions;
    }
    scene.Send(from, reply);
  } else if (const auto* range = std::get_if<GetCertificates>(&message)) {
    for (View view = range->first; view <= range->last && view < range->first + 16;
         view = view.Next()) {
      if (auto held = scene.Notarization(view)) scene.Send(from, *held);
      if (auto held = scene.Nullification(view)) scene.Send(from, *held);
    }
  }
}

std::string StrategyName(Strategy strategy) {
  switch (strategy) {
    case Strategy::kMute: return "mute";
    case Strategy::kDoubleVoter: return "double_voter";
    case Strategy::kEquivocator: return "equivocator";
    case Strategy::kWrongParent: return "wrong_parent";
    case Strategy::kLiar: return "liar";
    case Strategy::kWithholder: return "withholder";
    case Strategy::kReplayer: return "replayer";
    case Strategy::kFlooder: return "flooder";
    case Strategy::kLyingHeight: return "lying_height";
    case Strategy::kImpersonator: return "impersonator";
    case Strategy::kMangler: return "mangler";
    case Strategy::kMix: return "mix";
  }
  return "unknown";
}

std::unique_ptr<Puppet> MakePuppet(Strategy strategy) {
  switch (strategy) {
    case Strategy::kMute: return std::make_unique<Mute>();
    case Strategy::kDoubleVoter: return MakeDoubleVoter();
    case Strategy::kEquivocator: return MakeEquivocator();
    case Strategy::kWrongParent: return MakeWrongParent();
    case Strategy::kLiar: return MakeLiar();
    case Strategy::kWithholder: return MakeWithholder();
    case Strategy::kReplayer: return MakeReplayer();
    case Strategy::kFlooder: return MakeFlooder();
    case Strategy::kLyingHeight: return MakeLyingHeight();
    case Strategy::kImpersonator: return MakeImpersonator();
    case Strategy::kMangler: return MakeMangler();
    case Strategy::kMix: return std::make_unique<Mix>();
  }
  return nullptr;
}

}  // namespace beian::sim
