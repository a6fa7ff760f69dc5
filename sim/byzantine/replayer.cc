#include "sim/byzantine/puppet.h"

// Keeps what it hears and sends it again, much later, to others. Finds: state that old messages
// move.
namespace beian::sim {
namespace {

constexpr size_t kKeptMax = 400;

class Replayer : public Puppet {
 public:
  void Act(const Scene& scene) override {
    for (int i = 0; i < 3 && !kept_.empty(); ++i) {
      scene.SendSome(kept_[scene.random.Below(kept_.size())], 500);
    }
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    Puppet::OnMessage(scene, from, message);
    if (kept_.size() < kKeptMax) {
      kept_.push_back(message);
    } else if (scene.random.Chance(100)) {
      kept_[scene.random.Below(kKeptMax)] = message;
    }
  }

 private:
  std::vector<Message> kept_;
};

}  // namespace

std::unique_ptr<Puppet> MakeReplayer() { return std::make_unique<Replayer>(); }

}  // namespace beian::sim
