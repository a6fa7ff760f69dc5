#include "sim/byzantine/puppet.h"

#include <iterator>
#include <string_view>
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

template <class Kind>
std::unique_ptr<Puppet> New() { return std::make_unique<Kind>(); }

struct Named {
  std::string_view name;
  std::unique_ptr<Puppet> (*make)();
};
/// In the order of Strategy.
constexpr Named kStrategies[] = {
    {"mute", New<Mute>},
    {"double_voter", MakeDoubleVoter},
    {"equivocator", MakeEquivocator},
    {"wrong_parent", MakeWrongParent},
    {"liar", MakeLiar},
    {"withholder", MakeWithholder},
    {"replayer", MakeReplayer},
    {"flooder", MakeFlooder},
    {"lying_height", MakeLyingHeight},
    {"impersonator", MakeImpersonator},
    {"mangler", MakeMangler},
    {"nullify_and_finalize", MakeNullifyAndFinalize},
    {"future_view", MakeFutureView},
    {"lying_clock", MakeLyingClock},
    {"tardy", MakeTardy},
    {"signed_twice", MakeSignedTwice},
    {"poisoner", MakePoisoner},
    {"selective_sender", MakeSelectiveSender},
    {"amnesiac", MakeAmnesiac},
    {"small_scope", MakeSmallScope},
    {"twins", MakeTwins},
    {"mix", New<Mix>},
};
static_assert(std::size(kStrategies) == static_cast<size_t>(kLastStrategy) + 1);

}  // namespace

std::string StrategyName(Strategy strategy) {
  return std::string(kStrategies[static_cast<size_t>(strategy)].name);
}

std::unique_ptr<Puppet> MakePuppet(Strategy strategy) {
  return kStrategies[static_cast<size_t>(strategy)].make();
}

std::optional<View> OwnView(const Scene& scene) {
  const View from = scene.top > View(2) ? scene.top - 1 : View(1);
  for (View view = from; view <= scene.top + 1; view = view.Next()) {
    if (scene.leaders.At(view) == scene.self) return view;
  }
  return std::nullopt;
}

void VoteAlong(const Scene& scene) {
  const View from = scene.top > View(2) ? scene.top - 1 : View(1);
  for (View view = from; view <= scene.top; view = view.Next()) {
    const auto statements = scene.votes.StatementsAt(view);   // a copy: signing adds to it
    for (const auto& [statement, signers] : statements) {
      scene.SendSome(scene.Sign(statement), 1000);
    }
  }
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

}  // namespace beian::sim
