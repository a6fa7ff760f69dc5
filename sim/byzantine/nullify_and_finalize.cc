#include "sim/byzantine/puppet.h"

// FINALIZE for a notarized block to some, NULLIFY for the same view to the others, and now and then
// both to all. Finds: a view that ends up finalized and skipped, evidence that is not given.
namespace beian::sim {
namespace {

class NullifyAndFinalize : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const uint64_t back = scene.random.Below(3);
    const View view = scene.top.value() > back ? scene.top - back : View(1);
    const auto notarization = scene.Notarization(view);
    if (!notarization) return;
    Statement final = notarization->statement;
    final.kind = VoteKind::kFinalize;
    const Vote finalize = scene.Sign(final);
    const Vote nullify = scene.Sign({VoteKind::kNullify, Epoch(0), view, View(0), BlockId{}});
    const bool both = scene.random.Chance(150);
    for (const ValidatorIndex to : scene.honest) {
      const bool first = scene.random.Chance(500);
      if (first || both) scene.Send(to, finalize);
      if (!first || both) scene.Send(to, nullify);
    }
  }
};

}  // namespace

std::unique_ptr<Puppet> MakeNullifyAndFinalize() { return std::make_unique<NullifyAndFinalize>(); }

}  // namespace beian::sim
