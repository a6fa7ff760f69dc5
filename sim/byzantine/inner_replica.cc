#include "sim/byzantine/inner_replica.h"

#include <algorithm>
#include <deque>

namespace beian::sim {

InnerReplica::InnerReplica(const Scene& scene) : store_(scene.genesis) {
  disk_.Append(EpochRecord{Epoch(0), scene.genesis.validators.hash(),
                           RootHeader(scene.genesis).id()});
  Start(scene);
}

Now InnerReplica::NowOf(const Scene& scene) {
  return {SteadyMs(scene.wall - scene.genesis.time), scene.wall};
}

void InnerReplica::Start(const Scene& scene) {
  ReplicaConfig config;
  config.self = scene.self;
  disk_.Sync();
  const Header tip = store_.Tip();
  SignatureOracle& oracle = scene.oracle;
  replica_ = std::make_unique<Replica>(
      config, scene.genesis, store_, tip, store_.ProofAt(tip.height),
      [&oracle, self = scene.self](BytesView message) { return oracle.Sign(self, message); },
      disk_.Load(scene.genesis.chain_id, scene.genesis.validators.size()));
  started_ = false;
}

void InnerReplica::Tick(const Scene& scene, const Say& say) {
  if (!started_) {
    started_ = true;
    Perform(scene, replica_->Start(NowOf(scene)), say);
    for (const ValidatorIndex peer : scene.honest) Run(scene, PeerUp{peer}, say);
  }
  Run(scene, beian::Tick{}, say);
  if (!replica_->status().observer) return;
  Start(scene);   // it met a vote of its own from elsewhere, and would be silent from now on
}

void InnerReplica::Hear(const Scene& scene, ValidatorIndex from, const Message& message,
                        const Say& say) {
  if (!started_ || !replica_->Wants(from, message)) return;
  Run(scene, PeerMessage{from, message, View(0)}, say);
}

void InnerReplica::Forget(const Scene& scene, const Say& say) {
  disk_.Lose();
  disk_.Append(EpochRecord{Epoch(0), scene.genesis.validators.hash(),
                           RootHeader(scene.genesis).id()});
  Start(scene);
  Tick(scene, say);
}

void InnerReplica::Run(const Scene& scene, const Event& event, const Say& say) {
  Perform(scene, replica_->Step(NowOf(scene), event), say);
}

void InnerReplica::Perform(const Scene& scene, Actions actions, const Say& say) {
  std::deque<Action> waiting(std::make_move_iterator(actions.begin()),
                             std::make_move_iterator(actions.end()));
  for (; !waiting.empty(); waiting.pop_front()) {
    const Action& action = waiting.front();
    if (const auto* append = std::get_if<AppendRecord>(&action)) {
      const auto* body = std::get_if<BlockRecord>(&append->record);
      if (body != nullptr) scene.book.OnBlock(body->block);
      if (!std::holds_alternative<ReentryRecord>(append->record)) disk_.Append(append->record);
    } else if (const auto* send = std::get_if<beian::Send>(&action)) {
      Send(scene, *send, say);
    } else if (const auto* serve = std::get_if<ServeBlocks>(&action)) {
      if (std::ranges::count(scene.honest, serve->to) > 0) {
        say(serve->to, MakeBlocksReply(store_, serve->request));
      }
    } else if (const auto* commit = std::get_if<CommitBlock>(&action)) {
      CHECK(store_.Commit(*commit).has_value());
      const Committed done{commit->block->header.height};
      for (Action& more : replica_->Step(NowOf(scene), done)) waiting.push_back(std::move(more));
    } else if (const auto* prune = std::get_if<PruneLog>(&action)) {
      disk_.Sync();
      disk_.Prune(prune->below);
    }
  }
}

void InnerReplica::Send(const Scene& scene, const beian::Send& send, const Say& say) const {
  for (const ValidatorIndex to : scene.honest) {
    if (!send.to || *send.to == to) say(to, send.message);
  }
}

}  // namespace beian::sim
