#include "sim/byzantine/puppet.h"

// Signs NOTARIZE for every block of a view, FINALIZE for each, and NULLIFY besides; each vote goes
// to some only. Finds: quorums that do not overlap, F after X, a signer who is counted twice.
namespace beian::sim {
namespace {

class DoubleVoter : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const uint64_t back = scene.random.Below(4);
    const View view = scene.top.value() > back ? scene.top - back : View(1);
    const uint64_t chance = scene.random.Chance(500) ? 1000 : 500;
    if (scene.random.Chance(400)) {
      const Statement nullify{VoteKind::kNullify, Epoch(0), view, View(0), BlockId{}};
      scene.SendSome(scene.Sign(nullify), chance);
    }
    const auto statements = scene.votes.StatementsAt(view);   // a copy: signing adds to it
    for (const auto& [known, signers] : statements) {
      if (known.kind == VoteKind::kNullify) continue;
      for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kFinalize}) {
        if (scene.random.Chance(400)) continue;
        Statement statement = known;
        statement.kind = kind;
        scene.SendSome(scene.Sign(statement), chance);
      }
    }
  }
};

}  // namespace

std::unique_ptr<Puppet> MakeDoubleVoter() { return std::make_unique<DoubleVoter>(); }

}  // namespace beian::sim
