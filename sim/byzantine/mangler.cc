#include <algorithm>

#include "sim/byzantine/puppet.h"

// Passes on an honest leader's proposal with something changed that the leader's vote does not sign
// by itself: the list of transactions, the justification, the parent's view; and helps the good one
// to become final. Finds: a block that is taken for invalid because of what stood beside it.
namespace beian::sim {
namespace {

class Mangler : public Puppet {
 public:
  void Act(const Scene& scene) override {   // its own proposals too, with its own good vote
    const auto view = OwnView(scene);
    if (!view || *view <= done_) return;
    done_ = *view;
    const Scene::Draft draft{*view, scene.ParentBelow(*view), 0, scene.Youngest(20)};
    const BlockPtr block = scene.Build(draft);
    if (block == nullptr) return;
    scene.book.OnBlock(block);
    for (const ValidatorIndex to : scene.honest) {
      Proposal proposal = scene.Propose(draft, block);
      if (scene.random.Chance(400)) Mangle(scene, proposal);
      scene.Send(to, proposal);
    }
    Statement finalize = scene.Propose(draft, block).leader_vote.statement;
    finalize.kind = VoteKind::kFinalize;
    scene.SendSome(scene.Sign(finalize), 900);
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    Puppet::OnMessage(scene, from, message);
    if (const auto* heard = std::get_if<Proposal>(&message)) {
      Proposal proposal = *heard;
      Mangle(scene, proposal);
      scene.SendSome(proposal, 800);
    }
  }

 private:
  static void Mangle(const Scene& scene, Proposal& proposal) {
    auto& ids = proposal.wire_ids;
    switch (scene.random.Below(6)) {
      case 0:
        if (!ids.empty()) ids.back() = ids.front();
        break;
      case 1: std::ranges::reverse(ids); break;
      case 2:
        if (!ids.empty()) ids.pop_back();
        break;
      case 3:
        if (const auto known = scene.Youngest(1); !ids.empty() && !known.empty()) {
          ids.front() = known.front()->wire_id();
        }
        break;
      case 4: proposal.justification.clear(); break;
      case 5: proposal.parent_view = View(0); break;
      default: break;
    }
  }
  View done_;
};

}  // namespace

std::unique_ptr<Puppet> MakeMangler() { return std::make_unique<Mangler>(); }

}  // namespace beian::sim
