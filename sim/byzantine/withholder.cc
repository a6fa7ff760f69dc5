#include <algorithm>

#include "sim/byzantine/puppet.h"
#include "sim/chain.h"

// Proposes blocks with transactions that nobody else has; gives them to few of those who ask, and
// its vote to all. Finds: a notarized block whose body fewer than f+1 honest hold, and replicas
// that wait for ever for what one peer has.
namespace beian::sim {
namespace {

constexpr uint64_t kLifeMs = 300'000;
constexpr uint64_t kNonceBase = 1'000'000'000;   // apart from the clients' own
constexpr uint64_t kProviderBase = 900'000'000;

class Withholder : public Puppet {
 public:
  void Act(const Scene& scene) override {
    const auto view = OwnView(scene);
    if (!view || *view <= done_) return;
    done_ = *view;
    Scene::Draft draft{*view, scene.ParentBelow(*view), 0, {}};
    for (int i = 0; i < 3; ++i) draft.transactions.push_back(Secret(scene));
    for (const TransactionPtr& known : scene.Youngest(5)) draft.transactions.push_back(known);
    const BlockPtr block = scene.Build(draft);
    if (block == nullptr) return;
    scene.book.OnBlock(block);
    const size_t friends = scene.random.Below(scene.honest.size() + 1);
    friends_.assign(scene.honest.begin(),
                    scene.honest.begin() + static_cast<std::ptrdiff_t>(friends));
    scene.SendSome(scene.Propose(draft, block), 1000);
  }
  void OnMessage(const Scene& scene, ValidatorIndex from, const Message& message) override {
    if (std::ranges::count(friends_, from) > 0) Puppet::OnMessage(scene, from, message);
  }

 private:
  TransactionPtr Secret(const Scene& scene) {
    v1::Action action;
    const uint64_t provider = kProviderBase + scene.self.value();
    *action.mutable_submit()->mutable_filing() = MakeFiling({provider, 0, next_});
    return MakeTransaction(scene.genesis.chain_id,
                           {ClientKey(provider), kNonceBase + next_++,
                            scene.wall + kLifeMs, action});
  }
  View done_;
  uint64_t next_ = 0;
  std::vector<ValidatorIndex> friends_;
};

}  // namespace

std::unique_ptr<Puppet> MakeWithholder() { return std::make_unique<Withholder>(); }

}  // namespace beian::sim
