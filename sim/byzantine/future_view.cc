#include "sim/byzantine/puppet.h"

// Acts before its time: votes for views to come and proposes for its next ones, on what is
// certified now. Finds: votes that count before their view, state kept for views without end, a
// leader's one proposal of a view taken by a block that cannot be extended any more.
namespace beian::sim {
namespace {

constexpr uint64_t kAhead = 10;   // somewhat more than the window

class FutureView : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const View view = scene.top + 1 + scene.random.Below(kAhead);
    if (scene.random.Chance(300)) {
      scene.SendSome(scene.Sign({VoteKind::kNullify, Epoch(0), view, View(0), BlockId{}}), 700);
    }
    if (scene.leaders.At(view) != scene.self) return;
    const Scene::Draft draft{view, scene.ParentBelow(scene.top.Next()), 0, scene.Youngest(10)};
    const BlockPtr block = scene.Build(draft);
    if (block == nullptr) return;
    scene.book.OnBlock(block);
    scene.SendSome(scene.Propose(draft, block), 800);
  }
};

}  // namespace

std::unique_ptr<Puppet> MakeFutureView() { return std::make_unique<FutureView>(); }

}  // namespace beian::sim
