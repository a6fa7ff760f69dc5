#include <algorithm>

#include "node/consensus/timing.h"
#include "sim/byzantine/puppet.h"

// Valid blocks with times at the edge of what clocks may differ by, before and after. Finds: honest
// validators that nullify because of their own clock, a chain whose time runs away, a block that
// some take and others never do.
namespace beian::sim {
namespace {

class LyingClock : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const auto view = OwnView(scene);
    if (!view || *view <= done_) return;
    done_ = *view;
    const consensus::Timing timing;
    Scene lying = scene;
    const uint64_t near = scene.random.Below(100);
    if (scene.random.Chance(500)) {
      lying.wall = lying.wall + timing.clock_ahead_max - 50 + near;
    } else {
      const uint64_t back = timing.clock_behind_max - 50 + near;
      lying.wall = TimeMs(std::max(lying.wall.value() - back, scene.genesis.time.value()));
    }
    const Scene::Draft draft{*view, scene.ParentBelow(*view), 0, scene.Youngest(20)};
    const BlockPtr block = lying.Build(draft);
    if (block == nullptr) return;
    scene.book.OnBlock(block);
    scene.SendSome(scene.Propose(draft, block), 950);
  }

 private:
  View done_;
};

}  // namespace

std::unique_ptr<Puppet> MakeLyingClock() { return std::make_unique<LyingClock>(); }

}  // namespace beian::sim
