#include "node/consensus/timing.h"
#include "sim/byzantine/puppet.h"

// A good block at the last moment: some have just given the view up when it arrives, others have
// not, and its own vote goes now to these and now to those. Finds: a view with a notarization here
// and a nullification there that neither side gets over.
namespace beian::sim {
namespace {

class Tardy : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const auto view = OwnView(scene);
    if (!view || *view != scene.top) return;
    if (*view != waiting_for_) {
      waiting_for_ = *view;
      const consensus::Timing timing;
      const uint64_t patience = timing.min_interval + 2 * timing.delta_base;
      due_ = scene.wall + patience - 150 + scene.random.Below(300);
      shown_ = false;
    }
    if (shown_ || scene.wall < due_) return;
    shown_ = true;
    const Scene::Draft draft{*view, scene.ParentBelow(*view), 0, scene.Youngest(20)};
    const BlockPtr block = scene.Build(draft);
    if (block == nullptr) return;
    scene.book.OnBlock(block);
    scene.SendSome(scene.Propose(draft, block), 700);
    const Vote nullify = scene.Sign({VoteKind::kNullify, Epoch(0), *view, View(0), BlockId{}});
    if (scene.random.Chance(500)) scene.SendSome(nullify, 400);
  }

 private:
  View waiting_for_;
  TimeMs due_;
  bool shown_ = false;
};

}  // namespace

std::unique_ptr<Puppet> MakeTardy() { return std::make_unique<Tardy>(); }

}  // namespace beian::sim
