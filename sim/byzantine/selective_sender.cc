#include <set>

#include "sim/byzantine/inner_replica.h"
#include "sim/byzantine/puppet.h"

// Does everything right and tells it to some only, and now and then to others. Finds: what rests on
// "it was sent to all": a certificate that one has and the rest lack, a body with one holder.
namespace beian::sim {
namespace {

constexpr uint64_t kNewAudiencePerMille = 60;

class SelectiveSender : public Puppet {
 public:
  void Act(const Scene& scene) override {
    if (!replica_) replica_ = std::make_unique<InnerReplica>(scene);
    if (scene.random.Chance(kNewAudiencePerMille)) {
      audience_.clear();
      for (const ValidatorIndex peer : scene.honest) {
        if (scene.random.Chance(500)) audience_.insert(peer);
      }
    }
    replica_->Tick(scene, SayTo(scene));
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    if (replica_) replica_->Hear(scene, from, message, SayTo(scene));
  }

 private:
  InnerReplica::Say SayTo(const Scene& scene) const {
    return [this, &scene](ValidatorIndex to, const Message& message) {
      if (audience_.contains(to)) scene.Send(to, message);
    };
  }

  std::unique_ptr<InnerReplica> replica_;
  std::set<ValidatorIndex> audience_;
};

}  // namespace

std::unique_ptr<Puppet> MakeSelectiveSender() { return std::make_unique<SelectiveSender>(); }

}  // namespace beian::sim
