#include "sim/byzantine/puppet.h"
#include "sim/chain.h"

// In league with clients: their transactions with a second signature over the same body, given to
// some in batches and put into its blocks, alone or beside the first. Finds: a filing that takes
// effect twice, an index by octets where one by id is meant, replicas that differ in what is known.
namespace beian::sim {
namespace {

class SignedTwice : public Puppet {
 public:
  void Act(const Scene& scene) override {
    TransactionBatch batch;
    for (const TransactionPtr& known : scene.Youngest(3)) {
      batch.transactions.push_back(SignAgain(scene.genesis.chain_id, *known));
    }
    if (!batch.transactions.empty()) scene.SendSome(batch, 300);
    const auto view = OwnView(scene);
    if (!view || *view <= done_) return;
    done_ = *view;
    Scene::Draft draft{*view, scene.ParentBelow(*view), 0, batch.transactions};
    for (const TransactionPtr& known : scene.Youngest(10)) draft.transactions.push_back(known);
    const BlockPtr block = scene.Build(draft);
    if (block == nullptr) return;
    scene.book.OnBlock(block);
    Proposal proposal = scene.Propose(draft, block);
    if (scene.random.Chance(300) && !batch.transactions.empty()) Double(scene, proposal, batch);
    scene.SendSome(proposal, 900);
  }

 private:
  /// Both forms of one transaction in one list: invalid, and the same to everybody.
  static void Double(const Scene& scene, Proposal& proposal, const TransactionBatch& batch) {
    proposal.wire_ids.push_back(batch.transactions.front()->wire_id());
    Header& header = proposal.header;
    header.tx_count = static_cast<uint32_t>(proposal.wire_ids.size());
    header.tx_root = TransactionRoot(proposal.wire_ids);
    Statement statement = proposal.leader_vote.statement;
    statement.id = header.id();
    proposal.leader_vote = scene.Sign(statement);
  }
  View done_;
};

}  // namespace

std::unique_ptr<Puppet> MakeSignedTwice() { return std::make_unique<SignedTwice>(); }

}  // namespace beian::sim
