#include "sim/byzantine/inner_replica.h"
#include "sim/byzantine/puppet.h"

// An honest replica whose log is emptied again and again and which votes on as if it were new.
// Finds: safety that rests on a validator's memory where it must rest on quorums.
namespace beian::sim {
namespace {

constexpr uint64_t kForgetPerMille = 30;

class Amnesiac : public Puppet {
 public:
  void Act(const Scene& scene) override {
    if (!replica_) replica_ = std::make_unique<InnerReplica>(scene);
    if (scene.random.Chance(kForgetPerMille)) replica_->Forget(scene, SayTo(scene));
    replica_->Tick(scene, SayTo(scene));
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    if (replica_) replica_->Hear(scene, from, message, SayTo(scene));
  }

 private:
  static InnerReplica::Say SayTo(const Scene& scene) {
    return [&scene](ValidatorIndex to, const Message& message) { scene.Send(to, message); };
  }
  std::unique_ptr<InnerReplica> replica_;
};

}  // namespace

std::unique_ptr<Puppet> MakeAmnesiac() { return std::make_unique<Amnesiac>(); }

}  // namespace beian::sim
