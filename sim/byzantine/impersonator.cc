#include "sim/byzantine/puppet.h"

// Votes in other names with signatures that are not theirs; and answers a validator that re-enters
// with a view as low, or as high, as certificates exist for. Finds: a driver that does not verify,
// a floor that one answer decides.
namespace beian::sim {
namespace {

class Impersonator : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const ValidatorIndex other = scene.honest[scene.random.Below(scene.honest.size())];
    Vote vote = scene.Sign({VoteKind::kNullify, Epoch(0), scene.top, View(0), BlockId{}});
    vote.signer = other;
    scene.SendSome(vote, 500);
    Certificate certificate{vote.statement, {}};
    for (uint16_t i = 0; i < scene.genesis.validators.quorum(); ++i) {
      certificate.signatures.emplace_back(ValidatorIndex(i), vote.signature);
    }
    scene.SendSome(certificate, 500);
    vote.signer = ValidatorIndex(static_cast<uint16_t>(kValidatorsMax - 1));   // nobody
    scene.SendSome(vote, 500);
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    Puppet::OnMessage(scene, from, message);
    const auto* ask = std::get_if<ReentryAsk>(&message);
    if (ask == nullptr) return;
    const View before(scene.random.Below(scene.top.value() + 1));
    ReentryAnswer answer{ask->nonce, from, scene.self, Epoch(0), before.Next(), {}, {}};
    answer.certificate = scene.Notarization(before);
    if (!answer.certificate) answer.certificate = scene.Nullification(before);
    if (before != View(0) && !answer.certificate) return;
    const ChainId& chain = scene.genesis.chain_id;
    answer.signature =
        scene.oracle.Sign(scene.self, answer.SignedBytes(chain, scene.genesis.validators.hash()));
    scene.Send(from, answer);
  }
};

}  // namespace

std::unique_ptr<Puppet> MakeImpersonator() { return std::make_unique<Impersonator>(); }

}  // namespace beian::sim
