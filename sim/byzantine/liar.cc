#include "sim/byzantine/puppet.h"

// A proposal in its own view with one field that lies, signed as it stands. Finds: a field that is
// not checked, and checks that are not the same on every replica.
namespace beian::sim {
namespace {

constexpr uint64_t kFields = 15;

class Liar : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const auto view = OwnView(scene);
    if (!view || *view <= done_) return;
    done_ = *view;
    const Scene::Draft draft{*view, scene.ParentBelow(*view), 0, scene.Youngest(20)};
    const BlockPtr block = scene.Build(draft);
    if (block == nullptr) return;
    Proposal proposal = scene.Propose(draft, block);
    Twist(scene, proposal);
    Statement statement = proposal.leader_vote.statement;
    statement.id = proposal.header.id();
    proposal.leader_vote = scene.Sign(statement);
    scene.SendSome(proposal, 950);
  }

 private:
  static void Twist(const Scene& scene, Proposal& proposal) {
    Header& header = proposal.header;
    switch (scene.random.Below(kFields)) {
      case 0: header.time = header.time + 3'600'000; break;
      case 1: header.time = TimeMs(header.time.value() - 3'600'000); break;
      case 2: header.time = header.time + 1'900; break;   // inside what clocks may differ by
      case 3: header.map_root.octets[0] ^= 1; break;
      case 4: header.log_root.octets[0] ^= 1; break;
      case 5: ++header.log_size; break;
      case 6: header.tx_root.octets[0] ^= 1; break;
      case 7: header.height = header.height.Next(); break;
      case 8: header.proposer = scene.honest.front(); break;
      case 9: ++header.protocol_version; break;
      case 10: header.next_set_hash.octets[0] ^= 1; break;
      case 11: header.parent.octets[0] ^= 1; break;
      case 12: header.view = header.view.Next(); break;
      case 13:   // a transaction twice
        if (!proposal.wire_ids.empty()) {
          proposal.wire_ids.push_back(proposal.wire_ids.front());
          ++header.tx_count;
          header.tx_root = TransactionRoot(proposal.wire_ids);
        }
        break;
      case 14: header.time = TimeMs(header.time.value() - 5'000); break;   // before its parent
      default: break;
    }
  }
  View done_;
};

}  // namespace

std::unique_ptr<Puppet> MakeLiar() { return std::make_unique<Liar>(); }

}  // namespace beian::sim
