#include "sim/byzantine/puppet.h"

// Votes and proposals for views far away, many proposals in one view, long questions. Finds: maps
// keyed by a peer's numbers, work done for the second proposal of a view, arithmetic near the end.
namespace beian::sim {
namespace {

constexpr uint64_t kFarthest = uint64_t{1} << 62;   // the codec lets no more in

class Flooder : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const View far(scene.random.Chance(500) ? scene.top.value() + scene.random.Below(20)
                                            : kFarthest - scene.random.Below(3));
    const BlockId id{{static_cast<uint8_t>(scene.random.Next())}};
    for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kNullify, VoteKind::kFinalize}) {
      Statement statement{kind, Epoch(0), far, far.Previous(), id};
      if (kind == VoteKind::kNullify) statement = {kind, Epoch(0), far, View(0), BlockId{}};
      scene.SendSome(scene.Sign(statement), 500);
    }
    Propose(scene, far);
    if (const auto own = OwnView(scene)) {
      for (int i = 0; i < 5; ++i) Propose(scene, *own);
    }
    scene.SendSome(GetCertificates{View(0), View(kFarthest)}, 300);
    scene.SendSome(GetBlocks{Height(1 + scene.random.Below(3)), kBlocksPerReply}, 200);
  }

 private:
  void Propose(const Scene& scene, View view) {
    Proposal proposal;
    proposal.view = view;
    proposal.parent_view = view.Previous();
    proposal.header.chain_id = scene.genesis.chain_id;
    proposal.header.view = view;
    proposal.header.proposer = scene.self;
    proposal.header.log_size = scene.random.Below(kFarthest);
    proposal.leader_vote = scene.Sign({VoteKind::kNotarize, Epoch(0), view, view.Previous(),
                                       proposal.header.id()});
    scene.SendSome(proposal, 500);
  }
};

}  // namespace

std::unique_ptr<Puppet> MakeFlooder() { return std::make_unique<Flooder>(); }

}  // namespace beian::sim
