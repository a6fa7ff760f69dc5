#include "sim/byzantine/puppet.h"

// Two valid blocks in each of its views, one for each half, and its votes for both. Finds: a
// replica that asserts on the other block's certificate, or cannot get the body it was not shown.
namespace beian::sim {
namespace {

class Equivocator : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const auto view = OwnView(scene);
    if (!view || *view <= done_) return;
    done_ = *view;
    Scene::Draft draft{*view, scene.ParentBelow(*view), 0, scene.Youngest(30)};
    const BlockPtr first = scene.Build(draft);
    draft.later_ms = 3;
    if (scene.random.Chance(500)) draft.transactions = scene.Youngest(3);
    const BlockPtr second = scene.Build(draft);
    if (first == nullptr || second == nullptr) return;
    scene.book.OnBlock(first);
    scene.book.OnBlock(second);
    const size_t half = scene.random.Below(scene.honest.size() + 1);
    for (size_t i = 0; i < scene.honest.size(); ++i) {
      const BlockPtr& shown = i < half ? first : second;
      scene.Send(scene.honest[i], scene.Propose(draft, shown));
      if (scene.random.Chance(300)) {   // and the other half of them late
        scene.Send(scene.honest[i], scene.Propose(draft, i < half ? second : first));
      }
    }
    for (const BlockPtr& block : {first, second}) {
      const Statement final{VoteKind::kFinalize, Epoch(0), *view, draft.parent_view, block->id};
      if (scene.random.Chance(500)) scene.SendSome(scene.Sign(final), 700);
    }
  }

 private:
  View done_;
};

}  // namespace

std::unique_ptr<Puppet> MakeEquivocator() { return std::make_unique<Equivocator>(); }

}  // namespace beian::sim
