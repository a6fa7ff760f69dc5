#include "sim/byzantine/inner_replica.h"
#include "sim/byzantine/puppet.h"

// An honest replica of whose messages some leave with one number higher or lower by one, or with an
// earlier value in its place, signed anew (after Winter et al. 2023, "small-scope mutations").
// Finds: comparisons that are off by one, and old values that are taken for new ones.
namespace beian::sim {
namespace {

constexpr uint64_t kMutatedPerMille = 250;

class SmallScope : public Puppet {
 public:
  void Act(const Scene& scene) override {
    if (!replica_) replica_ = std::make_unique<InnerReplica>(scene);
    replica_->Tick(scene, SayTo(scene));
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    if (replica_) replica_->Hear(scene, from, message, SayTo(scene));
  }

 private:
  InnerReplica::Say SayTo(const Scene& scene) {
    return [this, &scene](ValidatorIndex to, const Message& message) {
      Message said = message;
      if (scene.random.Chance(kMutatedPerMille)) {
        std::visit([&](auto& one) { Mutate(scene, one); }, said);
      }
      scene.Send(to, std::move(said));
    };
  }

  /// The number beside it, never below zero.
  template <class Number>
  static void Nudge(const Scene& scene, Number& number) {
    const bool down = scene.random.Chance(500) && number.value() > 0;
    number = Number(down ? number.value() - 1 : number.value() + 1);
  }

  void Mutate(const Scene& scene, Vote& vote) {
    Statement& statement = vote.statement;
    const Statement earlier = earlier_;
    earlier_ = statement;
    switch (scene.random.Below(4)) {
      case 0: Nudge(scene, statement.view); break;
      case 1:
        if (statement.kind != VoteKind::kNullify) Nudge(scene, statement.parent_view);
        break;
      case 2:
        if (statement.kind != VoteKind::kNullify) statement.id = earlier.id;
        break;
      case 3:
        if (statement.kind == VoteKind::kNotarize) statement.kind = VoteKind::kFinalize;
        break;
      default: break;
    }
    if (statement.parent_view >= statement.view) statement.parent_view = View(0);
    if (vote.signer == scene.self) vote = scene.Sign(statement);
  }
  void Mutate(const Scene& scene, Proposal& proposal) {
    Header& header = proposal.header;
    switch (scene.random.Below(5)) {
      case 0: Nudge(scene, header.height); break;
      case 1: Nudge(scene, header.time); break;
      case 2: Nudge(scene, proposal.parent_view); break;
      case 3:
        Nudge(scene, proposal.view);
        header.view = proposal.view;
        break;
      case 4: header.parent = earlier_.id; break;
      default: break;
    }
    if (header.proposer != scene.self) return;
    proposal.leader_vote = scene.Sign({VoteKind::kNotarize, header.epoch, proposal.view,
                                       proposal.parent_view, header.id()});
  }
  void Mutate(const Scene& scene, Status& status) {
    switch (scene.random.Below(4)) {
      case 0: Nudge(scene, status.view); break;
      case 1: Nudge(scene, status.final_view); break;
      case 2: Nudge(scene, status.committed); break;
      case 3: Nudge(scene, status.epoch); break;
      default: break;
    }
  }
  void Mutate(const Scene& scene, GetBlocks& request) { Nudge(scene, request.first); }
  void Mutate(const Scene& scene, GetCertificates& request) {
    Nudge(scene, request.first);
    Nudge(scene, request.last);
  }
  void Mutate(const Scene& scene, Certificate& certificate) {
    if (scene.random.Chance(500)) {
      certificate.signatures.pop_back();          // one too few, as a rule
    } else {
      Nudge(scene, certificate.statement.view);   // no quorum signed that
    }
  }
  void Mutate(const Scene&, Blocks& blocks) {
    if (blocks.blocks.size() > 1) blocks.blocks.pop_back();   // the proof is of the last one
  }
  void Mutate(const Scene& scene, ReentryAnswer& answer) {
    Nudge(scene, answer.view);
    answer.signature = scene.oracle.Sign(
        scene.self, answer.SignedBytes(scene.genesis.chain_id, scene.genesis.validators.hash()));
  }
  template <class Other>
  static void Mutate(const Scene&, Other&) {}

  std::unique_ptr<InnerReplica> replica_;
  Statement earlier_;   ///< of the vote before
};

}  // namespace

std::unique_ptr<Puppet> MakeSmallScope() { return std::make_unique<SmallScope>(); }

}  // namespace beian::sim
