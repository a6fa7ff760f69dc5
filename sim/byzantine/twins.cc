#include <vector>

#include "sim/byzantine/inner_replica.h"
#include "sim/byzantine/puppet.h"

// Two honest replicas with one key, each in touch with a part of the others that changes now and
// then (Bano et al. 2020, "Twins"). Finds: whatever an honest node's own code can be made to say
// twice, in all combinations of messages that make sense.
namespace beian::sim {
namespace {

constexpr uint64_t kNewSidesPerMille = 40;
constexpr uint64_t kBothPerMille = 100;

class Twins : public Puppet {
 public:
  void Act(const Scene& scene) override {
    if (twins_.empty() || scene.random.Chance(kNewSidesPerMille)) DrawSides(scene);
    while (twins_.size() < 2) twins_.push_back(std::make_unique<InnerReplica>(scene));
    for (size_t twin = 0; twin < 2; ++twin) twins_[twin]->Tick(scene, SayOf(scene, twin));
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    if (twins_.empty()) return;
    const bool both = scene.random.Chance(kBothPerMille);
    for (size_t twin = 0; twin < 2; ++twin) {
      if (both || side_[from.value()] == twin) {
        twins_[twin]->Hear(scene, from, message, SayOf(scene, twin));
      }
    }
  }

 private:
  void DrawSides(const Scene& scene) {
    side_.resize(scene.genesis.validators.size());
    for (size_t& side : side_) side = scene.random.Below(2);
    // Nobody is left without a listener.
    const size_t first = scene.random.Below(scene.honest.size());
    const size_t second = (first + 1) % scene.honest.size();
    side_[scene.honest[first].value()] = 0;
    side_[scene.honest[second].value()] = 1;
  }
  InnerReplica::Say SayOf(const Scene& scene, size_t twin) {
    return [this, &scene, twin](ValidatorIndex to, const Message& message) {
      if (side_[to.value()] == twin) scene.Send(to, message);
    };
  }

  std::vector<std::unique_ptr<InnerReplica>> twins_;
  std::vector<size_t> side_;
};

}  // namespace

std::unique_ptr<Puppet> MakeTwins() { return std::make_unique<Twins>(); }

}  // namespace beian::sim
