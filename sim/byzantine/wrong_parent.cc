#include "sim/byzantine/puppet.h"

// Proposes on an older certified block, as if the views between had been empty, with what
// justification there is, or as if it were the newest one. Finds: a gap or a parent that is not
// checked, by which a final block is forked off.
namespace beian::sim {
namespace {

class WrongParent : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const auto view = OwnView(scene);
    if (!view || *view <= done_) return;
    done_ = *view;
    const View newest = scene.ParentBelow(*view);
    View parent = newest;
    const uint64_t back = scene.random.Below(3);
    for (uint64_t i = 0; i < back && parent > View(0); ++i) parent = scene.ParentBelow(parent);
    Scene::Draft draft{*view, parent, 0, scene.Youngest(20)};
    const BlockPtr block = scene.Build(draft);
    if (block == nullptr) return;
    scene.book.OnBlock(block);
    if (scene.random.Chance(300)) draft.parent_view = newest;
    Proposal proposal = scene.Propose(draft, block);
    if (scene.random.Chance(300)) proposal.justification.clear();
    scene.SendSome(proposal, 900);
    for (View gap = parent.Next(); gap < *view; gap = gap.Next()) {   // help the skipping along
      const Statement nullify{VoteKind::kNullify, Epoch(0), gap, View(0), BlockId{}};
      scene.SendSome(scene.Sign(nullify), 700);
    }
  }

 private:
  View done_;
};

}  // namespace

std::unique_ptr<Puppet> MakeWrongParent() { return std::make_unique<WrongParent>(); }

}  // namespace beian::sim
